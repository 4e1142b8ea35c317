import { isRecord } from '../fields/kinds/kind.ts';
import type { Condition, Expression, Field, FormContent } from '../fields/types.ts';

/**
 * Every place where a form names one of its fields by key: conditions, expressions, checks, the duplicate rule. All of it
 * works on unfinished content too, and leaves alone what it does not understand.
 */

/** What to do with a name: another name, or null where what hangs on it must go. `group` is the group it stands in. */
type Naming = (name: string, group: Field | null) => string | null;

/** Where a form names a field. `path` leads to the rule, e.g. `steps.0.fields.3.visibleWhen`. */
export interface Reference {
  path: string;
  rule: 'visibleWhen' | 'requiredWhen' | 'readOnlyWhen' | 'compute' | 'allowedWhen' | 'check' | 'dedupe';
}

/** What becomes of a comparison whose names are right. */
type Leaf = (comparison: Condition) => Condition;
const same: Leaf = (comparison) => comparison;

const CONDITIONS = ['visibleWhen', 'requiredWhen', 'readOnlyWhen'] as const;

function inExpression(expression: Expression, naming: (name: string) => string | null): Expression | undefined {
  if (!isRecord(expression)) return expression;
  if ('field' in expression) {
    const name = naming(String(expression.field));
    return name === null ? undefined : { field: name };
  }
  if ('fn' in expression && Array.isArray(expression.args)) {
    const args = expression.args.map((each) => inExpression(each, naming));
    return args.every((each) => each !== undefined) ? { ...expression, args } : undefined;
  }
  if (!('if' in expression)) return expression;
  const test = inCondition(expression.if, naming);
  const [then, other] = [inExpression(expression.then, naming), inExpression(expression.else, naming)];
  return test && then && other ? { if: test, then, else: other } : undefined;
}

/** The condition with other names; undefined when nothing is left of it. Of `all` and `any` what can stay stays. */
function inCondition(
  condition: Condition,
  naming: (name: string) => string | null,
  leaf: Leaf = same,
): Condition | undefined {
  if (!isRecord(condition)) return condition;
  for (const group of ['all', 'any'] as const) {
    if (!(group in condition)) continue;
    const members = (condition as Record<string, unknown>)[group];
    if (!Array.isArray(members)) return condition;
    const kept = (members as Condition[]).flatMap((each) => inCondition(each, naming, leaf) ?? []);
    if (kept.length === 0 && members.length > 0) return undefined;
    return { [group]: kept } as unknown as Condition;
  }
  if ('not' in condition) {
    const inner = inCondition(condition.not, naming, leaf);
    return inner && { not: inner };
  }
  if ('left' in condition) {
    const [left, right] = [inExpression(condition.left, naming), inExpression(condition.right, naming)];
    return left && right && leaf({ ...condition, left, right });
  }
  if (!('field' in condition)) return condition;
  const name = naming(String(condition.field));
  return name === null ? undefined : leaf({ ...condition, field: name });
}

/** A copy without a property, or with another value of it. */
function put<T extends object, K extends keyof T>(object: T, name: K, value: T[K] | undefined): T {
  if (value !== undefined) return { ...object, [name]: value };
  const { [name]: _gone, ...rest } = object;
  return rest as T;
}

function inField(field: Field, group: Field | null, naming: Naming, leafIn: (group: Field | null) => Leaf): Field {
  if (!isRecord(field)) return field;
  const here = (name: string) => naming(name, group);
  const leaf = leafIn(group);
  let next: Field = field;
  for (const rule of CONDITIONS) {
    const condition = next[rule];
    if (condition !== undefined) next = put(next, rule, inCondition(condition, here, leaf));
  }
  if (next.compute !== undefined) next = put(next, 'compute', inExpression(next.compute, here));
  if (Array.isArray(next.options)) {
    const options = next.options.map((option) =>
      isRecord(option) && option.allowedWhen !== undefined
        ? put(option, 'allowedWhen', inCondition(option.allowedWhen, here, leaf))
        : option,
    );
    next = { ...next, options };
  }
  if (Array.isArray(next.fields))
    next = { ...next, fields: next.fields.map((each) => inField(each, field, naming, leafIn)) };
  return next;
}

function inNames(names: string[], naming: (name: string) => string | null): string[] {
  return names.flatMap((name) => (typeof name === 'string' ? (naming(name) ?? []) : name));
}

function mapNames(
  content: FormContent,
  naming: Naming,
  leafIn: (group: Field | null) => Leaf = () => same,
): FormContent {
  const outside = (name: string) => naming(name, null);
  let next: FormContent = {
    ...content,
    steps: content.steps.map((step) => ({
      ...step,
      fields: step.fields.map((field) => inField(field, null, naming, leafIn)),
    })),
  };
  if (Array.isArray(content.checks)) {
    const checks = content.checks.flatMap((check) => {
      if (!isRecord(check)) return [check];
      const assert = inCondition(check.assert, outside, leafIn(null));
      const fields = Array.isArray(check.fields) ? inNames(check.fields, outside) : check.fields;
      const nothing = assert === undefined || (check.fields?.length > 0 && fields.length === 0);
      return nothing ? [] : [{ ...check, assert, fields }];
    });
    next = put(next, 'checks', checks.length > 0 ? checks : undefined);
  }
  if (Array.isArray(content.dedupe)) {
    const dedupe = inNames(content.dedupe, outside);
    next = put(next, 'dedupe', dedupe.length > 0 ? dedupe : undefined);
  }
  return next;
}

const ownsKey = (group: Field | null, key: string): boolean =>
  Array.isArray(group?.fields) && group.fields.some((field) => isRecord(field) && field.key === key);

/**
 * Says of a name what becomes of it when the field `key` (of the group `within`, if it is in one) is called `next`, or
 * gone where that is null. A group's own fields come first, so its field `name` hides the form's.
 */
function namingOf(key: string, within: string | null, next: string | null): Naming {
  return (name, group) => {
    if (within !== null) {
      if (name === `${within}.${key}`) return next === null ? null : `${within}.${next}`;
      return group?.key === within && name === key ? next : name;
    }
    const [head = '', ...tail] = name.split('.');
    if (head !== key || (tail.length === 0 && ownsKey(group, key))) return name;
    return next === null ? null : [next, ...tail].join('.');
  };
}

/** The form with every mention of a field by another key. The field's own `key` is the caller's to change. */
export function renameReferences(content: FormContent, key: string, within: string | null, next: string): FormContent {
  return key === '' ? content : mapNames(content, namingOf(key, within, next));
}

/** The form without any mention of a field: comparisons with it go, and what then has nothing left. */
export function dropReferences(content: FormContent, key: string, within: string | null): FormContent {
  return mapNames(content, namingOf(key, within, null));
}

/** The form with another code for an option of a field wherever a rule compares the field with it. */
export function recodeReferences(
  content: FormContent,
  { key, within }: { key: string; within: string | null },
  [from, to]: readonly [string, string],
): FormContent {
  const naming = namingOf(key, within, null);
  const recode = <T>(value: T): T => (value === from ? (to as T) : value);
  const leafIn = (group: Field | null): Leaf => {
    const meant = (name: unknown): boolean => typeof name === 'string' && naming(name, group) === null;
    return (comparison) => {
      if ('left' in comparison) {
        const { left, right } = comparison;
        const names = (side: Expression): boolean => isRecord(side) && 'field' in side && meant(side.field);
        const told = (side: Expression): Expression =>
          isRecord(side) && 'value' in side ? { value: recode(side.value) } : side;
        if (names(left)) return { ...comparison, right: told(right) };
        return names(right) ? { ...comparison, left: told(left) } : comparison;
      }
      if (!('field' in comparison) || !('value' in comparison) || !meant(comparison.field)) return comparison;
      const value: unknown = comparison.value;
      return { ...comparison, value: Array.isArray(value) ? value.map(recode) : recode(value) } as Condition;
    };
  };
  return mapNames(content, (name) => name, leafIn);
}

/** Where a form names the field `key` (of the group `within`, if it is in one), in the order of the form. */
export function referencesTo(content: FormContent, key: string, within: string | null = null): Reference[] {
  const found: Reference[] = [];
  const naming = namingOf(key, within, null);
  const visit = (field: Field, path: string, group: Field | null): void => {
    if (!isRecord(field)) return;
    let hit = false;
    const here = (name: string): string => {
      if (naming(name, group) === null) hit = true;
      return name;
    };
    const note = (rule: Reference['rule'], at: string, walk: () => unknown): void => {
      hit = false;
      walk();
      if (hit) found.push({ path: at, rule });
    };
    for (const rule of CONDITIONS) {
      const condition = field[rule];
      if (condition !== undefined) note(rule, `${path}.${rule}`, () => inCondition(condition, here));
    }
    const { compute } = field;
    if (compute !== undefined) note('compute', `${path}.compute`, () => inExpression(compute, here));
    if (Array.isArray(field.options))
      field.options.forEach((option, at) => {
        if (!isRecord(option) || option.allowedWhen === undefined) return;
        note('allowedWhen', `${path}.options.${at}.allowedWhen`, () => inCondition(option.allowedWhen!, here));
      });
    if (Array.isArray(field.fields)) field.fields.forEach((each, at) => visit(each, `${path}.fields.${at}`, field));
  };
  content.steps.forEach((step, s) => step.fields.forEach((field, f) => visit(field, `steps.${s}.fields.${f}`, null)));
  const names = (value: unknown): boolean =>
    Array.isArray(value) && value.some((name) => typeof name === 'string' && naming(name, null) === null);
  (content.checks ?? []).forEach((check, at) => {
    if (!isRecord(check)) return;
    let hit = names(check.fields);
    inCondition(check.assert, (name) => {
      if (naming(name, null) === null) hit = true;
      return name;
    });
    if (hit) found.push({ path: `checks.${at}`, rule: 'check' });
  });
  if (names(content.dedupe)) found.push({ path: 'dedupe', rule: 'dedupe' });
  return found;
}
