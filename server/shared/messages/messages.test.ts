import { describe, expect, it } from 'vitest';
import { ACCOUNT_CODES, FIELD_CODES, FORM_CODES, MIGRATION_CODES, PROBLEMS } from '../codes.ts';
import { loadFieldTexts, loadMessages, say, sayFault, sayIssue, spell, type Messages } from './index.ts';

const [zh, en] = await Promise.all([loadMessages('zh-CN'), loadMessages('en')]);
const params = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort();

describe('every code has a text in both languages, and every text a code', () => {
  it('of issues', () => {
    const codes = [...FIELD_CODES, ...FORM_CODES, ...ACCOUNT_CODES, ...MIGRATION_CODES].sort();
    expect(new Set(codes).size).toBe(codes.length);
    for (const { issues } of [zh, en]) expect(Object.keys(issues).sort()).toEqual(codes);
  });

  it('of problems', () => {
    const codes = Object.keys(PROBLEMS).sort();
    for (const { problems } of [zh, en]) expect(Object.keys(problems).sort()).toEqual(codes);
  });
});

it('says the same in both languages, with the same params', () => {
  const shapeOf = (messages: Messages) => ({
    issues: Object.entries(messages.issues)
      .map(([code, text]) => [code, params(text)])
      .sort(),
    reasons: Object.entries(messages.reasons)
      .map(([code, text]) => [code, params(text)])
      .sort(),
    problems: Object.entries(messages.problems)
      .map(([code, text]) => [code, Object.keys(text), params(Object.values(text).join())])
      .sort(),
  });
  expect(shapeOf(en)).toEqual(shapeOf(zh));
});

it('fills params and survives codes and params that it does not know', () => {
  expect(sayIssue(zh, { code: 'phone_length', params: { length: 10 } })).toBe(
    '手机号应为 11 位数字，现在是 10 位，请核对',
  );
  expect(sayIssue(en, { code: 'too_big', params: {} })).toBe('This can’t be more than {max}');
  expect(sayIssue(zh, { code: 'toString' })).toBe(zh.issues.bad_value);
  expect(say(en, 'not_logged_in')).toEqual({ title: 'Please log in first' });
});

it('says the reason of a problem where it knows one', () => {
  const { title, detail } = zh.problems.file_corrupt;
  const params = { reason: 'checksum', part: 'xl/a.xml' };
  expect(say(zh, 'file_corrupt', params)).toEqual({
    title,
    detail: `“xl/a.xml”的校验和不对，内容在保存或传输时变了。 ${detail}`,
  });
  expect(say(zh, 'file_corrupt', { reason: 'toString' })).toEqual({ title, detail });
  expect(Object.keys(zh.reasons).filter((reason) => !(reason.split('.')[0]! in PROBLEMS))).toEqual([]);
});

it('joins a list of names in the language of whoever reads it', () => {
  const params = { reason: 'columns', missing: [{ 'zh-CN': '姓名', en: 'Name' }, { 'zh-CN': '车牌' }] };
  expect(spell('zh-CN', params)).toEqual({ reason: 'columns', missing: '姓名、车牌' });
  expect(say(en, 'file_wrong_template', spell('en', params)).detail).toContain('missing: Name, 车牌.');
});

it('says a form’s own check in the language of whoever reads it', () => {
  const failed = {
    code: 'check_failed',
    params: { check: 'order', message: { 'zh-CN': '顺序不对', en: 'Wrong order' } },
  };
  expect([sayIssue(zh, failed), sayIssue(en, failed)]).toEqual(['顺序不对', 'Wrong order']);
  expect(sayIssue(en, { ...failed, params: { message: { 'zh-CN': '顺序不对' } } })).toBe('顺序不对');
  expect(spell('en', failed.params)).toEqual({ check: 'order', message: 'Wrong order' });
});

it('prefers the designer’s hint for a pattern, and loads field texts alone', async () => {
  const texts = await loadFieldTexts('en');
  const field = {
    key: 'plate',
    kind: 'text',
    label: { 'zh-CN': '车牌' },
    patternHint: { 'zh-CN': '例如 粤B12345' },
  } as const;
  expect(sayFault(texts, { code: 'pattern_mismatch' }, field, 'en')).toBe('例如 粤B12345');
  expect(sayFault(texts, { code: 'required' }, field, 'en')).toBe(texts.required);
  expect(texts.bad_key).toBeUndefined();
});
