import { createWriteStream } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { allRows, buildXlsx, Scratch } from '../../../test/xlsx.ts';
import { createWorkbookWriter, openInWorker, openTable, readInWorker, type Row } from './index.ts';

const scratch = new Scratch();
afterAll(() => scratch.remove());

const data =
  '<row r="1"><c t="s"><v>0</v></c><c r="D1"><v>110101199003074514</v></c><c t="b"><v>1</v></c></row>' +
  Array.from({ length: 9000 }, (_, i) => `<row r="${i + 3}"><c t="s"><v>0</v></c><c><v>${i}</v></c></row>`).join('');
const bytes = buildXlsx({
  sheets: [data, { name: '藏', state: 'hidden', data: '' }],
  strings: '<si><t>登记😀</t></si>',
});

describe('the reading thread', () => {
  it('gives the same sheets and rows as reading here', async () => {
    const path = await scratch.file(bytes);
    const here = await openTable(path);
    const there = await openInWorker(path);
    expect(there.kind).toBe('xlsx');
    expect(there.sheets).toEqual(here.sheets);
    await there.verify(0);
    const expected = await allRows(here);
    expect(await allRows(there)).toEqual(expected);
    expect(await allRows(there, '藏')).toEqual([]);
    await expect(allRows(there, 7)).rejects.toBeInstanceOf(RangeError);
    expect(await allRows(there, 0)).toEqual(expected);
    await Promise.all([here.close(), there.close()]);
    await there.close();
  });

  it('reads CSV too', async () => {
    const rows: Row[] = [];
    for await (const batch of readInWorker(await scratch.file('甲,乙\n1,2\n', 'a.csv'))) rows.push(...batch);
    expect(rows.map(({ cells }) => cells.map(({ text }) => text))).toEqual([
      ['甲', '乙'],
      ['1', '2'],
    ]);
  });

  it('refuses with the same errors, at opening and at reading', async () => {
    await expect(openInWorker(await scratch.file('<html>'))).rejects.toMatchObject({
      name: 'WorkbookError',
      code: 'file_html',
    });
    await expect(openInWorker(await scratch.path('missing'))).rejects.toThrow('ENOENT');
    const bad = await scratch.file(buildXlsx({ sheets: ['<row><c t="s"><v>9</v></c></row>'] }));
    const read = async (): Promise<void> => {
      for await (const batch of readInWorker(bad)) void batch;
    };
    await expect(read()).rejects.toMatchObject({ code: 'file_corrupt', params: { reason: 'string_index' } });
    await expect(openInWorker(bad, { limits: { fileBytes: 9 } })).rejects.toMatchObject({ code: 'file_too_large' });
  });

  it('stops at a signal, when the caller leaves, and goes on with the next task', async () => {
    const reader = await openInWorker(await scratch.file(bytes));
    const stop = new AbortController();
    const reading = async (): Promise<void> => {
      for await (const batch of reader.rows(0, { signal: stop.signal }))
        if (batch.length > 0) stop.abort(new Error('enough'));
    };
    await expect(reading()).rejects.toThrow('enough');
    for await (const batch of reader.rows(0)) if (batch.length > 0) break;
    expect((await allRows(reader)).length).toBe(9001);
    await reader.close();
    await expect(allRows(reader)).rejects.toThrow('ended');
  });

  it('leaves the event loop free and waits for a slow reader', async () => {
    const path = await scratch.path();
    const writer = createWorkbookWriter(createWriteStream(path), { level: 1 });
    const sheet = writer.sheet('大', { columns: [] });
    for (let i = 0; i < 10_000; i++) await sheet.row(Array.from({ length: 10 }, (_, c) => `登记数据 ${i}-${c}`));
    await writer.close();
    const delay = monitorEventLoopDelay({ resolution: 5 });
    const reader = await openInWorker(path);
    delay.enable();
    let rows = 0;
    for await (const batch of reader.rows(0)) {
      rows += batch.length;
      if (rows < 3000) await sleep(30);
    }
    delay.disable();
    expect(rows).toBe(10_000);
    expect(delay.percentile(90) / 1e6).toBeLessThan(50);
    await reader.close();
  });
});
