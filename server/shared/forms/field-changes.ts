import { boundDay, isBound } from '../fields/days.ts';
import type { Field, Option, Text } from '../fields/types.ts';
import { changeOf, movedOf, sameJson, type ChangeReason, type FormChange } from './changes.ts';

/** What differs between two versions of one field, and what each difference does to answers that were given before. */

const TEXTS = new Set(['label', 'hint', 'patternHint']);
/** They say what becomes of an answer, not what it may be. */
const SETTINGS = new Set(['sensitive', 'filterable', 'maps']);
/** Told thing by thing. */
const APART = new Set(['key', 'options', 'fields']);

const isRequired = ({ required, requiredWhen }: Field): boolean => required === true || requiredWhen !== undefined;

/** Any day does: bounds that are relative to today are compared with each other only. */
const TODAY = '2024-06-15';
const isRelative = (bound: string): boolean => bound.startsWith('today');

/** A bound as a number that grows with it; undefined where two can't be compared. */
function boundOf(bound: number | string | undefined): number | undefined {
  if (typeof bound === 'number') return bound;
  if (bound === undefined || !isBound(bound)) return undefined;
  return Date.parse(boundDay(bound, TODAY)!) / 86_400_000;
}

function bounds(name: 'min' | 'max', before: Field, after: Field): ChangeReason {
  const [old, now] = [before[name], after[name]];
  if (now === undefined) return 'widened';
  if (old === undefined) return 'narrowed';
  if (typeof old === 'string' && typeof now === 'string' && isRelative(old) !== isRelative(now)) return 'narrowed';
  const [from, to] = [boundOf(old), boundOf(now)];
  if (from === undefined || to === undefined) return 'narrowed';
  return (name === 'min' ? to <= from : to >= from) ? 'widened' : 'narrowed';
}

/** Why the difference of one property matters. What is not known here is taken to narrow what may be answered. */
function reasonOf(name: string, before: Field, after: Field): ChangeReason {
  // Consent is given to a text.
  if (after.kind === 'consent' && (name === 'label' || name === 'hint')) return 'consent_changed';
  if (TEXTS.has(name)) return 'text';
  if (SETTINGS.has(name)) return 'setting';
  switch (name) {
    case 'kind':
      return 'kind_changed';
    case 'unit': {
      const [old, now] = [before.unit as Text | undefined, after.unit as Text | undefined];
      return old?.['zh-CN'] === now?.['zh-CN'] ? 'text' : 'unit_changed';
    }
    case 'required':
    case 'requiredWhen':
      if (!isRequired(after)) return 'relaxed';
      // A condition instead of always.
      return before.required && !after.required ? 'relaxed' : before.required ? 'setting' : 'required_added';
    case 'visibleWhen':
      if (after.visibleWhen === undefined) return isRequired(after) ? 'required_added' : 'relaxed';
      // Who is asked now was not asked before.
      return isRequired(after) && before.visibleWhen !== undefined ? 'required_added' : 'visibility';
    case 'readOnlyWhen':
    case 'compute':
      return 'computed';
    case 'min':
    case 'max':
      return bounds(name, before, after);
    case 'scale':
      return (after.scale ?? 2) >= (before.scale ?? 2) ? 'widened' : 'narrowed';
    case 'pattern':
      return after.pattern === undefined ? 'relaxed' : 'narrowed';
    case 'documentTypes': {
      const kept = after.documentTypes;
      return !kept || before.documentTypes?.every((type) => kept.includes(type)) ? 'widened' : 'narrowed';
    }
    default:
      return 'narrowed';
  }
}

function optionChanges(name: string, before: readonly Option[], after: readonly Option[]): FormChange[] {
  const [old, now] = [
    new Map(before.map((each) => [each.code, each])),
    new Map(after.map((each) => [each.code, each])),
  ];
  const tell = (
    code: string,
    change: FormChange['change'],
    reason: ChangeReason,
    rest: Pick<FormChange, 'property' | 'before' | 'after'>,
  ) => changeOf({ of: 'option', change, key: code, field: name, ...rest, reason });
  const changes: FormChange[] = [];
  for (const option of before)
    if (!now.has(option.code)) changes.push(tell(option.code, 'removed', 'option_removed', { before: option }));
  for (const option of after) {
    const earlier = old.get(option.code);
    if (!earlier) changes.push(tell(option.code, 'added', 'option_added', { after: option }));
    else
      for (const property of propertiesOf(earlier, option)) {
        const [was, is] = [
          (earlier as unknown as Record<string, unknown>)[property],
          (option as unknown as Record<string, unknown>)[property],
        ];
        const reason: ChangeReason = property === 'label' ? 'text' : is === undefined ? 'relaxed' : 'option_restricted';
        changes.push(tell(option.code, 'changed', reason, { property, before: was, after: is }));
      }
  }
  const common = (options: readonly Option[], others: ReadonlyMap<string, Option>) =>
    options.map(({ code }) => code).filter((code) => others.has(code));
  for (const code of movedOf(common(before, now), common(after, old))) changes.push(tell(code, 'moved', 'order', {}));
  return changes;
}

/** The properties that differ, those of `before` first. */
export function propertiesOf(before: object, after: object): string[] {
  const [old, now] = [before as Record<string, unknown>, after as Record<string, unknown>];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((name) => !sameJson(old[name], now[name]));
}

/** The differences of a field that both contents have, but for its place and, in a group, its fields. */
export function fieldChanges(name: string, before: Field, after: Field): FormChange[] {
  const values = (field: Field) => field as unknown as Record<string, unknown>;
  const changed = propertiesOf(before, after).filter((property) => !APART.has(property));
  return [
    ...changed.map((property) =>
      changeOf({
        of: 'field',
        change: 'changed',
        key: name,
        property,
        before: values(before)[property],
        after: values(after)[property],
        reason: reasonOf(property, before, after),
      }),
    ),
    ...optionChanges(name, before.options ?? [], after.options ?? []),
  ];
}

/** Why it matters that a field is new: only who must fill it in is kept from what they had done. */
export const addedReason = (field: Field): ChangeReason => (isRequired(field) ? 'required_added' : 'optional_added');
