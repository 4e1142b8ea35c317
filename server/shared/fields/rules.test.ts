import { describe, expect, it } from 'vitest';
import { checkForm, formNow, visibleFields, type Check, type Field, type FormContent } from './index.ts';
import { parseCondition, parseExpression } from './expressions/index.ts';
import { vetForm } from './vet/index.ts';

const ctx = { today: '2024-06-15' };
const label = { 'zh-CN': '标签', en: 'Label' };
const when = (text: string) => {
  const { value, fault } = parseCondition(text);
  if (!value) throw new Error(`${text}: ${JSON.stringify(fault)}`);
  return value;
};
const worth = (text: string) => parseExpression(text).value!;
const form = (fields: Omit<Field, 'label'>[], checks?: Check[]): FormContent => ({
  title: label,
  steps: [{ key: 'one', title: label, fields: fields.map((field) => ({ label, ...field })) }],
  ...(checks ? { checks } : {}),
});
const told = (content: FormContent, answers: unknown, before?: Record<string, unknown>) =>
  checkForm(content, answers, before ? { ...ctx, before } : ctx).issues.map(({ path, code }) => `${path} ${code}`);
const codes = ['a', 'b', 'c'].map((code) => ({ code, label: { 'zh-CN': code } }));

describe('a form’s rules', () => {
  it('may name fields that come later, and answers stay in the order of the form', () => {
    const content = form([
      { key: 'detail', kind: 'text', required: true, visibleWhen: when('more == "x"') },
      { key: 'more', kind: 'text', visibleWhen: when('start == 1') },
      { key: 'start', kind: 'integer' },
    ]);
    expect(vetForm(content)).toEqual([]);
    expect(JSON.stringify(checkForm(content, { start: 1, more: 'x', detail: 'd' }, ctx).answers)).toBe(
      '{"detail":"d","more":"x","start":1}',
    );
    expect(checkForm(content, { start: 2, more: 'x', detail: 'd' }, ctx)).toEqual({
      answers: { start: 2 },
      issues: [],
    });
    expect(told(content, { start: 1, more: 'x' })).toEqual(['answers.detail required']);
  });

  it('say when an answer is required, also each of two because of the other', () => {
    const content = form([
      { key: 'a', kind: 'text', requiredWhen: when('filled(b)') },
      { key: 'b', kind: 'text', requiredWhen: when('filled(a)') },
    ]);
    expect(vetForm(content)).toEqual([]);
    expect(told(content, {})).toEqual([]);
    expect(told(content, { a: 'x' })).toEqual(['answers.b required']);
    expect(told(content, { b: 'x' })).toEqual(['answers.a required']);
    expect(formNow(content, { a: 'x' }, ctx).map(({ field }) => field.required)).toEqual([false, true]);
  });

  it('say which options may be chosen, and what is chosen already stays in sight', () => {
    const options = [codes[0]!, { ...codes[1]!, allowedWhen: when('age >= 18') }, codes[2]!];
    const content = form([
      { key: 'one', kind: 'radio', options },
      { key: 'some', kind: 'checkbox', options },
      { key: 'age', kind: 'integer' },
    ]);
    expect(vetForm(content)).toEqual([]);
    expect(told(content, { one: 'b', some: ['a', 'b'], age: 18 })).toEqual([]);
    expect(told(content, { one: 'b', some: ['a', 'b'], age: 17 })).toEqual([
      'answers.one option_not_allowed',
      'answers.some option_not_allowed',
    ]);
    const shown = (answers: unknown) =>
      formNow(content, answers, ctx).map(({ field }) => (field.options ?? []).map(({ code }) => code).join(''));
    expect(shown({ age: 18 })).toEqual(['abc', 'abc', '']);
    expect(shown({ one: 'b' })).toEqual(['abc', 'ac', '']);
  });

  it('compute values, whatever was sent, and what is read-only is what they say', () => {
    const content = form([
      { key: 'years', kind: 'integer', compute: worth('age(born)') },
      { key: 'born', kind: 'date', required: true },
      { key: 'price', kind: 'decimal', compute: worth('if(years < 18, 0, 9.9)'), readOnlyWhen: when('filled(born)') },
      { key: 'adult', kind: 'text', visibleWhen: when('years >= 18') },
    ]);
    const answers = { years: 99, born: '2000-06-16', price: 1, adult: 'x' };
    expect(checkForm(content, answers, ctx)).toEqual({ answers: { ...answers, years: 23, price: 9.9 }, issues: [] });
    expect(checkForm(content, { price: 1, years: 20 }, ctx).answers).toEqual({ price: 1 });
    expect(formNow(content, answers, ctx).map(({ readOnly, answer }) => [readOnly, answer])).toEqual([
      [true, 23],
      [false, '2000-06-16'],
      [true, 9.9],
      [false, 'x'],
    ]);
    expect(told(content, { born: '1800-01-01' })).toEqual(['answers.born bad_date']);
  });

  it('keep what is read-only as it was, where something was', () => {
    const content = form([
      { key: 'state', kind: 'radio', options: codes },
      { key: 'note', kind: 'text', readOnlyWhen: when('state == "b"') },
    ]);
    const before = { note: 'old' };
    expect(checkForm(content, { state: 'b', note: 'new' }, { ...ctx, before }).answers).toEqual({
      state: 'b',
      note: 'old',
    });
    expect(checkForm(content, { state: 'a', note: 'new' }, { ...ctx, before }).answers).toEqual({
      state: 'a',
      note: 'new',
    });
    expect(checkForm(content, { state: 'b', note: 'new' }, { ...ctx, before: {} }).answers).toEqual({ state: 'b' });
    expect(checkForm(content, { state: 'b', note: 'new' }, ctx).answers).toEqual({ state: 'b', note: 'new' });
  });

  it('see no hidden answers, nor what was computed of them', () => {
    const content = form([
      { key: 'show', kind: 'consent' },
      { key: 'amount', kind: 'integer', visibleWhen: when('show == true') },
      { key: 'double', kind: 'integer', compute: worth('amount * 2') },
    ]);
    expect(checkForm(content, { show: true, amount: 4 }, ctx).answers).toEqual({ show: true, amount: 4, double: 8 });
    expect(checkForm(content, { amount: 4 }, ctx).answers).toEqual({});
  });

  it('count no record at the end of a group of which hiding leaves nothing', () => {
    const content = (group: Partial<Field>) =>
      form(
        [
          {
            key: 'people',
            kind: 'group',
            fields: [
              { key: 'name', kind: 'text', label, visibleWhen: when('guest == true') },
              { key: 'guest', kind: 'consent', label },
            ],
            ...group,
          },
        ],
        [{ key: 'some', assert: { field: 'people', op: 'filled' }, message: label, fields: ['people'] }],
      );
    const guest = { name: '甲', guest: true };
    const hidden = { name: '乙' };
    expect(checkForm(content({}), { people: [guest, hidden] }, ctx)).toEqual({
      answers: { people: [guest] },
      issues: [],
    });
    // Between others it keeps its place, which faults name.
    expect(checkForm(content({}), { people: [hidden, guest] }, ctx).answers).toEqual({ people: [{}, guest] });
    expect(told(content({}), { people: [hidden] })).toEqual(['answers.people check_failed']);
    expect(told(content({ required: true }), { people: [hidden] })).toEqual(['answers.people required']);
    expect(told(content({ min: 2 }), { people: [guest, hidden] })).toEqual(['answers.people too_few_records']);
    for (const people of [[guest, hidden], [hidden, guest], [hidden]]) {
      const once = checkForm(content({}), { people }, ctx);
      expect(checkForm(content({}), once.answers, ctx)).toEqual(once);
    }
  });

  it('in a circle, which no published form has, still end', () => {
    const content = form([
      { key: 'a', kind: 'integer', compute: worth('b + 1') },
      { key: 'b', kind: 'integer', compute: worth('a + 1') },
      { key: 'c', kind: 'integer', visibleWhen: when('c == 1') },
    ]);
    expect(checkForm(content, { a: 1, b: 2, c: 1 }, ctx)).toEqual({ answers: {}, issues: [] });
  });
});

describe('a check over several answers', () => {
  const content = form(
    [
      { key: 'from', kind: 'date', required: true },
      { key: 'to', kind: 'date' },
      { key: 'phone', kind: 'phone' },
      { key: 'mail', kind: 'text', visibleWhen: when('not empty(from)') },
    ],
    [
      {
        key: 'order',
        assert: when('to >= from'),
        message: { 'zh-CN': '结束不能早于开始', en: 'Ends too early' },
        fields: ['to'],
      },
      {
        key: 'reach',
        assert: when('filled(phone) or filled(mail)'),
        message: { 'zh-CN': '留一个' },
        fields: ['mail', 'phone'],
      },
    ],
  );

  it('says its own sentence at the first field to mend', () => {
    expect(vetForm(content)).toEqual([]);
    const { issues } = checkForm(content, { from: '2024-06-02', to: '2024-06-01' }, ctx);
    expect(issues).toEqual([
      {
        path: 'answers.to',
        code: 'check_failed',
        params: { check: 'order', message: { 'zh-CN': '结束不能早于开始', en: 'Ends too early' } },
      },
      {
        path: 'answers.mail',
        code: 'check_failed',
        params: { check: 'reach', message: { 'zh-CN': '留一个' } },
      },
    ]);
  });

  it('is silent about answers that are not there, or wrong by themselves', () => {
    expect(told(content, { from: '2024-06-02', mail: 'x' })).toEqual([]);
    expect(told(content, { from: '2024-06-31', to: '2024-06-01', phone: '13800138000' })).toEqual([
      'answers.from bad_date',
    ]);
  });

  it('is said at a visible field, and counts only while there is one', () => {
    expect(told(content, {})).toEqual(['answers.from required', 'answers.phone check_failed']);
    const alone = form(
      [
        { key: 'a', kind: 'integer' },
        { key: 'b', kind: 'integer', visibleWhen: when('a == 1') },
      ],
      [{ key: 'c', assert: when('a > 5'), message: label, fields: ['b'] }],
    );
    expect(told(alone, { a: 1 })).toEqual(['answers.b check_failed']);
    expect(told(alone, { a: 2 })).toEqual([]);
  });
});

it('visible fields are the form’s own objects', () => {
  const content = form([
    { key: 'a', kind: 'text', requiredWhen: when('filled(b)') },
    { key: 'b', kind: 'text' },
  ]);
  expect(visibleFields(content, { b: 'x' }, ctx)).toEqual(content.steps[0]!.fields);
  expect(visibleFields(content, { b: 'x' }, ctx)[0]).toBe(content.steps[0]!.fields[0]);
});
