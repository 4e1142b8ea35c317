import { createWriteStream } from 'node:fs';
import ExcelJS from 'exceljs';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { allRows, Scratch } from '../../../test/xlsx.ts';
import { cleanText, createWorkbookWriter, openWorkbook, type CellInput } from './index.ts';
import { storedText } from './clean.ts';
import { plainDecimal } from './numbers.ts';

const scratch = new Scratch();
afterAll(() => scratch.remove());

/** What breaks writers: markup, escapes of the format, line ends, spaces at the ends, halves of characters, what XML forbids. */
const ODD = [
  ...Array.from('_xX005FD41 \t\n\r\u3000&<>"\'=+@-;]/登记'),
  ...[
    '_x0041_',
    '_x000D_',
    '\r\n',
    '😀',
    '𠮷',
    '\ud83d',
    '\ude00',
    '\u0000',
    '\u000b',
    '\u007f',
    '\u0085',
    '\u2028',
    '\ufffe',
  ],
];
const value: fc.Arbitrary<CellInput> = fc.oneof(
  { arbitrary: fc.string({ unit: fc.constantFrom(...ODD), maxLength: 12 }), weight: 4 },
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.integer(),
  fc.double(),
  fc.constantFrom<CellInput>(
    null,
    undefined,
    '',
    Number.NaN,
    Infinity,
    -0,
    1e15,
    999_999_999_999_999,
    110_101_199_003_074_500,
    '007',
  ),
);
const table = fc.array(fc.array(value, { maxLength: 6 }), { minLength: 20, maxLength: 60 });

async function writeOurs(rows: CellInput[][], level: number): Promise<string> {
  const path = await scratch.path('ours.xlsx');
  const writer = createWorkbookWriter(createWriteStream(path), { level });
  const sheet = writer.sheet('表', { columns: [{ header: '甲', textFormat: true }, { header: '乙' }] });
  for (const row of rows) await sheet.row(row);
  await writer.close();
  return path;
}

/** The same rows, each value in the form in which exceljs keeps it. */
async function writeReference(rows: CellInput[][]): Promise<string> {
  const path = await scratch.path('reference.xlsx');
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: path, useStyles: true });
  const sheet = book.addWorksheet('表');
  sheet.addRow(['甲', '乙']).commit();
  for (const row of rows) sheet.addRow(row.map(kept)).commit();
  await book.commit();
  return path;
}

function kept(input: CellInput): ExcelJS.CellValue {
  if (typeof input === 'number' && Number.isFinite(input) && Math.abs(input) < 1e15) return input;
  const text = storedText(told(input));
  return text === '' ? null : { richText: [{ text }] };
}

/** What a reader must be told of a value. */
function told(input: CellInput): string {
  if (typeof input === 'number') return Number.isFinite(input) ? plainDecimal(input) : '';
  return cleanText(typeof input === 'object' ? (input?.marked ?? '') : (input ?? ''));
}

/** Without empty cells at the end, which say nothing. */
function trimmed(cells: string[]): string[] {
  return cells.slice(0, cells.findLastIndex((text) => text !== '') + 1);
}

async function byOurReader(path: string): Promise<[number, string[]][]> {
  const reader = await openWorkbook(path);
  const rows = await allRows(reader);
  await reader.close();
  return rows.map(({ number, cells }) => [
    number,
    trimmed(cells.map(({ type, text }) => (text ? `${type} ${text}` : ''))),
  ]);
}

async function byExceljs(path: string): Promise<[number, string[]][]> {
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(path);
  const rows: [number, string[]][] = [];
  book.worksheets[0]?.eachRow((row, number) => {
    const texts: string[] = [];
    row.eachCell({ includeEmpty: true }, (cell, column) => (texts[column - 1] = textIn(cell.value)));
    if (trimmed(texts).length > 0) rows.push([number, trimmed(texts)]);
  });
  return rows;
}

function textIn(found: ExcelJS.CellValue): string {
  if (typeof found === 'number') return `number ${found}`;
  const text =
    typeof found === 'object' && found && 'richText' in found
      ? found.richText.map((run) => run.text).join('')
      : (found ?? '');
  return text === '' ? '' : `text ${text as string}`;
}

describe('writes what exceljs writes', () => {
  it('as this reader and exceljs read it, cell by cell, whatever the text', async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.constantFrom(1, 6), async (rows, level) => {
        const [ours, reference] = await Promise.all([writeOurs(rows, level), writeReference(rows)]);
        const expected = [['甲', '乙'], ...rows].map((row) =>
          trimmed(
            row.map((input) => {
              const text = told(input);
              return text && `${typeof input === 'number' && Math.abs(input) < 1e15 ? 'number' : 'text'} ${text}`;
            }),
          ),
        );
        const read = await byOurReader(ours);
        expect(read).toEqual(expected.flatMap((cells, i) => (cells.length > 0 ? [[i + 1, cells]] : [])));
        expect(read).toEqual(await byOurReader(reference));
        expect(await byExceljs(ours)).toEqual(await byExceljs(reference));
      }),
      { seed: 20261121, numRuns: 10 },
    );
  });
});
