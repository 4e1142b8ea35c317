import { expect, it } from 'vitest';
import { healthDeclaration } from '../demo/healthDeclaration.ts';
import type { Condition, Field, FormContent } from '../fields/types.ts';
import { fieldsByName, sayCondition } from './condition-words.ts';

const content: FormContent = {
  title: { 'zh-CN': '表' },
  steps: [
    {
      key: 'one',
      title: { 'zh-CN': '一' },
      fields: [
        {
          key: 'fever',
          kind: 'radio',
          label: { 'zh-CN': '是否发热？', en: 'Any fever?' },
          options: [{ code: 'yes', label: { 'zh-CN': '是', en: 'Yes' } }],
        },
        { key: 'heat', kind: 'decimal', label: { 'zh-CN': '体温' } },
        { key: 'born', kind: 'date', label: { 'zh-CN': '出生日期', en: 'Birth date' } },
      ],
    },
  ],
};
const fields = fieldsByName(content);

it.each<[Condition, string, string]>([
  [{ field: 'fever', op: 'eq', value: 'yes' }, '“是否发热”是“是”', '“Any fever” is “Yes”'],
  [{ field: 'heat', op: 'gt', value: 37.3 }, '“体温”大于 37.3', '“体温” is more than 37.3'],
  [
    { field: 'born', op: 'lt', value: '2008-01-01' },
    '“出生日期”早于“2008-01-01”',
    '“Birth date” is before “2008-01-01”',
  ],
  [{ field: 'gone', op: 'filled' }, '“gone”已填写', '“gone” is filled in'],
  [
    {
      any: [
        { field: 'heat', op: 'filled' },
        { all: [{ field: 'fever', op: 'in', value: ['yes', 'no'] }, { not: { field: 'born', op: 'empty' } }] },
      ],
    },
    '“体温”已填写，或者（“是否发热”是其中之一：“是”、“no”，并且并非（“出生日期”未填写））',
    '“体温” is filled in or (“Any fever” is one of “Yes”, “no” and not (“Birth date” is empty))',
  ],
  [
    { left: { fn: 'age', args: [{ field: 'born' }] }, op: 'gte', right: { value: 18 } },
    '周岁（“出生日期”）不小于 18',
    'age by (“Birth date”) is at least 18',
  ],
  [5 as never, '…', '…'],
  [{ field: { toString: '' }, op: 'eq', value: 1 } as never, '…', '…'],
])('%j', (condition, zh, en) => {
  expect(sayCondition(condition, { fields, locale: 'zh-CN' })).toBe(zh);
  expect(sayCondition(condition, { fields, locale: 'en' })).toBe(en);
});

it('says every rule of the demo without a code in it', () => {
  const known = fieldsByName(healthDeclaration);
  const rules = [...known.values()].flatMap((field: Field) => field.visibleWhen ?? []);
  expect(rules.length).toBeGreaterThan(3);
  for (const locale of ['zh-CN', 'en'] as const)
    for (const rule of rules) expect(sayCondition(rule, { fields: known, locale })).not.toMatch(/undefined|\{|\[/);
});
