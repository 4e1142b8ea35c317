import { createRequire } from 'node:module';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { PassThrough, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
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
});

describe('backpressure', () => {
  const row = Array.from({ length: 20 }, (_, i) => `登记数据${i}`);

  it('is the private drain of exactly this exceljs', () => {
    const { version } = createRequire(import.meta.url)('exceljs/package.json') as { version: string };
    expect(version).toBe('4.4.0');
  });

  it('waits for a slow output and keeps little in memory', async () => {
    let taken = 0;
    const slow = new Writable({
      highWaterMark: 1024,
      write: (chunk: Buffer, _encoding, done) => {
        taken += chunk.length;
        setTimeout(done, 5);
      },
    });
    const writer = createWorkbookWriter(slow, { level: 1 });
    const sheet = writer.sheet('慢', { columns: [] });
    let rows = 0;
    const start = performance.now();
    while (performance.now() - start < 1500) {
      await sheet.row(row.map((text) => text + Math.random()));
      rows++;
    }
    // About 300 writes of at most 16 KiB got through; what is queued is bounded by a few buffers of 64 KiB.
    expect(rows).toBeGreaterThan(100);
    expect(rows * 20 * 60).toBeLessThan(taken * 20 + 4 * 1024 * 1024);
    slow.destroy();
    await expect(sheet.close()).rejects.toThrow('closed before');
  });

  it('stops when the output stops: nothing is produced, nothing piles up', async () => {
    const stuck = new PassThrough({ highWaterMark: 1024 });
    const stop = new AbortController();
    const writer = createWorkbookWriter(stuck, { signal: stop.signal, level: 0 });
    const sheet = writer.sheet('停', { columns: [] });
    let rows = 0;
    const produce = (async () => {
      for (;;) {
        await sheet.row(row.map((text) => text + Math.random()));
        rows++;
      }
    })();
    produce.catch(() => undefined);
    let before = -1;
    while (rows !== before) {
      before = rows;
      await sleep(400);
    }
    // The zip holds up to 1 MiB of bytes, which is some thousand rows; then it stands still.
    expect(rows).toBeLessThan(20_000);
    stop.abort(new Error('the client has left'));
    await expect(produce).rejects.toThrow('the client has left');
    await expect(writer.close()).rejects.toThrow('the client has left');
    expect(stuck.destroyed).toBe(true);
    expect(() => writer.sheet('x', { columns: [] })).toThrow('the client has left');
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
      setTimeout(() => end(out), 20);
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
    await sleep(20);
    expect((await readFile(path)).length).toBe(0);
  });
});
