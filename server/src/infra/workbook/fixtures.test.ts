import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { allRows } from '../../../test/xlsx.ts';
import { openTable, type Cell } from './index.ts';

const pathOf = (name: string): string =>
  fileURLToPath(new URL(`../../../test/fixtures/workbooks/${name}`, import.meta.url));

const shown = (cell: Cell | undefined): string =>
  cell ? `${cell.type}${cell.lossy ? '!' : ''} ${cell.text}`.trim() : '-';

/** Each program stores an 18-digit number as well as it can. */
const LONG: Record<string, string> = {
  'excelize.xlsx': '110101199003074514',
  'libreoffice.xlsx': '110101199003075000',
  'sheetjs.xlsx': '110101199003074510',
};

describe('workbooks of other programs', () => {
  it.each([
    'excelize.xlsx',
    'libreoffice.xlsx',
    'openpyxl-1904.xlsx',
    'openpyxl-iso.xlsx',
    'sheetjs.xlsx',
    'xlsxwriter.xlsx',
  ])('%s is read right to the last character', async (name) => {
    const reader = await openTable(pathOf(name));
    expect(reader.sheets).toEqual([
      { name: '人员', hidden: false },
      { name: '隐藏', hidden: true },
    ]);
    const rows = await allRows(reader);
    const cached = name.startsWith('openpyxl') || name === 'excelize.xlsx' ? 'empty' : 'number 36.1';
    expect(rows.map(({ number, cells }) => [number, ...cells.map(shown)])).toEqual([
      [1, ...['姓名', '证件号码', '出生日期', '体温', '同意', '备注'].map((text) => `text ${text}`)],
      [2, 'text 张三😀', 'text 11010119900307451X', 'date 1990-03-07', 'number 36.6', 'boolean TRUE', 'text  前后空格'],
      [
        3,
        'text 李四<&>"\'',
        `number! ${LONG[name] ?? '110101199003074500'}`,
        'date 2024-02-29 23:59:58',
        'number -0.5',
        'boolean FALSE',
        'text 第一行\n第二行',
      ],
      [4, 'text 富文本', 'text =1+1', 'empty', cached, 'text 合并'],
    ]);
    expect(rows[1]?.cells[5]?.text).toBe(' 前后空格 ');
    expect((await allRows(reader, '隐藏'))[0]?.cells).toEqual([{ type: 'text', text: 'x' }]);
    await reader.verify(0);
    await reader.close();
  });

  it.each([
    ['libreoffice.xls', 'file_old_xls'],
    ['encrypted.xlsx', 'file_encrypted'],
  ])('%s is refused as %s', async (name, code) => {
    await expect(openTable(pathOf(name))).rejects.toMatchObject({ code });
  });
});
