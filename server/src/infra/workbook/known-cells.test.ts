import { expect, it } from 'vitest';
import { RowBatch } from './batch.ts';
import { KnownCells, stringPlace } from './known-cells.ts';
import { SharedCells } from './shared-cells.ts';
import { StringTable } from './string-table.ts';
import { Unpacker } from './unpack.ts';

/** Strings this far apart ask for the same place. */
const APART = 2 ** 18;

it('strings that fight for one place are right in every batch, and one that stays is one object', () => {
  expect(stringPlace(3)).toBe(stringPlace(3 + APART));
  const table = new StringTable('strings', { cellChars: 100, strings: 2 * APART, stringMemory: 2 ** 23 });
  for (let i = 0; i < APART + 10; i++) table.put(`字${i}`);
  table.finish();
  const batch = new RowBatch();
  const known = new KnownCells(batch);
  const shared = new SharedCells(table, batch, known);
  const unpacker = new Unpacker();
  const rows: number[][] = [
    [3, 3, 3, 3 + APART, 3],
    [3, 3 + APART, 3 + APART, 4],
    [3 + APART, 3, 3 + APART, 4],
    [4, 4 + APART, 3, 4],
    [4, 4, 4, 4],
    [4, 4],
  ];
  const found = rows.map((indexes, number) => {
    indexes.forEach((index, column) => shared.put(column, index));
    batch.endRow(number + 1);
    known.endBatch();
    return unpacker.rows(batch.take())[0]?.cells ?? [];
  });
  expect(found.map((cells) => cells.map(({ text }) => text))).toEqual(
    rows.map((indexes) => indexes.map((index) => `字${index}`)),
  );
  expect(found[5]?.[0]).toBe(found[5]?.[1]);
  expect(found[5]?.[0]).toBe(found[4]?.[3]);
  table.close();
});
