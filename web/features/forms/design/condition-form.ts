import { PROJECTIONS } from '../../../../server/shared/fields/kinds/index.ts';
import type { Condition, Field } from '../../../../server/shared/fields/types.ts';
import { operatorsOf, type Operator } from '../../../../server/shared/fields/vet/index.ts';

/** What the words of a condition can be, by what an expression sees of the field's value. */

export type Comparison = Extract<Condition, { field: string }>;
/** How the value of a comparison is given. */
export type ValueInput =
  | 'none'
  | 'option'
  | 'options'
  | 'number'
  | 'day'
  | 'moment'
  | 'time'
  | 'yesNo'
  | 'text'
  | 'texts';

const BARE: Operator[] = ['filled', 'empty'];
/** Of lists of numbers and texts a formula is the better spelling. */
const LISTS: Operator[] = ['in', 'notIn'];

/** The comparisons that mean something for a field, as words offer them. */
export function operatorsFor(field: Field): Operator[] {
  const { gives } = PROJECTIONS[field.kind] ?? {};
  const all = operatorsOf(field.kind, gives);
  // Long texts change with every comma.
  if (field.kind === 'textarea') return all.filter((op) => op === 'contains' || BARE.includes(op));
  if (gives === 'boolean') return all.filter((op) => op !== 'ne');
  return gives === 'choice' ? all : all.filter((op) => !LISTS.includes(op));
}

/** How the value of a comparison with this field is given. */
export function valueInput(field: Field, op: Operator): ValueInput {
  if (BARE.includes(op)) return 'none';
  const { gives } = PROJECTIONS[field.kind];
  const many = op === 'in' || op === 'notIn';
  if (gives === 'choice' || gives === 'choices')
    return Array.isArray(field.options) ? (many ? 'options' : 'option') : many ? 'texts' : 'text';
  if (gives === 'number') return many ? 'texts' : 'number';
  if (gives === 'day' || gives === 'moment' || gives === 'time') return gives;
  return gives === 'boolean' ? 'yesNo' : many ? 'texts' : 'text';
}

/** A comparison with this field, by its first operator or by `op` where that fits, keeping a value that still can be. */
export function comparisonWith(field: Field, op?: string, value?: unknown): Comparison {
  const operators = operatorsFor(field);
  // A list of texts that a formula made stays one.
  const all = [...operators, ...operatorsOf(field.kind, PROJECTIONS[field.kind]?.gives)];
  const chosen = all.find((one) => one === op) ?? operators[0] ?? 'filled';
  const kept = fitting(field, chosen, value);
  return (
    kept === undefined ? { field: field.key, op: chosen } : { field: field.key, op: chosen, value: kept }
  ) as Comparison;
}

function fitting(field: Field, op: Operator, value: unknown): unknown {
  const codes = (field.options ?? []).map(({ code }) => code);
  const one = Array.isArray(value) ? (value[0] as unknown) : value;
  switch (valueInput(field, op)) {
    case 'none':
      return undefined;
    case 'option':
      return codes.includes(one as string) ? one : (codes[0] ?? '');
    case 'options': {
      const list = (Array.isArray(value) ? value : [value]).filter((each) => codes.includes(each as string));
      return list.length ? list : codes.slice(0, 1);
    }
    case 'number':
      return typeof one === 'number' ? one : 0;
    case 'yesNo':
      return typeof one === 'boolean' ? one : true;
    case 'texts':
      return Array.isArray(value) ? value : typeof value === 'string' && value ? [value] : [];
    default:
      return typeof one === 'string' ? one : '';
  }
}

export type GroupName = 'all' | 'any';

/** The members of a set of conditions; undefined for anything else. */
export function membersOf(condition: Condition): { how: GroupName; members: Condition[] } | undefined {
  for (const how of ['all', 'any'] as const) {
    const members = (condition as Partial<Record<GroupName, unknown>>)[how];
    if (Array.isArray(members)) return { how, members: members as Condition[] };
  }
  return undefined;
}

export const setOf = (how: GroupName, members: Condition[]): Condition =>
  how === 'all' ? { all: members } : { any: members };

/** A set without this member; what has one left is that one, what has none is nothing. */
export function without(condition: Condition, index: number): Condition | undefined {
  const set = membersOf(condition);
  if (!set) return undefined;
  const left = set.members.filter((_, at) => at !== index);
  return left.length > 1 ? setOf(set.how, left) : left[0];
}
