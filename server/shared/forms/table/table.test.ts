import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { healthDeclaration } from '../../demo/healthDeclaration.ts';
import type { Field, FormContent } from '../../fields/types.ts';
import { TEMPLATES } from '../templates/index.ts';
import { formOf, tableOf } from './index.ts';

/** The table as a sheet gives it back. */
const numbered = (content: FormContent, locale: 'zh-CN' | 'en' = 'zh-CN') => {
  const { columns, rows } = tableOf(content, locale);
  return [columns.map(({ header }) => header), ...rows].map((cells, at) => ({ number: at + 1, cells }));
};
const again = (content: FormContent, locale: 'zh-CN' | 'en' = 'zh-CN') => formOf(numbered(content, locale));
const form = (...fields: Field[]): FormContent => ({
  title: { 'zh-CN': '表' },
  steps: [{ key: 'one', title: { 'zh-CN': '一' }, fields }],
});

describe('a form as a table', () => {
  it.each([healthDeclaration, ...TEMPLATES.map(({ content }) => content)])('comes back as it was', (content) => {
    for (const locale of ['zh-CN', 'en'] as const) expect(again(content, locale)).toEqual({ content, faults: [] });
  });

  it('has one row a field, and says rules as people write them', () => {
    const { rows } = tableOf(TEMPLATES.find(({ key }) => key === 'vaccination')!.content, 'zh-CN');
    expect(rows.filter(([type]) => type === '字段')).toHaveLength(11);
    expect(rows.flat().filter((cell) => /age\(birthDate\) < 18/.test(cell))).toHaveLength(2);
    expect(rows.map((row) => row.at(-1)).filter(Boolean)).toEqual([]);
  });

  it('loses nothing, whatever a form holds, finished or not', () => {
    const words = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom('是', 'a/b', 'x=y', ' ?? ', '\n', '1', 'today', '、'),
    );
    const label = fc.oneof(
      fc.record({ 'zh-CN': words, en: words }, { requiredKeys: ['zh-CN'] }),
      fc.constant(undefined),
      fc.anything({ maxDepth: 1 }),
    );
    const json = fc.jsonValue({ maxDepth: 3 });
    const field = fc.record(
      {
        key: fc.oneof(words, json),
        kind: fc.oneof(fc.constantFrom('text', 'radio'), json),
        label: json,
        hint: label,
        required: fc.oneof(fc.boolean(), json),
        options: fc.oneof(fc.array(fc.record({ code: words, label }, { requiredKeys: [] }), { maxLength: 3 }), json),
        min: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), words, json),
        documentTypes: fc.oneof(fc.array(words), json),
        visibleWhen: fc.oneof(fc.record({ field: words, op: fc.constant('eq'), value: words }), json),
        compute: json,
        strange: json,
      },
      { requiredKeys: [] },
    );
    const steps = fc.array(
      fc.record(
        { key: fc.oneof(words, json), title: json, fields: fc.array(field, { maxLength: 3 }) },
        { requiredKeys: ['fields'] },
      ),
      { maxLength: 3 },
    );
    const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
    fc.assert(
      fc.property(
        fc.record({ title: json, intro: json, dedupe: json, steps }, { requiredKeys: ['title', 'steps'] }),
        (drawn) => {
          const content = plain(drawn) as FormContent;
          expect(again(content)).toEqual({ content, faults: [] });
        },
      ),
      { numRuns: 500 },
    );
  });

  it('goes on in rows below where a cell is too long', () => {
    const options = Array.from({ length: 500 }, (_, n) => ({
      code: `o${n}`,
      label: { 'zh-CN': '选'.repeat(150) + n, en: 'x'.repeat(40) },
    }));
    const content = form({ key: 'a', kind: 'select', label: { 'zh-CN': '问' }, options });
    const table = numbered(content);
    expect(Math.max(...table.flatMap(({ cells }) => cells.map((cell) => cell.length)))).toBeLessThan(32_767);
    expect(again(content)).toEqual({ content, faults: [] });
  });

  it('is read as people write it, by any of its headers, in any order', () => {
    const rows = [
      ['Kind', '名称', '键名', '必填', '选项', '何时显示'],
      ['', '新表', '', '', '', ''],
      ['', '第一步', 'first', '', '', ''],
      ['radio', '去过吗', 'been', '是', 'yes=是/Yes\n no = 否', ''],
      ['text', '哪里', 'where', '否', '', 'been == "yes"'],
    ];
    const typed = [
      ['行', ...rows[0]!],
      ['表单', ...rows[1]!],
      ['step', ...rows[2]!],
      ['', ...rows[3]!],
      ['', ...rows[4]!],
    ];
    expect(formOf(typed.map((cells, at) => ({ number: at + 1, cells })))).toEqual({
      faults: [],
      content: {
        title: { 'zh-CN': '新表' },
        steps: [
          {
            key: 'first',
            title: { 'zh-CN': '第一步' },
            fields: [
              {
                key: 'been',
                kind: 'radio',
                label: { 'zh-CN': '去过吗' },
                required: true,
                options: [
                  { code: 'yes', label: { 'zh-CN': '是', en: 'Yes' } },
                  { code: 'no', label: { 'zh-CN': '否' } },
                ],
              },
              {
                key: 'where',
                kind: 'text',
                label: { 'zh-CN': '哪里' },
                visibleWhen: { field: 'been', op: 'eq', value: 'yes' },
              },
            ],
          },
        ],
      },
    });
  });

  it('says which cell it does not understand', () => {
    const rows = [
      ['行', '键名', '类型', '必填', '何时显示', '所属记录组', '备注', '其他（JSON）'],
      ['字段', 'early', 'text', '', '', '', '', ''],
      ['步骤', 's', '', '', '', '', '', ''],
      ['字段', 'a', 'text', '也许', 'b ==', '', '', ''],
      ['字段', 'b', 'text', '', '', 'nowhere', '', '{'],
      ['什么', 'c', 'text', '', '', '', '', ''],
    ];
    const { content, faults } = formOf(rows.map((cells, at) => ({ number: at + 1, cells })));
    expect(content).toBe(null);
    expect(faults.map(({ row, column, code }) => `${row} ${column} ${code}`)).toEqual([
      '1 备注 unknownColumn',
      '2 行 noParent',
      '4 必填 badCell',
      '4 何时显示 badCell',
      '5 其他（JSON） badCell',
      '5 所属记录组 noParent',
      '6 行 badCell',
    ]);
  });
});
