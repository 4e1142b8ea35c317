import { createWriteStream } from 'node:fs';
import ExcelJS from 'exceljs';
import { afterAll, describe, expect, it } from 'vitest';
import { allRows, allTexts, partXml, Scratch } from '../../../test/xlsx.ts';
import { openWorkbook, plainHeader, readTemplateKeys, writeTemplate, type TemplateSpec } from './index.ts';

const scratch = new Scratch();
afterAll(() => scratch.remove());

const spec: TemplateSpec = {
  sheetName: '健康申报',
  columns: [
    { key: 'name', header: '姓名', required: true, note: '与证件一致' },
    { key: 'idNumber', header: '证件号码', text: true, width: 24 },
    { key: 'gender', header: '性别', options: ['男', '女', '=1+1'] },
    { key: 'contact', header: '接触史', options: Array.from({ length: 300 }, (_, i) => `选项, ${i}`) },
  ],
  notesSheet: [['说明', '请勿改动表头']],
  exampleRows: [['张三', '11010119900307451X', '男', '选项, 1']],
  optionsError: '请从列表中选择',
  meta: { form: 'health', version: '3', key2: 'a&b=c;中文' },
};

async function template(): Promise<string> {
  const path = await scratch.path();
  await writeTemplate(createWriteStream(path), spec);
  return path;
}

describe('a template', () => {
  it('is recognised by its hidden row, with its meta, even without some columns', async () => {
    const reader = await openWorkbook(await template());
    expect(reader.sheets).toEqual([
      { name: '健康申报', hidden: false },
      { name: '_lists', hidden: true },
      { name: '填写说明', hidden: false },
    ]);
    const [first, second] = await allRows(reader);
    expect(readTemplateKeys(first)).toEqual({ keys: ['name', 'idNumber', 'gender', 'contact'], meta: spec.meta });
    expect(second?.cells.map(({ text }) => text)).toEqual(['姓名 *', '证件号码', '性别', '接触史']);
    expect(second?.cells.map(({ text }) => plainHeader(text))).toEqual(spec.columns.map(({ header }) => header));
    const moved = { number: 1, cells: [{ type: 'text' as const, text: '自己的列' }, ...(first?.cells.slice(2) ?? [])] };
    expect(readTemplateKeys(moved)).toEqual({ keys: [null, 'gender', 'contact'], meta: spec.meta });
    expect(readTemplateKeys(second)).toBeNull();
    expect(readTemplateKeys(undefined)).toBeNull();
    expect(await allTexts(reader, '填写说明')).toEqual({
      1: ['说明', '请勿改动表头'],
      3: ['姓名', '证件号码', '性别', '接触史'],
      4: ['张三', '11010119900307451X', '男', '选项, 1'],
    });
    expect((await allTexts(reader, '_lists'))[3]).toEqual(['=1+1', '选项, 2']);
    await reader.close();
  });

  it('hides the keys, freezes the header, and keeps formats, notes and dropdowns', async () => {
    const path = await template();
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(path, { ignoreNodes: ['dataValidations'] });
    const sheet = book.getWorksheet('健康申报');
    expect(sheet?.getRow(1).hidden).toBe(true);
    expect(sheet?.views[0]).toMatchObject({ state: 'frozen', ySplit: 2 });
    expect(sheet?.getCell('A2').font.bold).toBe(true);
    expect(sheet?.getCell('A2').note).toBeTruthy();
    expect(sheet?.getColumn(2).numFmt).toBe('@');
    expect(sheet?.getColumn(2).width).toBe(24);
    expect(book.getWorksheet('_lists')?.state).toBe('veryHidden');
    const xml = await partXml(path, 'xl/worksheets/sheet1.xml');
    expect(xml).toMatch(/<dataValidation type="list"[^>]* sqref="C3:C1048576"[^>]*><formula1>_lists!\$A\$1:\$A\$3</);
    expect(xml).toMatch(/sqref="D3:D1048576"[^>]*><formula1>_lists!\$B\$1:\$B\$300</);
    expect(xml).toContain('error="请从列表中选择"');
    expect(xml).not.toMatch(/<f[ >]/);
  });

  it('meta cannot reach a prototype', () => {
    const row = { number: 1, cells: [{ type: 'text' as const, text: '#dengji:key=a&__proto__=x&constructor=y' }] };
    expect(readTemplateKeys(row)?.keys).toEqual(['a']);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    expect(Object.getPrototypeOf(readTemplateKeys(row)?.meta)).toBeNull();
  });
});
