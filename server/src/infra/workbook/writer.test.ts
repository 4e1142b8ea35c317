import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { PassThrough, Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import zlib from 'node:zlib';
import { afterAll, describe, expect, it, vi } from 'vitest';
import ExcelJS from 'exceljs';
import { allRows, allTexts, partXml, Scratch } from '../../../test/xlsx.ts';
import { cleanText, createWorkbookWriter, openWorkbook, sheetName, type CellInput, type TableReader } from './index.ts';

const scratch = new Scratch();
afterAll(() => scratch.remove());

async function written(
  rows: unknown[][],
  columns = [{ header: '甲' }],
): Promise<{ reader: TableReader; path: string }> {
  const path = await scratch.path();
  const writer = createWorkbookWriter(createWriteStream(path));
  const sheet = writer.sheet('表', { columns });
  for (const row of rows) await sheet.row(row as CellInput[]);
  await writer.close();
  return { reader: await openWorkbook(path), path };
}

describe('the writer', () => {
  it('writes text and numbers exactly, headers bold and frozen, text columns as text', async () => {
    const row = [
      ' 张三\r\n😀<&>"\'',
      '007',
      36.6,
      -0.000001,
      null,
      '',
      '_x000D_',
      110101199003074500,
      Number.NaN,
      1e300,
    ];
    const { reader, path } = await written(
      [row],
      [{ header: '姓名' }, { header: '号', textFormat: true, width: 30 } as never],
    );
    const rows = await allRows(reader);
    expect(rows[0]?.cells.map(({ text }) => text)).toEqual(['姓名', '号']);
    expect(rows[1]?.cells.map(({ type, text }) => [type, text])).toEqual([
      ['text', ' 张三\r\n😀<&>"\''],
      ['text', '007'],
      ['number', '36.6'],
      ['number', '-0.000001'],
      ['empty', ''],
      ['empty', ''],
      ['text', '_x000D_'],
      ['text', '110101199003074500'],
      ['empty', ''],
      ['text', `1${'0'.repeat(300)}`],
    ]);
    const xml = await partXml(path, 'xl/worksheets/sheet1.xml');
    expect(xml).toContain('<pane ySplit="1"');
    expect(xml).toMatch(/<col min="2" max="2" width="30" style="\d"/);
    expect(await partXml(path, 'xl/styles.xml')).toMatch(/numFmtId="49"|formatCode="@"/);
    await reader.close();
  });

  it('marks cells that something is wrong with, also empty ones', async () => {
    const { reader, path } = await written([['a', { marked: ' =1<2 ' }, { marked: '' }, 'd']], []);
    const [row] = await allRows(reader);
    expect(row?.cells.map(({ text }) => text)).toEqual(['a', ' =1<2 ', '', 'd']);
    const xml = await partXml(path, 'xl/worksheets/sheet1.xml');
    expect(xml).toContain(
      '<c r="B1" s="3" t="inlineStr"><is><t xml:space="preserve"> =1&lt;2 </t></is></c><c r="C1" s="3"></c>',
    );
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(path);
    const fills = [1, 2, 3, 4].map(
      (column) => (book.worksheets[0]!.getCell(1, column).fill as ExcelJS.FillPattern | undefined)?.pattern,
    );
    expect(fills.map((fill) => fill === 'solid')).toEqual([false, true, true, false]);
    await reader.close();
  });

  it('never writes a formula or a link, whatever it is given', async () => {
    const starts = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1', '=HYPERLINK("http://x")', '{=1}'];
    const objects = [
      { formula: '1+1' },
      { hyperlink: 'javascript:alert(1)', text: 'x' },
      { richText: [] },
      { error: '#N/A' },
      new Date(0),
      true,
      ['a'],
    ];
    const { reader, path } = await written([starts, objects]);
    const xml = await partXml(path, 'xl/worksheets/sheet1.xml');
    expect(xml).not.toMatch(/<f[ >/]|<hyperlink|\st="(?!inlineStr)/);
    const rows = await allRows(reader);
    expect(rows[1]?.cells.map(({ text }) => text)).toEqual(starts);
    expect(rows[2]?.cells[0]?.text).toBe('{"formula":"1+1"}');
    expect(rows[2]?.cells.every(({ type }) => type === 'text')).toBe(true);
    await reader.close();
  });

  it('keeps every text that XML can hold: spaces, line ends, markup, and what looks like an escape', async () => {
    const texts = [
      ...[' a', 'a ', '\u3000全角\u3000', '\ta\n', 'a\nb', 'a\rb', 'a\r\nb', ']]>', '&amp;', '<b>"\'', '𠮷😀'],
      ...['_x0041_', '_x005F_', '_x005F\r', '_x000D_\r_x', 'a_b', '_x', '_', '\u0085\u2028\u00a0'],
    ];
    const { reader, path } = await written([texts]);
    const [, row] = await allRows(reader);
    expect(row?.cells.map(({ text }) => text)).toEqual(texts);
    const xml = await partXml(path, 'xl/worksheets/sheet1.xml');
    expect(xml).toContain('<t xml:space="preserve"> a</t>');
    expect(xml).toContain('a&#13;\nb');
    await reader.close();
  });

  it('tells the kind of file in its first parts, and lets readers filter by the headers', async () => {
    const { reader, path } = await written([['x'], ['y']], [{ header: 'a' }, { header: "b'" }]);
    const bytes = await readFile(path);
    const names = [...bytes.toString('latin1').matchAll(/PK\x03\x04.{22}(.)\0..([\w./[\]]+)/gs)].map(
      ([, length, name]) => name!.slice(0, length!.charCodeAt(0)),
    );
    expect(names.slice(0, 4)).toEqual(['_rels/.rels', 'docProps/app.xml', 'xl/styles.xml', 'xl/worksheets/sheet1.xml']);
    expect(await partXml(path, 'xl/worksheets/sheet1.xml')).toContain('</sheetData><autoFilter ref="A1:B3"/>');
    expect(await partXml(path, 'xl/workbook.xml')).toContain(`localSheetId="0" hidden="1">'表'!$A$1:$B$3<`);
    await reader.close();
  });

  it('takes a row that is larger than its buffer, and nothing of a row that it refuses', async () => {
    const wide = Array.from({ length: 16_384 }, (_, i) => (i % 2 ? i : `格${i}`));
    const long = Array.from({ length: 8 }, () => '\r'.repeat(32_767));
    const path = await scratch.path();
    const writer = createWorkbookWriter(createWriteStream(path));
    const sheet = writer.sheet('大', { columns: [] });
    await sheet.row(wide);
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    await expect(sheet.row(['half', circular as never])).rejects.toThrow('circular');
    await expect(sheet.row([...wide, 1])).rejects.toThrow('16384');
    await sheet.row(long);
    await writer.close();
    const reader = await openWorkbook(path);
    const texts = await allTexts(reader);
    expect(Object.keys(texts)).toEqual(['1', '2']);
    expect(texts[1]).toEqual(wide.map(String));
    expect(texts[2]).toEqual(long);
    await reader.close();
  });

  it('cleans what XML cannot hold and cuts what a cell cannot', () => {
    expect(cleanText('a\u0000\u0008b\ud800c\uffff😀')).toBe('abc😀');
    expect(cleanText('长'.repeat(40_000))).toBe(`${'长'.repeat(32_766)}…`);
    expect(cleanText('😀'.repeat(20_000))).toBe(`${'😀'.repeat(16_383)}…`);
  });

  it('makes sheet names valid and unique', () => {
    expect(sheetName("'a/b\\c?d*[e]:'")).toBe('a b c d  e');
    expect(sheetName('')).toBe('Sheet');
    expect(sheetName('History')).toBe('History (2)');
    expect(sheetName('甲'.repeat(40))).toBe('甲'.repeat(31));
    expect(sheetName('甲'.repeat(40), ['甲'.repeat(31)])).toBe(`${'甲'.repeat(27)} (2)`);
    expect(sheetName('A', ['a', 'A (2)'])).toBe('A (3)');
    expect(sheetName(`${'x'.repeat(30)}😀`)).toBe('x'.repeat(30));
  });

  it('writes several sheets one after another, and an empty workbook', async () => {
    const path = await scratch.path();
    const writer = createWorkbookWriter(createWriteStream(path), { level: 1 });
    for (const name of ['表', '表', 'a:b']) {
      const sheet = writer.sheet(name, { columns: [], frozenRows: 0 });
      await sheet.row([name]);
      expect(() => writer.sheet('too early', { columns: [] })).toThrow('close the open sheet');
      await sheet.close();
      await expect(sheet.row([1])).rejects.toThrow('closed');
    }
    await writer.close();
    const reader = await openWorkbook(path);
    expect(reader.sheets.map(({ name }) => name)).toEqual(['表', '表 (2)', 'a b']);
    expect(await allTexts(reader, 2)).toEqual({ 1: ['a:b'] });
    await reader.close();
    const empty = await scratch.path();
    await createWorkbookWriter(createWriteStream(empty)).close();
    const nothing = await openWorkbook(empty);
    expect(await allRows(nothing)).toEqual([]);
    await nothing.close();
  });

  it('goes on in a next sheet when one is full', async () => {
    const path = await scratch.path();
    const writer = createWorkbookWriter(createWriteStream(path), { maxRows: 3 });
    const sheet = writer.sheet('名单', { columns: [{ header: '号' }] });
    for (let i = 1; i <= 5; i++) await sheet.row([i]);
    await writer.close();
    const reader = await openWorkbook(path);
    expect(reader.sheets.map(({ name }) => name)).toEqual(['名单', '名单 (2)', '名单 (3)']);
    expect(await allTexts(reader, 0)).toEqual({ 1: ['号'], 2: ['1'], 3: ['2'] });
    expect(await allTexts(reader, 2)).toEqual({ 1: ['号'], 2: ['5'] });
    await reader.close();
  });

  it('goes on in a next sheet before one is larger than our reader takes', async () => {
    const path = await scratch.path();
    const writer = createWorkbookWriter(createWriteStream(path), { maxBytes: 300_000 });
    const sheet = writer.sheet('宽', { columns: [{ header: '号' }] });
    for (let i = 0; i < 10; i++) await sheet.row([i, 'x'.repeat(30_000), 'y'.repeat(30_000)]);
    await writer.close();
    const reader = await openWorkbook(path);
    expect(reader.sheets.length).toBeGreaterThan(1);
    const numbers: string[] = [];
    for (const { name } of reader.sheets) {
      const [header, ...rows] = await allRows(reader, name);
      expect(header?.cells[0]?.text).toBe('号');
      numbers.push(...rows.map(({ cells }) => cells[0]!.text));
    }
    expect(numbers).toEqual(Array.from({ length: 10 }, (_, i) => `${i}`));
    await reader.close();
  });
});

describe('backpressure', () => {
  const row = Array.from({ length: 20 }, (_, i) => `登记数据${i}`);
  const anyRow = (): string[] => row.map((text) => text + Math.random().toFixed(18));
  /** Bytes that may lie in buffers between a producer and its output, and what a row has at least. */
  const BETWEEN = 1024 * 1024;
  const ROW_BYTES = 20 * (30 + 13 + 20 + 13);

  it('waits for a slow output and keeps little in memory', async () => {
    let taken = 0;
    const slow = new Writable({
      highWaterMark: 1024,
      write: (chunk: Buffer, _encoding, done) => {
        taken += chunk.length;
        setTimeout(done, 1);
      },
    });
    const writer = createWorkbookWriter(slow, { level: 0 });
    const sheet = writer.sheet('慢', { columns: [] });
    for (let rows = 0; rows < 5_000; rows++) {
      await sheet.row(anyRow());
      expect(rows * ROW_BYTES - taken).toBeLessThan(BETWEEN);
    }
    slow.destroy();
    await expect(sheet.close()).rejects.toThrow('closed before');
  });

  it('stops when the output stops: nothing is produced, nothing piles up; an abort frees the memory of zlib', async () => {
    const deflates = vi.spyOn(zlib, 'createDeflateRaw');
    const stuck = new PassThrough({ highWaterMark: 1024 });
    const stop = new AbortController();
    const writer = createWorkbookWriter(stuck, { signal: stop.signal, level: 0 });
    const sheet = writer.sheet('停', { columns: [] });
    let rows = 0;
    const produce = (async () => {
      for (;;) {
        await sheet.row(anyRow());
        rows++;
      }
    })();
    produce.catch(() => undefined);
    for (let still = 0, before = -1; still < 500; still = rows === before ? still + 1 : 0) {
      before = rows;
      await turn();
    }
    expect(rows * ROW_BYTES).toBeLessThan(BETWEEN);
    stop.abort(new Error('the client has left'));
    await expect(produce).rejects.toThrow('the client has left');
    await expect(writer.close()).rejects.toThrow('the client has left');
    expect(stuck.destroyed).toBe(true);
    expect(() => writer.sheet('x', { columns: [] })).toThrow('the client has left');
    expect(deflates.mock.results.map(({ value }) => (value as zlib.DeflateRaw).destroyed)).toEqual([true]);
    deflates.mockRestore();
  });

  it('lets other work of the process through every few hundred rows', async () => {
    const writer = createWorkbookWriter(new PassThrough().resume(), { level: 1 });
    const sheet = writer.sheet('快', { columns: [] });
    let rows = 0;
    let longest = 0;
    let last = 0;
    let done = false;
    const others = (async () => {
      while (!done) {
        await turn();
        longest = Math.max(longest, rows - last);
        last = rows;
      }
    })();
    for (; rows < 10_000; rows++) await sheet.row(row);
    await writer.close();
    done = true;
    await others;
    // Two buffers of 128 KiB, and a row here has more than 1 KB.
    expect(longest).toBeLessThan(400);
  });

  it('rejects when the output fails or closes early', async () => {
    for (const end of [
      (out: PassThrough) => out.destroy(),
      (out: PassThrough) => out.destroy(new Error('disk full')),
    ]) {
      const out = new PassThrough();
      const writer = createWorkbookWriter(out);
      const sheet = writer.sheet('断', { columns: [] });
      await sheet.row(['x']);
      setImmediate(() => end(out));
      const produce = async (): Promise<void> => {
        for (;;) await sheet.row(row);
      };
      await expect(produce()).rejects.toThrow(/disk full|closed before/);
      await expect(writer.close()).rejects.toThrow(/disk full|closed before/);
    }
  });

  it('an abort before the start writes nothing', async () => {
    const path = await scratch.path();
    const out = createWriteStream(path);
    expect(() => createWorkbookWriter(out, { signal: AbortSignal.abort(new Error('gone')) })).toThrow('gone');
    out.end();
    await once(out, 'close');
    expect((await readFile(path)).length).toBe(0);
  });
});
