import { describe, expect, it } from 'vitest';
import {
  checkForm,
  formNow,
  visibleFields,
  type Condition,
  type Expression,
  type Field,
  type FormContent,
} from '../index.ts';
import { vetForm } from '../vet/index.ts';
import { compileCondition, compileExpression } from './compile.ts';

const ctx = { today: '2024-06-15' };
const label = { 'zh-CN': '标签' };
const form = (fields: Omit<Field, 'label'>[]): FormContent => ({
  title: label,
  steps: [{ key: 'one', title: label, fields: fields.map((field) => ({ label, ...field })) }],
});

/** The processor's time for the fastest of several runs, in ms: other work on the machine is not the expression's fault. */
function fastest(work: () => unknown): number {
  let best = Infinity;
  for (let run = 0; run < 5; run += 1) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

describe('rules made to hang, recurse or escape', () => {
  it('are judged in no time where they may be published, however much they ask for', () => {
    const long = '𠮷'.repeat(4000);
    const text = { key: 'long', kind: 'textarea', max: 10_000 } as const;
    const longest: Expression = { fn: 'concat', args: Array.from({ length: 20 }, () => ({ field: 'long' })) };
    const length: Condition = { left: { fn: 'length', args: [{ field: 'long' }] }, op: 'gt', right: { value: 1 } };
    const rules = Array.from({ length: 150 }, (_, at): Omit<Field, 'label'> => ({
      key: `f${at}`,
      kind: 'textarea',
      max: 10_000,
      ...(at % 2
        ? { compute: longest, readOnlyWhen: { field: 'long', op: 'filled' } }
        : { requiredWhen: { all: Array.from({ length: 7 }, () => length) } }),
    }));
    const content = form([text, ...rules]);
    expect(vetForm(content)).toEqual([]);
    expect(checkForm(content, { long }, ctx).issues).toHaveLength(75);
    expect(fastest(() => checkForm(content, { long }, ctx))).toBeLessThan(50);
    expect(fastest(() => formNow(content, { long }, ctx))).toBeLessThan(50);
  });

  it('are refused where they are more', () => {
    const filled: Condition = { field: 'a', op: 'filled' };
    const many = Array.from({ length: 199 }, (_, at): Omit<Field, 'label'> => ({
      key: `f${at}`,
      kind: 'text',
      requiredWhen: { all: Array.from({ length: 40 }, () => filled) },
    }));
    const content = form([{ key: 'a', kind: 'text' }, ...many]);
    expect(vetForm(content).map(({ path, code }) => `${path} ${code}`)).toEqual([' too_many_rules']);
    expect(fastest(() => vetForm(content))).toBeLessThan(50);
  });

  it('end soon also where nobody vetted them: nested without end, in circles, of the wrong shape', () => {
    let deepCondition: Condition = { field: 'a', op: 'filled' };
    let deepExpression: Expression = { field: 'a' };
    for (let at = 0; at < 50_000; at += 1) {
      deepCondition = { not: deepCondition };
      deepExpression = { if: deepCondition, then: deepExpression, else: { value: 1 } };
    }
    const circle = Array.from({ length: 200 }, (_, at): Omit<Field, 'label'> => ({
      key: `c${at}`,
      kind: 'integer',
      compute: { fn: 'add', args: Array.from({ length: 200 }, (__, other) => ({ field: `c${other}` })) },
    }));
    const odd = [null, 5, 'eval', [], {}, { fn: 'constructor', args: [] }, { fn: '__proto__', args: [] }, { fn: 'add' }]
      .concat([
        { all: 5 },
        { any: null },
        { not: null },
        { left: 1, op: 'eq', right: 2 },
        { field: {}, op: 'eq' },
      ] as never)
      .concat([{ field: '__proto__', op: 'filled' }, { field: 'constructor.prototype' }, { value: {} }] as never);
    const content = form([
      { key: 'deep', kind: 'integer', visibleWhen: deepCondition, compute: deepExpression },
      ...circle,
      ...odd.map((rule, at): Omit<Field, 'label'> => ({
        key: `o${at}`,
        kind: 'text',
        visibleWhen: rule as never,
        requiredWhen: rule as never,
        compute: rule as never,
        options: [{ code: 'a', label, allowedWhen: rule as never }],
      })),
    ]);
    expect(fastest(() => visibleFields({ ...content }, { a: 'x' }, ctx))).toBeLessThan(200);
    expect(checkForm(content, {}, ctx).answers).toEqual({});
    expect(vetForm(content).length).toBeGreaterThan(0);
  });

  it('are vetted soon where the type of each hangs on that of the next, twice', () => {
    const chain = Array.from({ length: 199 }, (_, at): Omit<Field, 'label'> => ({
      key: `f${at}`,
      kind: 'integer',
      compute: { if: { field: 'a', op: 'filled' }, then: { field: `f${at + 1}` }, else: { field: `f${at + 1}` } },
    }));
    const content = form([{ key: 'a', kind: 'text' }, ...chain]);
    expect(fastest(() => vetForm(content))).toBeLessThan(50);
  });

  it('reach nothing but answers', () => {
    const names = ['constructor', '__proto__', 'toString', 'prototype', 'a.constructor', 'a.__proto__', 'process'];
    for (const name of names) {
      const content = form([
        { key: 'a', kind: 'text' },
        { key: 'b', kind: 'text', compute: { field: name } },
      ]);
      expect(checkForm(content, { a: 'x' }, ctx).answers).toEqual({ a: 'x' });
      expect(vetForm(content).map(({ code }) => code)).toContain('condition_unknown_field');
    }
    const resolve = () => () => undefined;
    const env = { values: [], today: '', outer: null };
    for (const fn of ['constructor', 'hasOwnProperty', 'eval', '__proto__'])
      expect(compileExpression({ fn: fn as 'add', args: [{ value: 'return process' }] }, resolve)(env)).toBeUndefined();
    expect(compileCondition({ field: 'a', op: 'constructor' as 'eq', value: 1 }, resolve, 'no')(env)).toBeUndefined();
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
