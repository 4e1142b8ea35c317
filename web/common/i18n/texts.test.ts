import { expect, it } from 'vitest';
import { en } from './en.ts';
import { zhCNLater } from './zh-CN.later.ts';
import { zhCN as first } from './zh-CN.ts';

const zhCN = { ...first, ...zhCNLater };

const places = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

it('says the same in both languages: every key, every parameter', () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(zhCN).sort());
  for (const key of Object.keys(zhCN) as (keyof typeof zhCN)[]) {
    expect(en[key].trim(), key).not.toBe('');
    if (!key.startsWith('time.')) expect(places(en[key]), key).toEqual(places(zhCN[key]));
  }
});

it('has no English in Chinese sentences, nor exclamation marks', () => {
  for (const [key, text] of Object.entries(zhCN)) {
    if (key !== 'app.language') expect(text.replace(/\{\w+\}/g, ''), key).not.toMatch(/[A-Za-z]{2,}|[!！]/);
  }
  for (const [key, text] of Object.entries(en)) {
    if (key !== 'app.language') expect(text, key).not.toMatch(/[\u4e00-\u9fff]|!/);
  }
});
