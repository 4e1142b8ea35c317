import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { allRows, buildXlsx, Scratch } from '../../../test/xlsx.ts';
import { openInWorker, openTable, readInWorker, type Row } from './index.ts';

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
    expect(await there.verify(0)).toBe(9_001);
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

  it('waits for a slow reader: no more than a window of batches lies between the threads', async () => {
    const emit = vi.spyOn(Worker.prototype, 'emit');
    const arrived = (): number =>
      emit.mock.calls.filter(([name, answer]) => name === 'message' && 'rows' in answer).length;
    const reader = await openInWorker(await scratch.file(bytes));
    let batches = 0;
    for await (const batch of reader.rows(0)) {
      expect(batch.length).toBeGreaterThan(0);
      if (batches++ === 0) await sleep(500);
      expect(arrived()).toBeLessThanOrEqual(batches + 4);
    }
    expect(batches).toBe(19);
    await reader.close();
    emit.mockRestore();
  });
});
