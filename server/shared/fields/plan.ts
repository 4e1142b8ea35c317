import {
  compileCondition,
  compileExpression,
  NOTHING,
  type Read,
  type Resolve,
  type Test,
} from './expressions/compile.ts';
import { namesIn, splitName } from './expressions/names.ts';
import { fieldsOf } from './fields.ts';
import { orderOf } from './order.ts';
import { own } from './own.ts';
import type { Check, Condition, Field, FormContent } from './types.ts';

/** A field with its rules as closures. */
export interface FieldPlan {
  field: Field;
  /** Its place in the form, and its slot among the values. */
  at: number;
  visible: Test | undefined;
  required: Test | undefined;
  readOnly: Test | undefined;
  compute: Read | undefined;
  /** Options that may be chosen only while something holds, by code. */
  allowed: ReadonlyMap<string, Test> | undefined;
  /** What each record of a group is asked. */
  group: Plan | undefined;
}

export interface CheckPlan {
  check: Check;
  test: Test;
  /** Slots of the fields to mend. */
  at: readonly number[];
  /** Slots of the fields that it reads. */
  reads: readonly number[];
}

/** What follows from a form's content alone, whatever the answers. */
export interface Plan {
  /** In the order of the form. */
  fields: readonly FieldPlan[];
  /** In the order of evaluation: each after those that it depends on. */
  order: readonly FieldPlan[];
  /** Places by key, without names that no answer may have. */
  slots: ReadonlyMap<string, number>;
  checks: readonly CheckPlan[];
  /** A list without a value in any slot. */
  nothing: readonly undefined[];
  /** Whether any answer depends on another: without, each value stands by itself. */
  hasRules: boolean;
}

/** Keys that reach a prototype: no answer is called so. */
export const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

const plans = new WeakMap<FormContent, Plan>();

/** The plan of a content; made once. A content is never changed in place: who edits one makes a new one. */
export function planOf(content: FormContent): Plan {
  let plan = plans.get(content);
  if (!plan) plans.set(content, (plan = makePlan(fieldsOf(content), content.checks)));
  return plan;
}

function makePlan(all: readonly Field[], checks: readonly Check[] = [], outer?: Resolve): Plan {
  const slots = new Map(all.map(({ key }, at) => [key, at]));
  const resolve = createResolve(slots, outer);
  const fields = all.map((field, at) => planField(field, at, resolve));
  const order = orderOf(all.map((field) => [...slotsIn(slots, valueNames(field))])).map((at) => fields[at]!);
  return {
    fields,
    order,
    nothing: all.map(() => undefined),
    slots: new Map([...slots].filter(([key]) => !FORBIDDEN.has(key))),
    checks: checks.map((check) => ({
      check,
      test: compileCondition(check.assert, resolve, 'silent'),
      at: [...slotsIn(slots, new Set(check.fields))],
      reads: [...slotsIn(slots, namesIn(check.assert))],
    })),
    hasRules:
      checks.length > 0 ||
      fields.some(({ visible, required, readOnly, compute, allowed, group }) =>
        [visible, required, readOnly, compute, allowed, group].some(Boolean),
      ),
  };
}

function planField(field: Field, at: number, resolve: Resolve): FieldPlan {
  const test = (condition: Condition | undefined) => condition && compileCondition(condition, resolve, 'no');
  const allowed = new Map<string, Test>();
  for (const { code, allowedWhen } of field.options ?? []) if (allowedWhen) allowed.set(code, test(allowedWhen)!);
  return {
    field,
    at,
    visible: test(field.visibleWhen),
    required: field.required ? undefined : test(field.requiredWhen),
    readOnly: test(field.readOnlyWhen),
    compute: field.compute && compileExpression(field.compute, resolve),
    allowed: allowed.size > 0 ? allowed : undefined,
    group: field.fields && makePlan(field.fields, [], resolve),
  };
}

/** How names are read: a field of this level, a column of a group, or what the surroundings know by that name. */
function createResolve(slots: ReadonlyMap<string, number>, outer: Resolve | undefined): Resolve {
  return (name) => {
    const [key, inner] = splitName(name);
    const slot = slots.get(key);
    if (slot === undefined) {
      const read = outer?.(name) ?? NOTHING;
      return (env) => (env.outer ? read(env.outer) : undefined);
    }
    if (inner === undefined) return (env) => env.values[slot];
    return (env) => {
      const records = env.values[slot];
      return Array.isArray(records)
        ? (records as Record<string, unknown>[]).map((record) => own(record, inner))
        : undefined;
    };
  };
}

/** What a field's value depends on; what is required or allowed says only whether the value is right. */
export function valueNames({ visibleWhen, readOnlyWhen, compute, fields = [] }: Field): Set<string> {
  const names = namesIn(visibleWhen, readOnlyWhen, compute);
  const own = new Set(fields.map(({ key }) => key));
  for (const field of fields) for (const name of valueNames(field)) if (!own.has(splitName(name)[0])) names.add(name);
  return names;
}

function slotsIn(slots: ReadonlyMap<string, number>, names: ReadonlySet<string>): Set<number> {
  const found = new Set<number>();
  for (const name of names) {
    const slot = slots.get(splitName(name)[0]);
    if (slot !== undefined) found.add(slot);
  }
  return found;
}
