import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { own } from '../own.ts';
import type { Condition, Expression } from '../types.ts';
import { compileCondition, compileExpression, type Missing } from './compile.ts';
import { parseCondition, parseExpression, printCondition, printExpression } from './index.ts';

const today = '2024-06-15';
const answers: Record<string, unknown> = {
  n: 5,
  half: 2.5,
  zero: 0,
  name: '李雷',
  born: '2000-06-16',
  first: '2024-06-01',
  signs: ['fever', 'cough'],
  city: 'sz',
  yes: true,
  people: [{ age: 30, name: '甲' }, { name: '乙' }, { age: 8 }],
};
const env = { values: [], today, outer: null };
const resolve = (name: string) => () => {
  const [key = '', inner] = name.split('.');
  const value = own(answers, key);
  return inner && Array.isArray(value) ? value.map((record: Record<string, unknown>) => own(record, inner)) : value;
};
const read = (text: string): Expression => {
  const { value, fault } = parseExpression(text);
  if (!value) throw new Error(`${text}: ${JSON.stringify(fault)}`);
  return value;
};
const readCondition = (text: string): Condition => {
  const { value, fault } = parseCondition(text);
  if (!value) throw new Error(`${text}: ${JSON.stringify(fault)}`);
  return value;
};
const work = (text: string): unknown => compileExpression(read(text), resolve)(env);
const test = (text: string, missing: Missing = 'no') => compileCondition(readCondition(text), resolve, missing)(env);

describe('an expression', () => {
  it.each<[string, unknown]>([
    ['n + half * 2', 10],
    ['(n + half) * 2', 15],
    ['10 - 3 - 2', 5],
    ['10 - (3 - 2)', 9],
    ['n - -3', 8],
    ['0.1 + 0.2', 0.3],
    ['n / zero', undefined],
    ['n / 2', 2.5],
    ['1 / 3 * 3', 1],
    ['gone + 1', undefined],
    ['name + 1', undefined],
    ['add(1, 2, 3)', 6],
    ['round(2.345, 2)', 2.35],
    ['round(1.005, 2)', 1.01],
    ['round(-2.5)', -3],
    ['round(12345.678, 1)', 12345.7],
    ['min(n, half, gone)', 2.5],
    ['max(first, born)', '2024-06-01'],
    ['max(n, name)', undefined],
    ['min(gone)', undefined],
    ['sum(people.age)', 38],
    ['sum(people.age, n, gone)', 43],
    ['max(people.age)', 30],
    ['sum(gone)', 0],
    ['count(people)', 3],
    ['count(people.age)', 2],
    ['count(signs)', 2],
    ['count(gone)', 0],
    ['count(n, name, gone)', 2],
    ['concat(name, "-", n, gone)', '李雷-5'],
    ['concat(gone)', undefined],
    ['length(name)', 2],
    ['length(gone)', 0],
    ['age(born)', 23],
    ['age(born, "2024-06-16")', 24],
    ['age("2024-06-16")', undefined],
    ['age(name)', undefined],
    ['days(first, today)', 14],
    ['days(today, first)', -14],
    ['addDays(today, 16)', '2024-07-01'],
    ['addDays(today, 0.5)', undefined],
    ['addDays("2199-12-31", 1)', undefined],
    ['orElse(gone, n)', 5],
    ['if(n > 3 and city == "sz", "多", "少")', '多'],
    ['if(gone > 3, 1, 2)', 2],
    ['today', today],
    ['yes', true],
  ])('%s is %j', (text, expected) => expect(work(text)).toEqual(expected));

  it('never gives a number that is none', () => {
    const numbers = fc.oneof(fc.double(), fc.constantFrom(0, -0, 1e308, NaN, Infinity, '5', null, undefined, [1]));
    const fns = fc.constantFrom('add', 'sub', 'mul', 'div', 'round', 'min', 'max', 'sum') as fc.Arbitrary<'add'>;
    fc.assert(
      fc.property(fns, fc.array(numbers, { maxLength: 4 }), (fn, values) => {
        const args: Expression[] = values.map((_, at) => ({ field: String(at) }));
        const value = compileExpression({ fn, args }, (name) => () => values[Number(name)])(env);
        expect(value === undefined || typeof value === 'string' || Number.isFinite(value)).toBe(true);
        expect(Object.is(value, -0)).toBe(false);
      }),
    );
  });
});

describe('a comparison', () => {
  it.each<[string, boolean, boolean | undefined]>([
    // As a rule, and as a check.
    ['n == 5', true, true],
    ['gone == 5', false, undefined],
    ['gone != 5', true, undefined],
    ['gone > n', false, undefined],
    ['gone == away', false, undefined],
    ['gone != away', true, undefined],
    ['gone in ("a")', false, undefined],
    ['gone not in ("a")', true, undefined],
    ['gone contains "a"', false, undefined],
    ['filled(gone)', false, false],
    ['empty(gone)', true, true],
    ['not gone == 5', true, undefined],
    ['gone > 5 and n == 4', false, false],
    ['gone > 5 and n == 5', false, undefined],
    ['gone > 5 or n == 5', true, true],
    ['gone > 5 or n == 4', false, undefined],
    ['half < n', true, true],
    ['n + half >= 7.5', true, true],
    ['name > n', false, false],
    ['first <= today', true, true],
    ['signs contains "fever"', true, true],
    ['city not in ("sz", "gz")', false, false],
  ])('%s', (text, rule, check) => {
    expect(test(text)).toBe(rule);
    expect(test(text, 'silent')).toBe(check);
  });
});

describe('the text of a rule', () => {
  it.each([
    'age(birthDate) >= 18 and city in ("sz", "gz")',
    'a == 1 or b == 2 and not (c == 3 or d contains "x")',
    'a == 1 and (b == 2 and c == 3)',
    'filled(a) and empty(b) and c not in (1, 2.5, -3)',
    'a - (b - c) > d / (e * f) - 1',
    'if(a == 1, b, c + 2) != "引号\\"和\\\\"',
    'sum(members.income, 5) / count(members) < 1e+21',
    '[today] > today',
    'agreed == true',
    '[in] in ("in")',
    'round(weight / (height * height), 1) > 24.5',
    'max(a, b) == addDays(today, -14)',
  ])('%s comes back', (text) => expect(printCondition(readCondition(text))).toBe(text));

  it('reads what people also type', () => {
    expect(printCondition(readCondition('((a=1))and\n(((b)>=c))'))).toBe('a == 1 and b >= c');
    expect(readCondition('a > 5')).toEqual({ field: 'a', op: 'gt', value: 5 });
  });

  it.each<[string, number, string]>([
    ['', 0, 'value'],
    ['a ==', 4, 'value'],
    ['a', 0, 'condition'],
    ['a == 1 and', 10, 'value'],
    ['a == 1 b', 7, 'end'],
    ['a == 1 and b', 11, 'condition'],
    ['(a == 1', 7, 'sign'],
    ['a in (b)', 6, 'value'],
    ['5 in (5)', 0, 'name'],
    ['eval(a) == 1', 0, 'function'],
    ['constructor(a) == 1', 0, 'function'],
    ['a == "x', 5, 'sign'],
    ['a == 1; b', 6, 'sign'],
    ['a == "\\x"', 5, 'text'],
    ['(a > 1) == true', 0, 'value'],
    ['not', 3, 'value'],
    [`${'('.repeat(100)}a${')'.repeat(100)} == 1`, 40, 'less'],
    [`a == "${'x'.repeat(3000)}"`, 2000, 'less'],
  ])('%s: a fault at %i', (text, at, expected) => {
    const { fault } = parseCondition(text);
    expect([fault?.expected, expected === 'less' || fault?.at === at]).toEqual([expected, true]);
  });

  it('of any rule means the same rule', () => {
    fc.assert(
      fc.property(conditions, (condition) => {
        const text = printCondition(condition);
        const again = readCondition(text);
        expect(printCondition(again)).toBe(text);
        for (const missing of ['no', 'silent'] as const)
          expect(compileCondition(again, resolve, missing)(env)).toBe(
            compileCondition(condition, resolve, missing)(env),
          );
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(expressions, (expression) => {
        const text = printExpression(expression);
        expect(printExpression(read(text))).toBe(text);
        expect(work(text)).toEqual(compileExpression(expression, resolve)(env));
      }),
      { numRuns: 2000 },
    );
  });

  it('of anything is read or refused, soon', () => {
    const pieces = fc.constantFrom(
      '(',
      ')',
      'and',
      'not',
      'a',
      '"',
      '\\',
      '5',
      '-',
      'in',
      ',',
      '==',
      'if(',
      '\u0000',
      '中',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces, { maxLength: 400 }).map((each) => each.join(' ')),
        ),
        (text) => {
          const before = performance.now();
          const { value, fault } = parseCondition(text);
          expect((value === undefined) !== (fault === undefined)).toBe(true);
          expect(performance.now() - before).toBeLessThan(500);
        },
      ),
      { numRuns: 500 },
    );
  });
});

const names = fc.constantFrom('n', 'half', 'gone', 'name', 'born', 'signs', 'today', 'in', 'city', 'people');
const literals = fc.oneof(
  fc.integer({ min: -50, max: 50 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  fc.string({ maxLength: 5 }),
  fc.boolean(),
);
const { condition: conditions, expression: expressions } = fc.letrec<{ condition: Condition; expression: Expression }>(
  (tie) => ({
    expression: fc.oneof(
      { maxDepth: 3 },
      literals.map((value) => ({ value })),
      names.map((field) => ({ field })),
      fc.constant({ field: 'people.age' }),
      fc.constant({ today: true as const }),
      fc.record({
        fn: fc.constantFrom('add', 'sub', 'mul', 'div', 'sum', 'concat', 'orElse') as fc.Arbitrary<'add'>,
        args: fc.array(tie('expression'), { minLength: 1, maxLength: 3 }),
      }),
      fc.record({ if: tie('condition'), then: tie('expression'), else: tie('expression') }),
    ),
    condition: fc.oneof(
      { maxDepth: 3 },
      fc.record({ field: names, op: fc.constantFrom('eq', 'ne', 'gt', 'lte', 'contains'), value: literals }),
      fc.record({
        field: names,
        op: fc.constantFrom('in', 'notIn'),
        value: fc.array(fc.oneof(fc.integer(), fc.string({ maxLength: 3 })), { maxLength: 3 }),
      }),
      fc.record({ field: names, op: fc.constantFrom('filled', 'empty') }),
      fc.record({ left: tie('expression'), op: fc.constantFrom('eq', 'ne', 'lt', 'gte'), right: tie('expression') }),
      fc.record({ all: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ any: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ not: tie('condition') }),
    ) as fc.Arbitrary<Condition>,
  }),
);
