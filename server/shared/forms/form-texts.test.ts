import { expect, it } from 'vitest';
import { healthDeclaration } from '../demo/healthDeclaration.ts';
import type { FormContent } from '../fields/types.ts';
import { textsOf, withText } from './form-texts.ts';

const content: FormContent = {
  title: { 'zh-CN': '表', en: 'Form' },
  intro: { 'zh-CN': '说明' },
  steps: [
    {
      key: 'one',
      title: { 'zh-CN': '一' },
      fields: [
        {
          key: 'a',
          kind: 'radio',
          options: [{ code: 'x', label: { 'zh-CN': '甲' } }],
          hint: { 'zh-CN': '提示' },
          label: { 'zh-CN': '问' },
          visibleWhen: { field: 'b', op: 'eq', value: 'zh-CN' },
        },
      ],
    },
  ],
  checks: [{ key: 'c', assert: { field: 'a', op: 'filled' }, message: { 'zh-CN': '不对' }, fields: ['a'] }],
};

it('finds every text once, as a form is read', () => {
  expect(textsOf(content).map(({ path }) => path)).toEqual([
    'title',
    'intro',
    'steps.0.title',
    'steps.0.fields.0.label',
    'steps.0.fields.0.hint',
    'steps.0.fields.0.options.0.label',
    'checks.0.message',
  ]);
  // Nothing is overlooked: what is left without its texts has no Chinese in it.
  const bare = textsOf(healthDeclaration).reduce(
    (form, { path }) => withText(withText(form, path, 'zh-CN', ''), path, 'en', ''),
    healthDeclaration,
  );
  expect(JSON.stringify(bare)).not.toMatch(/\p{Script=Han}/u);
});

it('changes one text in one language, and nothing else', () => {
  const path = 'steps.0.fields.0.options.0.label';
  const told = withText(content, path, 'en', 'First');
  expect(textsOf(told).find((one) => one.path === path)?.text).toEqual({ 'zh-CN': '甲', en: 'First' });
  expect(withText(told, path, 'en', '')).toEqual(content);
  expect(withText(content, 'title', 'zh-CN', '新').title).toEqual({ 'zh-CN': '新', en: 'Form' });
});
