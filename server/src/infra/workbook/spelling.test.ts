import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { modelSheet, type ModelSheet } from '../../../test/sheet-model.ts';
import { allRows, Scratch, xlsxParts } from '../../../test/xlsx.ts';
import { buildZip } from '../../../test/zip.ts';
import { openInWorker, openWorkbook, type Row } from './index.ts';

const scratch = new Scratch();
afterAll(() => scratch.remove());

async function write({ data, strings }: ModelSheet, stored: boolean, name: string): Promise<string> {
  const parts = xlsxParts({ sheets: [data], strings, formats: ['yyyy-mm-dd'] });
  return scratch.file(buildZip(parts.map((part) => ({ ...part, stored }))), name);
}

async function read(path: string, chunkBytes: number, from = 1): Promise<Row[]> {
  const reader = await openWorkbook(path, { chunkBytes });
  const rows: Row[] = [];
  try {
    for await (const batch of reader.rows(0, { from })) rows.push(...batch);
  } finally {
    await reader.close();
  }
  return rows;
}

/** Cells that are nothing are one object in the reader and another one in the model. */
const plain = (rows: readonly Row[]): unknown => structuredClone(rows);

describe('a sheet means the same in every spelling that the format allows', () => {
  it('wherever its pieces are cut, and wherever reading begins', async () => {
    await fc.assert(
      fc.asyncProperty(
        modelSheet,
        fc.boolean(),
        fc.integer({ min: 64, max: 3000 }),
        fc.nat(60),
        async (sheet, stored, chunkBytes, from) => {
          const path = await write(sheet, stored, 'model.xlsx');
          for (const bytes of [512 * 1024, chunkBytes, 64])
            expect(plain(await read(path, bytes)), `pieces of ${bytes}`).toEqual(plain(sheet.rows));
          const rest = sheet.rows.filter(({ number }) => number >= from);
          expect(plain(await read(path, chunkBytes, from)), `from ${from}`).toEqual(plain(rest));
        },
      ),
      { seed: 20261121, numRuns: 100 },
    );
  }, 120_000);

  it('also in the reading thread', async () => {
    const [sheet] = fc.sample(modelSheet, { seed: 5, numRuns: 1 }) as [ModelSheet];
    const reader = await openInWorker(await write(sheet, false, 'thread.xlsx'), { limits: { chunkBytes: 100 } });
    expect(plain(await allRows(reader))).toEqual(plain(sheet.rows));
    await reader.close();
  });
});
