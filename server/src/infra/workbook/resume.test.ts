import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildZip } from '../../../test/zip.ts';
import { xlsxParts } from '../../../test/xlsx.ts';
import { openTable, type Row } from './index.ts';

const ROWS = 300;
const inline = (row: number) =>
  `<row r="${row}"><c r="A${row}" t="inlineStr"><is><t>第 ${row} 行 &lt;/row&gt;</t></is></c><c r="B${row}"><v>${row}</v></c></row>`;
const shared = (row: number) => `<row r="${row}"><c r="A${row}" t="s"><v>${row % 7}</v></c><!-- </row> --></row>`;
const rowsOf = (one: (row: number) => string) => Array.from({ length: ROWS }, (_, at) => one(at + 1)).join('');

describe('reading on from a row', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dengji-resume-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function read(path: string, from: number, chunkBytes: number): Promise<Row[]> {
    const reader = await openTable(path, { chunkBytes });
    const found: Row[] = [];
    try {
      for await (const rows of reader.rows(0, { from })) found.push(...structuredClone(rows));
    } finally {
      await reader.close();
    }
    return found;
  }

  it.each([
    ['inline texts', () => buildZip(xlsxParts({ sheets: [rowsOf(inline)] }))],
    [
      'shared strings and comments',
      () => buildZip(xlsxParts({ sheets: [rowsOf(shared)], strings: '<si><t>字</t></si>'.repeat(7) })),
    ],
    ['CSV', () => Buffer.from(Array.from({ length: ROWS }, (_, at) => `"第 ${at + 1}\n行",${at + 1}`).join('\r\n'))],
  ])('gives the rest of all rows, wherever the pieces are cut: %s', async (_name, make) => {
    const path = join(folder, 'file');
    await writeFile(path, make());
    const all = await read(path, 1, 256 * 1024);
    expect(all).toHaveLength(ROWS);
    for (const chunkBytes of [500, 5_000, 256 * 1024])
      for (const from of [1, 2, 150, ROWS, ROWS + 1])
        expect(await read(path, from, chunkBytes), `from ${from} in pieces of ${chunkBytes}`).toEqual(
          all.filter(({ number }) => number >= from),
        );
  });
});
