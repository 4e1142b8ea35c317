import { afterAll, describe, expect, it } from 'vitest';
import { allRows, allTexts, Scratch } from '../../../test/xlsx.ts';
import { openCsv, openTable } from './index.ts';

const scratch = new Scratch();
afterAll(() => scratch.remove());

/** The same text in GB 18030: 姓名,城市 / 张三,北京 / 龘,€ */
const GBK = Buffer.from('d0d5c3fb2cb3c7cad00d0ad5c5c8fd2cb1b1beaa0d0afd982c80', 'hex');

async function texts(data: Buffer | string, chunkBytes?: number): Promise<Record<number, string[]>> {
  const reader = await openTable(await scratch.file(data, 'file.csv'), chunkBytes ? { chunkBytes } : {});
  try {
    expect(reader.kind).toBe('csv');
    await reader.verify(0);
    return await allTexts(reader);
  } finally {
    await reader.close();
  }
}

describe('CSV', () => {
  const text = '姓名,"备注, 一",空\r\n张三😀,"引""号\r\n二行",\r\n\r\n,,\n"",007,110101199003074514\r李四,a"b,"x"y';
  const expected = {
    1: ['姓名', '备注, 一', '空'],
    2: ['张三😀', '引"号\r\n二行'],
    5: ['', '007', '110101199003074514'],
    6: ['李四', 'a"b', 'xy'],
  };

  it.each([1, 2, 3, 4, 5, 7, 16, 64, 1000, 256 * 1024])('is read whole in pieces of %i bytes', async (size) => {
    // The separator is judged by the first piece, which holds a whole line in every real file.
    expect(await texts(size < 8 ? text.replace('姓名', '名') : text, size)).toEqual(
      size < 8 ? { ...expected, 1: ['名', '备注, 一', '空'] } : expected,
    );
  });

  it('takes UTF-8 and UTF-16 with a mark and GB 18030', async () => {
    expect(await texts(`\ufeff${text}`)).toEqual(expected);
    expect(await texts(Buffer.from(`\ufeff${text}`, 'utf16le'))).toEqual(expected);
    for (const size of [1, 2, 3, 1000]) {
      const rows = await texts(GBK, size);
      expect(rows[1]).toEqual(['姓名', '城市']);
      expect(rows[2]?.[0]).toBe('张三');
    }
  });

  it('takes tabs and semicolons', async () => {
    expect(await texts('a,b\tc\td\n1\t2\t3')).toEqual({ 1: ['a,b', 'c', 'd'], 2: ['1', '2', '3'] });
    expect(await texts('"a;,b";c\n1;2')).toEqual({ 1: ['a;,b', 'c'], 2: ['1', '2'] });
  });

  it('takes the separator that a first line names, and leaves that line out', async () => {
    expect(await texts('sep=|\r\na,b|c\r\n1;2|3')).toEqual({ 1: ['a,b', 'c'], 2: ['1;2', '3'] });
  });

  it('reads an empty line and a lone value', async () => {
    expect(await texts('\n')).toEqual({});
    expect(await texts('值')).toEqual({ 1: ['值'] });
  });

  it.each([
    ['an open quote', 'a,"b\n', 'file_truncated'],
    ['a cell that is too long', `a,${'长'.repeat(32_768)}\n`, 'file_bomb'],
    ['an open quote over a huge file', `"${'x'.repeat(40_000)}`, 'file_bomb'],
    ['too many columns', ','.repeat(16_384), 'file_too_large'],
    ['a zero byte late in the text', `${'a,b\n'.repeat(2000)}\0`, 'file_not_workbook'],
    ['bytes of no encoding', Buffer.from('61ff2c62ff0a', 'hex'), 'file_corrupt'],
  ])('refuses %s', async (_name, data, code) => {
    const path = await scratch.file(data, 'bad.csv');
    const read = async (): Promise<void> => {
      const reader = await openCsv(path);
      await allRows(reader).finally(() => reader.close());
    };
    await expect(read()).rejects.toMatchObject({ code });
  });

  it('gives batches of 500 rows', async () => {
    const reader = await openCsv(await scratch.file('x\n'.repeat(1200), 'long.csv'));
    const sizes: number[] = [];
    for await (const batch of reader.rows('long')) sizes.push(batch.length);
    expect(sizes).toEqual([500, 500, 200]);
    await reader.close();
  });
});
