import { describe, expect, it } from 'vitest';
import { parseCondition, parseExpression } from '../expressions/index.ts';
import { vetForm } from './index.ts';

const label = { 'zh-CN': '标签' };
const options = ['yes', 'no'].map((code) => ({ code, label: { 'zh-CN': code } }));
type Rough = Record<string, unknown>;

const when = (text: string): unknown => parseCondition(text).value ?? text;
const worth = (text: string): unknown => parseExpression(text).value ?? text;

const AROUND: Rough[] = [
  { key: 'choice', kind: 'radio', options },
  { key: 'n', kind: 'integer', min: 0, max: 120 },
  { key: 'list', kind: 'checkbox', options },
  { key: 'card', kind: 'document' },
  { key: 'day', kind: 'date', min: '2024-01-01' },
  { key: 'name', kind: 'text', required: true },
  { key: 'agreed', kind: 'consent' },
  { key: 'note', kind: 'static' },
];
const told = (field: Rough, rest: Rough = {}): string[] => {
  const fields = [...AROUND, { key: 'it', kind: 'text', ...field }].map((each) => ({ label, ...each }));
  return vetForm({ title: label, steps: [{ key: 'one', title: label, fields }], ...rest }).map(({ path, code }) =>
    `${path} ${code}`.replace('steps.0.fields.8.', ''),
  );
};

describe('the types of a rule', () => {
  it.each<[string, string[]]>([
    ['n + 1 > 5', []],
    ['days(day, today) > 30', []],
    ['max(day, today) > "2024-05-01"', []],
    ['choice == "yes" or n / 2 == 3', []],
    ['length(name) >= n', []],
    ['n > 5 and name != "x"', []],
    ['name + 1 > 5', ['visibleWhen.left.args.0 expression_not_number']],
    ['n + card > 5', ['visibleWhen.left.args.1.field expression_no_value']],
    ['n > day', ['visibleWhen condition_types']],
    ['day == n', ['visibleWhen condition_types']],
    ['day > "tomorrow"', ['visibleWhen.value condition_unfit']],
    ['addDays(day, 1) > "tomorrow"', ['visibleWhen condition_types']],
    ['list == list', ['visibleWhen condition_types']],
    ['choice > choice', ['visibleWhen condition_types']],
    ['age(n) > 5', ['visibleWhen.left.args.0 expression_not_day']],
    ['length(day) > 5', ['visibleWhen.left.args.0 expression_not_text']],
    ['max(name, n) > 5', ['visibleWhen.left.args.0 expression_not_sorted']],
    ['max(day, n) > today', ['visibleWhen.left expression_mixed']],
    ['orElse(n, name) == 5', ['visibleWhen.left expression_mixed']],
    ['if(choice == "maybe", 1, 2) == 5', ['visibleWhen.left.if.value condition_unknown_option']],
    ['round(n, 1, 2) > 5', ['visibleWhen.left.args expression_arguments']],
    ['count() > 5', ['visibleWhen.left.args expression_arguments']],
    ['nobody > n', ['visibleWhen.left.field condition_unknown_field']],
    [
      'nobody.here == 5',
      ['visibleWhen.field condition_unknown_field', 'visibleWhen.left.field condition_unknown_field'],
    ],
    ['note == 5', ['visibleWhen.op condition_unfit']],
    ['filled(note)', ['visibleWhen.op condition_unfit']],
  ])('%s: %j', (text, expected) => {
    const found = told({ visibleWhen: when(text) });
    // A name with a point is read as an expression or as a comparison: either way it is not there.
    expect(text.startsWith('nobody.') ? expected.includes(found[0]!) && found.length === 1 : found).toEqual(
      text.startsWith('nobody.') ? true : expected,
    );
  });

  it.each<[Rough, string[]]>([
    [{ requiredWhen: when('nobody == 1') }, ['requiredWhen.field condition_unknown_field']],
    [{ readOnlyWhen: 5 }, ['readOnlyWhen shape']],
    [{ compute: worth('n + 1') }, ['compute compute_not_read_only']],
    [{ kind: 'integer', compute: worth('n + 1'), readOnlyWhen: when('n > 5') }, []],
    [{ kind: 'integer', compute: worth('today'), readOnlyWhen: when('n > 5') }, ['compute compute_unfit']],
    [{ kind: 'date', compute: worth('"2024-01-01"'), readOnlyWhen: when('n > 5') }, []],
    [{ compute: { fn: 'eval', args: [] }, readOnlyWhen: when('n > 5') }, ['compute.fn expression_unknown_function']],
    [
      { compute: { fn: '__proto__', args: [] }, readOnlyWhen: when('n > 5') },
      ['compute.fn expression_unknown_function'],
    ],
    [{ compute: { value: { toString: 1 } }, readOnlyWhen: when('n > 5') }, ['compute.value shape']],
    [
      { compute: { value: 1, fn: 'add' }, readOnlyWhen: when('n > 5') },
      ['compute.fn unknown_property', 'compute compute_unfit'],
    ],
    [
      { kind: 'radio', options: [options[0], { ...options[1], allowedWhen: when('n == "x"') }] },
      ['options.1.allowedWhen.value condition_unfit'],
    ],
    [{ kind: 'static', requiredWhen: when('n == 1') }, ['requiredWhen not_for_kind']],
  ])('%j: %j', (field, expected) => expect(told(field)).toEqual(expected));

  it('refuses what is too much to understand, without looking at all of it', () => {
    let deep: unknown = { value: 1 };
    for (let at = 0; at < 10_000; at += 1) deep = { fn: 'add', args: [deep, { value: 1 }] };
    const wide = { fn: 'concat', args: Array.from({ length: 100_000 }, () => ({ field: 'name' })) };
    const many = {
      all: Array.from({ length: 100_000 }, () => ({ left: { field: 'n' }, op: 'eq', right: { value: 1 } })),
    };
    for (const visibleWhen of [{ left: deep, op: 'gt', right: { value: 1 } }, many]) {
      expect(told({ visibleWhen })).toEqual(['visibleWhen condition_too_deep']);
      const before = process.cpuUsage();
      told({ visibleWhen });
      expect(process.cpuUsage(before).user).toBeLessThan(200_000);
    }
    expect(told({ compute: wide, readOnlyWhen: when('n > 5') })).toEqual(['compute.args expression_arguments']);
  });
});

describe('what no answer can bring to sight', () => {
  it.each<[string, boolean]>([
    ['n > 120', false],
    ['n >= 120', true],
    ['n > 5 and n < 5', false],
    ['n > 5 and not n > 5', false],
    ['not n > 200', true],
    ['n == 5 and n != 5', false],
    ['choice == "yes" and choice == "no"', false],
    ['choice not in ("yes", "no") and filled(choice)', false],
    ['choice not in ("yes", "no")', true],
    ['choice == "yes" and (choice == "no" or n > 200)', false],
    ['choice == "yes" and (choice == "no" or n > 20)', true],
    ['list contains "yes" and list contains "no"', true],
    ['list contains "yes" and not list contains "yes"', false],
    ['empty(name)', false],
    ['empty(n) and filled(n)', false],
    ['empty(n) and n > 5', false],
    ['day < "2024-01-01"', false],
    ['day == "2024-01-01"', true],
    ['agreed == false', false],
    ['n + 1 > 500', true],
    ['not (n > 5 or n <= 5)', true],
    ['not (empty(n) or filled(n))', false],
  ])('%s can be: %s', (text, can) =>
    expect(told({ visibleWhen: when(text) })).toEqual(can ? [] : ['visibleWhen field_unreachable']),
  );

  it('includes what depends on it, and options', () => {
    const fields = [
      { key: 'last', kind: 'text', visibleWhen: when('filled(middle)') },
      { key: 'middle', kind: 'text', visibleWhen: when('n > 5 and n < 4') },
      { key: 'n', kind: 'integer' },
      { key: 'c', kind: 'radio', options: [options[0], { ...options[1], allowedWhen: when('filled(last)') }] },
    ].map((each) => ({ label, ...each }));
    expect(
      vetForm({ title: label, steps: [{ key: 'one', title: label, fields }] }).map(
        ({ path, code }) => `${path} ${code}`,
      ),
    ).toEqual([
      'steps.0.fields.1.visibleWhen field_unreachable',
      'steps.0.fields.0.visibleWhen field_unreachable',
      'steps.0.fields.3.options.1.allowedWhen option_unreachable',
    ]);
  });
});

describe('checks', () => {
  const check = { key: 'one', assert: when('n > 5'), message: label, fields: ['n'] };
  it.each<[unknown, string[]]>([
    [[check], []],
    [5, ['checks shape']],
    [[check, check], ['checks.1.key duplicate_key']],
    [[{ ...check, fields: [] }], ['checks.0.fields check_no_fields']],
    [[{ ...check, fields: ['nobody'] }], ['checks.0.fields.0 condition_unknown_field']],
    [[{ ...check, fields: ['note'] }], ['checks.0.fields.0 condition_unknown_field']],
    [[{ ...check, message: {} }], ['checks.0.message.zh-CN text_missing']],
    [[{ ...check, assert: when('n > day') }], ['checks.0.assert condition_types']],
    [[{ ...check, key: '__proto__' }], ['checks.0.key reserved_key']],
    [Array.from({ length: 51 }, (_, at) => ({ ...check, key: `k${at}` })), ['checks too_many_checks']],
  ])('%j: %j', (checks, expected) => expect(told({}, { checks })).toEqual(expected));
});
