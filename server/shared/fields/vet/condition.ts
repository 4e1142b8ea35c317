import { flaw, isRecord } from '../kinds/kind.ts';
import { optionOf } from '../kinds/options.ts';
import { isDay } from '../days.ts';
import type { Condition, Field, FieldKind } from '../types.ts';
import { join, listAt, objectAt, type Report } from './shape.ts';

type Operator = Extract<Condition, { field: string }>['op'];

const DEPTH = 5;
const COUNT = 50;
const ORDER: Operator[] = ['gt', 'gte', 'lt', 'lte'];
const CHOICE: Operator[] = ['eq', 'ne', 'in', 'notIn'];

/** Which comparisons mean something for which kind; `filled` and `empty` do for all but static. */
const OPERATORS: Record<FieldKind, Operator[]> = {
  text: ['eq', 'ne', 'in', 'notIn', 'contains'],
  textarea: ['contains'],
  integer: [...CHOICE, ...ORDER],
  decimal: [...CHOICE, ...ORDER],
  date: [...CHOICE, ...ORDER],
  radio: CHOICE,
  checkbox: ['contains'],
  select: CHOICE,
  region: CHOICE,
  phone: [],
  document: [],
  address: [],
  consent: ['eq', 'ne'],
  static: [],
};

/** What a condition may name: the fields before it, and whether a later one has the key. */
export interface Surroundings {
  earlier: ReadonlyMap<string, Field>;
  all: ReadonlySet<string>;
}

/** Judges a condition: its shape, that it names earlier fields only (so no circle can arise), and that it can be true. */
export function vetCondition(condition: unknown, path: string, around: Surroundings, report: Report): void {
  let count = 0;
  const visit = (node: unknown, at: string, depth: number): void => {
    count += 1;
    if (depth > DEPTH || count > COUNT) {
      if (depth > DEPTH || count === COUNT + 1) report(flaw(path, 'condition_too_deep', { max: DEPTH, count: COUNT }));
      return;
    }
    for (const group of ['all', 'any'] as const) {
      if (!isRecord(node) || !(group in node)) continue;
      objectAt(node, at, [group], report);
      const members = listAt(node[group], join(at, group), report);
      if (members.length === 0) report(flaw(join(at, group), 'shape', { expected: 'list' }));
      return members.forEach((member, index) => visit(member, join(join(at, group), index), depth + 1));
    }
    if (isRecord(node) && 'not' in node) {
      objectAt(node, at, ['not'], report);
      return visit(node.not, join(at, 'not'), depth + 1);
    }
    vetComparison(node, at, around, report);
  };
  visit(condition, path, 1);
}

function vetComparison(node: unknown, path: string, around: Surroundings, report: Report): void {
  const test = objectAt(node, path, ['field', 'op', 'value'], report);
  if (!test) return;
  const { field: key, op, value } = test;
  if (typeof key !== 'string' || typeof op !== 'string')
    return report(flaw(path, 'shape', { expected: '{ field, op, value }' }));
  const name = key.slice(0, 60);
  const field = around.earlier.get(key);
  if (!field) {
    return report(
      flaw(join(path, 'field'), around.all.has(key) ? 'condition_not_earlier' : 'condition_unknown_field', {
        field: name,
      }),
    );
  }
  const bare = op === 'filled' || op === 'empty';
  const fits = bare ? field.kind !== 'static' && value === undefined : OPERATORS[field.kind].includes(op as Operator);
  if (!fits) return report(flaw(join(path, 'op'), 'condition_unfit', { field: name }));
  if (bare) return;
  const values = op === 'in' || op === 'notIn' ? listAt(value, join(path, 'value'), report) : [value];
  for (const each of values) vetValue(each, field, join(path, 'value'), report);
}

/** A value that the field could have. */
function vetValue(value: unknown, field: Field, path: string, report: Report): void {
  const unfit = (): void => report(flaw(path, 'condition_unfit', { field: field.key }));
  if (field.kind === 'integer' || field.kind === 'decimal') return Number.isFinite(value) ? undefined : unfit();
  if (field.kind === 'consent') return typeof value === 'boolean' ? undefined : unfit();
  if (typeof value !== 'string' || value === '' || value.length > 200) return unfit();
  if (field.kind === 'date') return isDay(value) ? undefined : unfit();
  if (field.kind === 'region') return /^\d{6}$/.test(value) ? undefined : unfit();
  if (field.kind === 'text' || field.kind === 'textarea') return;
  if (!optionOf(field, value))
    report(flaw(path, 'condition_unknown_option', { field: field.key, value: value.slice(0, 60) }));
}
