import { expect, it } from 'vitest';
import { optionsFrom } from './paste-options.ts';

it('reads options as people write them', () => {
  const present = [{ code: 'option1', label: { 'zh-CN': '甲' } }];
  expect(optionsFrom('乙\n\n  sz = 深圳/Shenzhen \nsz=另一个\ngz\t广州\n3-7 天', present)).toEqual([
    { code: 'option2', label: { 'zh-CN': '乙' } },
    { code: 'sz', label: { 'zh-CN': '深圳', en: 'Shenzhen' } },
    { code: 'option3', label: { 'zh-CN': '另一个' } },
    { code: 'gz', label: { 'zh-CN': '广州' } },
    { code: 'option4', label: { 'zh-CN': '3-7 天' } },
  ]);
  expect(optionsFrom('', present)).toEqual([{ code: 'option2', label: { 'zh-CN': '' } }]);
});
