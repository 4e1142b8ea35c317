import { describe, expect, it } from 'vitest';
import { checkDraft, checkForm, personOf, visibleFields, type Answers, type Field, type FormContent } from './index.ts';

const ctx = { today: '2024-06-15' };
const label = { 'zh-CN': '标签' };
const form = (...fields: Omit<Field, 'label'>[]): FormContent => ({
  title: label,
  steps: [{ key: 'one', title: label, fields: fields.map((field) => ({ label, ...field })) }],
});
const chain = form(
  { key: 'a', kind: 'integer', required: true },
  { key: 'b', kind: 'text', required: true, visibleWhen: { field: 'a', op: 'gt', value: 1 } },
  { key: 'c', kind: 'text', required: true, visibleWhen: { field: 'b', op: 'eq', value: 'x' } },
  { key: 'd', kind: 'static', visibleWhen: { field: 'c', op: 'empty' } },
);
const keys = (fields: Field[]): string => fields.map(({ key }) => key).join('');

describe('checkForm', () => {
  it('normalises before it judges and before it tests conditions', () => {
    expect(checkForm(chain, { a: ' ２ ', b: ' x ', c: 'z\n' }, ctx)).toEqual({
      answers: { a: 2, b: 'x', c: 'z' },
      issues: [],
    });
  });

  it('drops hidden answers, and those that depend on hidden ones', () => {
    expect(checkForm(chain, { a: 1, b: 'x', c: 'secret' }, ctx)).toEqual({ answers: { a: 1 }, issues: [] });
  });

  it('tells everything that is wrong at once', () => {
    const { issues } = checkForm(chain, { a: 'many', extra: 1, d: 'note' }, ctx);
    expect(issues).toEqual([
      { path: 'answers.extra', code: 'unknown_field' },
      { path: 'answers.a', code: 'not_integer' },
      { path: 'answers.d', code: 'unknown_field' },
    ]);
    expect(checkForm(chain, { a: 2 }, ctx).issues).toEqual([{ path: 'answers.b', code: 'required' }]);
  });

  it('takes nothing from a prototype and refuses its names', () => {
    const hostile = JSON.parse('{"__proto__":{"a":2},"constructor":{"prototype":{}},"toString":"x","a":1}') as unknown;
    const { answers, issues } = checkForm(chain, hostile, ctx);
    expect(issues).toEqual([
      { path: 'answers.__proto__', code: 'forbidden_key' },
      { path: 'answers.constructor', code: 'forbidden_key' },
      { path: 'answers.toString', code: 'unknown_field' },
    ]);
    expect(answers).toEqual({ a: 1 });
    expect(checkForm(form({ key: 'valueOf', kind: 'text', required: true }), {}, ctx).issues).toHaveLength(1);
    expect(({} as { a?: unknown }).a).toBeUndefined();
  });

  it('says so when the answers are no object, and counts strangers only so far', () => {
    for (const bad of [null, [], 'x', 5, undefined])
      expect(checkForm(chain, bad, ctx).issues).toEqual([{ path: 'answers', code: 'wrong_type' }]);
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`x${index}`, 1]));
    expect(checkForm(form({ key: 'a', kind: 'text' }), many, ctx).issues).toHaveLength(50);
  });
});

describe('checkDraft', () => {
  it('keeps what can still be mended, also hidden answers', () => {
    const unfinished = { a: 'many', c: 'kept' };
    expect(checkDraft(chain, unfinished, ctx)).toEqual({ answers: unfinished, issues: [] });
  });

  it('refuses what no page would send', () => {
    const { answers, issues } = checkDraft(chain, { a: { $gt: 0 }, b: ['x'], c: 'x'.repeat(30_000), z: 1 }, ctx);
    expect(answers).toEqual({});
    expect(issues.map(({ path, code }) => `${path} ${code}`)).toEqual([
      'answers.z unknown_field',
      'answers.a wrong_type',
      'answers.b wrong_type',
      'answers.c too_long',
    ]);
  });
});

describe('visibleFields', () => {
  it('follows the answers as they are typed', () => {
    expect(keys(visibleFields(chain, {}, ctx))).toBe('ad');
    expect(keys(visibleFields(chain, { a: '2' }, ctx))).toBe('abd');
    expect(keys(visibleFields(chain, { a: '2', b: 'x' }, ctx))).toBe('abcd');
    expect(keys(visibleFields(chain, { a: 2, b: 'x', c: 'y' }, ctx))).toBe('abc');
    expect(keys(visibleFields(chain, { a: 1, b: 'x', c: 'y' }, ctx))).toBe('ad');
  });
});

describe('personOf', () => {
  const content = form(
    { key: 'who', kind: 'text', maps: 'person.name' },
    { key: 'card', kind: 'document', maps: 'person.document' },
    { key: 'sex', kind: 'radio', options: [{ code: 'male', label }], maps: 'person.gender' },
    { key: 'home', kind: 'address', maps: 'person.address' },
    { key: 'other', kind: 'phone' },
  );

  it('writes what is mapped, and what the document and the address say', () => {
    const answers: Answers = {
      who: '张三',
      card: { type: 'residentId', number: '11010519491231002X' },
      home: { region: '440305', detail: '科技园路' },
      other: '13800138000',
    };
    expect(personOf(content, answers)).toEqual({
      name: '张三',
      document: answers.card,
      gender: 'female',
      birthDate: '1949-12-31',
      region: '440305',
      address: answers.home,
    });
    expect(personOf(content, { ...answers, sex: 'male' }).gender).toBe('male');
    expect(personOf(content, { card: { type: 'passport', number: 'E12345678' } })).toEqual({
      document: { type: 'passport', number: 'E12345678' },
    });
  });
});
