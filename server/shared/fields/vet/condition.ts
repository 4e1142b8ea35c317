import { flaw, isRecord, type ValueType } from '../kinds/kind.ts';
import type { Condition, Field } from '../types.ts';
import { canCompare, isValueOf, typeOfField, vetExpression, type Budget, type Typed } from './expression.ts';
import { find, MAX_PARTS, type Scope } from './scope.ts';
import { join, listAt, objectAt, type Report } from './shape.ts';
import { SORTED } from './signatures.ts';

export type Operator = Extract<Condition, { field: string }>['op'];

const DEPTH = 5;
/** Conditions and expressions within one rule. */
const COUNT = 50;
const SORTING: readonly Operator[] = ['gt', 'gte', 'lt', 'lte'];
const CHOICE: readonly Operator[] = ['eq', 'ne', 'in', 'notIn'];

/** Which comparisons with a value mean something for which type. */
const OPERATORS: Record<ValueType, readonly Operator[]> = {
  text: [...CHOICE, 'contains'],
  number: [...CHOICE, ...SORTING],
  day: [...CHOICE, ...SORTING],
  moment: [...CHOICE, ...SORTING],
  time: [...CHOICE, ...SORTING],
  boolean: ['eq', 'ne'],
  choice: CHOICE,
  choices: ['contains'],
  records: [],
};

/** What may be asked of a field, by what an expression sees of it; `filled` and `empty` of all that have a value. */
export function operatorsOf(kind: Field['kind'], type: ValueType | undefined): Operator[] {
  return kind === 'static' ? [] : [...(type ? OPERATORS[type] : []), 'filled', 'empty'];
}

/** Judges an expression of a rule; its type, where nothing is wrong with it. */
export function vetRuleExpression(raw: unknown, path: string, scope: Scope, report: Report): Typed | undefined {
  return vetExpression(raw, path, scope, report, budgetOf(path, scope, report));
}

/** Judges a condition: its shape, that it names fields that are there, and that its comparisons mean something. */
export function vetCondition(condition: unknown, path: string, scope: Scope, report: Report): void {
  budgetOf(path, scope, report).condition(condition, path, 1);
}

function budgetOf(whole: string, scope: Scope, report: Report): Budget {
  let told = false;
  let left = COUNT;
  const { left: all } = scope;
  const budget: Budget = {
    spend(fits) {
      left -= 1;
      if (fits && left >= 0) {
        all.parts -= 1;
        if (all.parts === -1) report(flaw('', 'too_many_rules', { max: MAX_PARTS }));
        return all.parts >= 0;
      }
      if (!told) report(flaw(whole, 'condition_too_deep', { max: DEPTH, count: COUNT }));
      told = true;
      return false;
    },
    condition(node, path, depth) {
      if (!budget.spend(depth <= DEPTH)) return;
      for (const group of ['all', 'any'] as const) {
        if (!isRecord(node) || !(group in node)) continue;
        objectAt(node, path, [group], report);
        const members = listAt(node[group], join(path, group), report);
        if (members.length === 0) report(flaw(join(path, group), 'shape', { expected: 'list' }));
        for (const [index, member] of members.entries()) {
          if (told) return;
          budget.condition(member, join(join(path, group), index), depth + 1);
        }
        return;
      }
      if (isRecord(node) && 'not' in node) {
        objectAt(node, path, ['not'], report);
        return budget.condition(node.not, join(path, 'not'), depth + 1);
      }
      if (isRecord(node) && 'left' in node) return vetSides(node, path, scope, report, budget);
      vetComparison(node, path, scope, report);
    },
  };
  return budget;
}

function vetSides(node: Record<string, unknown>, path: string, scope: Scope, report: Report, budget: Budget): void {
  objectAt(node, path, ['left', 'op', 'right'], report);
  const [left, right] = (['left', 'right'] as const).map((side) => {
    const typed = vetExpression(node[side], join(path, side), scope, report, budget);
    if (!typed?.list) return typed;
    report(flaw(join(path, side), 'expression_list'));
    return undefined;
  });
  const sorting = SORTING.includes(node.op as Operator);
  if (!sorting && node.op !== 'eq' && node.op !== 'ne') return report(flaw(join(path, 'op'), 'condition_types'));
  if (!left || !right) return;
  const type = left.literal === undefined ? left.type : right.type;
  const meaningful = sorting ? SORTED.includes(type) : type !== 'choices' && type !== 'records';
  if (!meaningful || !canCompare(left, right)) report(flaw(path, 'condition_types'));
}

function vetComparison(node: unknown, path: string, scope: Scope, report: Report): void {
  const test = objectAt(node, path, ['field', 'op', 'value'], report);
  if (!test) return;
  const { field: key, op, value } = test;
  if (typeof key !== 'string' || typeof op !== 'string')
    return report(flaw(path, 'shape', { expected: '{ field, op, value }' }));
  const name = key.slice(0, 81);
  const found = find(scope, key);
  if (found === 'unsound') return;
  if (found === 'unknown') return report(flaw(join(path, 'field'), 'condition_unknown_field', { field: name }));
  if (found.list) return report(flaw(join(path, 'field'), 'expression_list'));
  const { field } = found;
  const type = typeOfField(field, scope);
  const bare = op === 'filled' || op === 'empty';
  const fits = operatorsOf(field.kind, type).includes(op as Operator) && (!bare || value === undefined);
  if (!fits) return report(flaw(join(path, 'op'), 'condition_unfit', { field: name }));
  if (bare || !type) return;
  const values = op === 'in' || op === 'notIn' ? listAt(value, join(path, 'value'), report) : [value];
  for (const each of values) vetValue(each, field, type, join(path, 'value'), report);
}

/** A value that the field could have. */
function vetValue(value: unknown, field: Field, type: ValueType, path: string, report: Report): void {
  const unfit = (): void => report(flaw(path, 'condition_unfit', { field: field.key }));
  if (type === 'number') return Number.isFinite(value) ? undefined : unfit();
  if (type === 'boolean') return typeof value === 'boolean' ? undefined : unfit();
  if (typeof value !== 'string' || value === '' || value.length > 200) return unfit();
  if (isValueOf(field, type, value)) return;
  if (field.kind !== 'region' && (type === 'choice' || type === 'choices'))
    report(flaw(path, 'condition_unknown_option', { field: field.key, value: value.slice(0, 60) }));
  else unfit();
}
