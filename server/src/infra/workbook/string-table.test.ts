import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, describe, expect, it } from 'vitest';
import { buildXlsx, Scratch } from '../../../test/xlsx.ts';
import { LENGTH_SHIFT, RowBatch, WIDE } from './batch.ts';
import { openWorkbook, type Row } from './index.ts';
import { StringTable } from './string-table.ts';

const scratch = new Scratch();
afterAll(() => scratch.remove());

/** Far below what the strings of these tests take, so that nearly all of them are on disk. */
const STRING_MEMORY = 256 * 1024;
const COUNT = 40_000;

/** Strings of all lengths and both kinds, each once: ASCII, Chinese, mixed, empty, and the longest that a cell may have. */
function stringAt(index: number): string {
  if (index % 1000 === 999) return (index % 2000 === 999 ? '长' : 'x').repeat(32_760) + String(index).padStart(7, '0');
  if (index % 97 === 0) return '';
  const text = ['plain', '登记', 'mixed 混合 ', '😀'][index % 4] as string;
  return text.repeat(1 + (index % 13)) + index;
}

function tableOf(): StringTable {
  const table = new StringTable('strings', { cellChars: 32_767, strings: COUNT, stringMemory: STRING_MEMORY });
  for (let i = 0; i < COUNT; i++) table.put(stringAt(i));
  table.finish();
  return table;
}

/** Texts are copied to its beginning each time: nothing takes the room. */
const batch = new RowBatch();

function read(table: StringTable, index: number): string {
  const code = table.copy(index, batch);
  const length = code >>> LENGTH_SHIFT;
  const bytes = (code & WIDE) === 0 ? batch.narrow.subarray(0, length) : batch.wide.subarray(0, length);
  return Buffer.from(bytes.buffer, 0, bytes.byteLength).toString((code & WIDE) === 0 ? 'latin1' : 'utf16le');
}

const left = async (): Promise<string[]> =>
  (await readdir(tmpdir())).filter((name) => name.startsWith('dengji-strings'));

describe('shared strings that do not fit in memory', () => {
  it.each<[string, (i: number) => number]>([
    ['in their order', (i) => i],
    ['backwards', (i) => COUNT - 1 - i],
    ['here and there', (i) => (i * 7919) % COUNT],
  ])('are read %s', (_name, order) => {
    const table = tableOf();
    const wrong: number[] = [];
    for (let i = 0; i < COUNT; i += 3) if (read(table, order(i)) !== stringAt(order(i))) wrong.push(order(i));
    expect(wrong).toEqual([]);
    expect(() => read(table, COUNT)).toThrow('string_index');
    table.close();
    table.close();
  });

  it('have a file without a name: not even a killed process leaves one', async () => {
    const table = tableOf();
    expect(await left()).toEqual([]);
    expect(read(table, 123)).toBe(stringAt(123));
    table.close();
    expect(await left()).toEqual([]);
  });

  it('come out of a workbook, whatever its cells ask for and however often', async () => {
    const strings = Array.from({ length: 9000 }, (_, i) => `<si><t xml:space="preserve">${stringAt(i)}</t></si>`);
    const asked = (row: number): number[] => [row % 5, (row * 31) % 9000, 8999 - (row % 9000), row % 700];
    const data = Array.from({ length: 9000 }, (_, row) => {
      const cells = asked(row).map((index) => `<c t="s"><v>${index}</v></c>`);
      return `<row r="${row + 1}">${cells.join('')}</row>`;
    });
    const path = await scratch.file(buildXlsx({ sheets: [data.join('')], strings: strings.join('') }));
    const reader = await openWorkbook(path, { stringMemory: STRING_MEMORY });
    const wrong: number[] = [];
    const check = ({ number, cells }: Row): void => {
      const texts = asked(number - 1).map(stringAt);
      if (texts.some((text, column) => (cells[column]?.text ?? '') !== text)) wrong.push(number);
    };
    for await (const rows of reader.rows(0)) rows.forEach(check);
    expect(wrong).toEqual([]);
    await reader.close();
  });

  it('are refused when there are too many, or one is too long', () => {
    const table = new StringTable('strings', { cellChars: 10, strings: 2, stringMemory: STRING_MEMORY });
    expect(() => table.put('x'.repeat(11))).toThrow('file_bomb');
    table.put('a');
    table.put('b');
    expect(() => table.put('c')).toThrow('file_too_large');
    table.close();
  });
});
