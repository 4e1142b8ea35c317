import ExcelJS from 'exceljs';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { allRows, Scratch } from '../../../test/xlsx.ts';
import { createWorkbookWriter, openWorkbook, type Row } from './index.ts';
import { createWriteStream } from 'node:fs';

const scratch = new Scratch();
afterAll(() => scratch.remove());

// eslint-disable-next-line no-control-regex -- characters that no workbook holds
const holdable = (text: string): boolean =>
  !/[\u0000-\u0008\u000b-\u001f\u007f\ufffe\uffff]/.test(text) && !/_x[0-9a-f]{4}_/i.test(text);
const text = fc.string({ unit: 'grapheme', maxLength: 40 }).filter(holdable);
const chinese = fc.string({ unit: fc.constantFrom(...Array.from('登记姓名证件𠮷😀<&>"\' 一二三')), maxLength: 30 });
const date = fc
  .date({ min: new Date('1900-03-01'), max: new Date('9999-12-30'), noInvalidDate: true })
  .map((d) => new Date(Math.floor(d.getTime() / 1000) * 1000));
const cell = fc.oneof(
  text,
  chinese,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  date,
  fc.constant(null),
  fc.record(
    {
      richText: fc.array(
        chinese.map((run) => ({ text: run })),
        { minLength: 1, maxLength: 3 },
      ),
    },
    { noNullPrototype: true },
  ),
  fc.record(
    {
      formula: fc.constant('A1'),
      result: fc.oneof(
        chinese.filter((t) => t !== ''),
        fc.integer(),
      ),
    },
    { noNullPrototype: true },
  ),
  fc.constantFrom({ error: '#N/A' as const }, { error: '#DIV/0!' as const }),
);
const table = fc.array(fc.array(cell, { maxLength: 8 }), { minLength: 1, maxLength: 12 });

/** What exceljs read, in this reader's words; numbers are compared as numbers below. */
function words(value: ExcelJS.CellValue): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString().slice(0, 19).replace('T', ' ').replace(' 00:00:00', '');
  if (typeof value === 'object') {
    if ('richText' in value) return value.richText.map((run) => run.text).join('');
    if ('error' in value) return value.error;
    if ('result' in value) return words(value.result as ExcelJS.CellValue);
    return '';
  }
  return typeof value === 'boolean' ? String(value).toUpperCase() : String(value);
}

async function exceljsRows(path: string): Promise<Map<number, string[]>> {
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(path);
  const rows = new Map<number, string[]>();
  book.worksheets[0]?.eachRow((row, number) => {
    const values: string[] = [];
    row.eachCell({ includeEmpty: true }, ({ value }, column) => (values[column - 1] = words(value)));
    while (values.at(-1) === '') values.pop();
    if (values.length > 0) rows.set(number, values);
  });
  return rows;
}

async function ourRows(path: string): Promise<Row[]> {
  const reader = await openWorkbook(path);
  return allRows(reader).finally(() => reader.close());
}

/** Both in one form: numbers are compared as numbers, since exceljs keeps no text of them. */
function comparable(rows: Row[]): [number, (string | number)[]][] {
  return rows.map(({ number, cells }) => [
    number,
    cells.map((found) => (found.type === 'number' ? Number(found.text) : found.text)),
  ]);
}

function likeOurs(theirs: Map<number, string[]>, ours: Row[]): [number, (string | number)[]][] {
  return [...theirs].map(([number, values], i) => [
    number,
    values.map((value, column) => (ours[i]?.cells[column]?.type === 'number' ? Number(value) + 0 : value)),
  ]);
}

describe('reads exactly what exceljs reads', () => {
  it.each([true, false])('out of files that exceljs wrote with shared strings: %s', async (useSharedStrings) => {
    await fc.assert(
      fc.asyncProperty(table, fc.boolean(), async (rows, date1904) => {
        const path = await scratch.path('random.xlsx');
        if (useSharedStrings) {
          const book = new ExcelJS.Workbook();
          book.properties.date1904 = date1904;
          const sheet = book.addWorksheet('表');
          for (const row of rows) sheet.addRow(row as ExcelJS.CellValue[]);
          await book.xlsx.writeFile(path);
        } else {
          const book = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: path, useStyles: true });
          const sheet = book.addWorksheet('表');
          for (const row of rows) sheet.addRow(row as ExcelJS.CellValue[]).commit();
          await book.commit();
        }
        const ours = await ourRows(path);
        expect(comparable(ours)).toEqual(likeOurs(await exceljsRows(path), ours));
      }),
      { seed: 20260101, numRuns: 25 },
    );
  });

  it('and exceljs reads what our writer wrote', async () => {
    const input = fc.array(
      fc.array(
        fc.oneof(
          text,
          chinese,
          fc.integer(),
          fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e14, max: 1e14 }),
          fc.constant(null),
        ),
        { maxLength: 6 },
      ),
      { maxLength: 10 },
    );
    await fc.assert(
      fc.asyncProperty(input, async (rows) => {
        const path = await scratch.path('ours.xlsx');
        const writer = createWorkbookWriter(createWriteStream(path));
        const sheet = writer.sheet('表', { columns: [{ header: '甲' }] });
        for (const row of rows) await sheet.row(row);
        await writer.close();
        const theirs = await exceljsRows(path);
        const ours = await ourRows(path);
        expect(comparable(ours)).toEqual(likeOurs(theirs, ours));
        const plain = (value: string | number | null): string => String(value ?? '');
        const given = rows.map((row) => row.map(plain).join('|').replace(/\|+$/, ''));
        expect(rows.map((_row, i) => (theirs.get(i + 2) ?? []).join('|').replace(/\|+$/, ''))).toEqual(given);
      }),
      { seed: 7, numRuns: 15 },
    );
  });
});
