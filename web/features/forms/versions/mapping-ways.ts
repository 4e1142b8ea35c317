import type { Field, FormContent } from '../../../../server/shared/fields/types.ts';
import type { FormChange } from '../../../../server/shared/forms/changes.ts';
import { diffForms, placesOf } from '../../../../server/shared/forms/diff.ts';
import { endsOf, type Mapping } from '../../../../server/shared/forms/mappings.ts';
import { comparisonWith, operatorsFor } from '../design/condition-form.ts';

/** What can be done about the changes of a version, so that a person chooses and never writes a mapping. */

/** Both contents, and the mappings chosen so far. */
export interface Sides {
  before: FormContent;
  after: FormContent;
  mappings: readonly Mapping[];
}

/**
 * What is done about one change; empty for nothing. `to:KEY` goes over to another field, `is:CODE` is another option, `none` is
 * no option any more.
 */
export type Way = '' | `to:${string}` | `is:${string}` | 'none' | 'split' | 'merge' | 'divide' | 'default';

export type Split = Extract<Mapping, { op: 'split' }>;
export type Merge = Extract<Mapping, { op: 'merge' }>;
export type Divide = Extract<Mapping, { op: 'divide' }>;

const groupOf = (name: string): string => (name.includes('.') ? name.slice(0, name.indexOf('.')) : '');
const fieldOf = (content: FormContent, name: string): Field | undefined => placesOf(content).get(name)?.field;
export const labelOf = (contents: readonly FormContent[], name: string) =>
  contents.map((content) => fieldOf(content, name)?.label).find(Boolean);

/** Answers that are made of other answers, or mean nothing without who gave them, are given by nobody else. */
const NEVER_GIVEN = new Set([
  'static',
  'computed',
  'consent',
  'file',
  'photo',
  'signature',
  'person',
  'organisation',
  'group',
]);
const isGone = (change: FormChange): boolean =>
  change.of === 'field' && (change.change === 'removed' || change.change === 'renamed') && change.reason !== 'text';

/** Fields that are new, of the same group and the same depth, and that no other mapping fills. */
export function targetsOf(name: string, { before, after, mappings }: Sides): string[] {
  const [old, now] = [placesOf(before), placesOf(after)];
  const taken = new Set(
    mappings.filter((one) => one.op !== 'default' && !endsOf(one).from.includes(name)).flatMap((one) => endsOf(one).to),
  );
  const isGroup = old.get(name)?.field.fields !== undefined;
  return [...now.values()]
    .filter((place) => !old.has(place.name) && !taken.has(place.name) && groupOf(place.name) === groupOf(name))
    .filter(({ field }) => field.kind !== 'static' && !field.compute && (field.fields !== undefined) === isGroup)
    .map((place) => place.name);
}

/** Other fields that are gone too, and could become one with this. */
export function partnersOf(name: string, { before, after, mappings }: Sides): string[] {
  const [old, now] = [placesOf(before), placesOf(after)];
  const isGroup = old.get(name)?.field.fields !== undefined;
  const busy = new Set(mappings.flatMap((one) => (endsOf(one).from.includes(name) ? [] : endsOf(one).from)));
  return [...old.values()]
    .filter((place) => place.name !== name && !now.has(place.name) && !busy.has(place.name))
    .filter(({ name: other, field }) => groupOf(other) === groupOf(name) && field.kind !== 'static')
    .filter(({ field }) => (field.fields !== undefined) === isGroup)
    .map((place) => place.name);
}

/** The mapping that sees to a change. */
export function mappingFor(change: FormChange, mappings: readonly Mapping[]): Mapping | undefined {
  if (change.of === 'option')
    return mappings.find((one) => one.op === 'recode' && one.field === change.field && change.key in one.codes);
  if (change.reason === 'required_added')
    return mappings.find((one) => one.op === 'default' && one.field === change.key);
  return mappings.find((one) => one.op !== 'recode' && one.op !== 'default' && endsOf(one).from.includes(change.key));
}

/** What is done about a change now. */
export function wayOf(change: FormChange, mappings: readonly Mapping[]): Way {
  const mapping = mappingFor(change, mappings);
  if (!mapping) return '';
  switch (mapping.op) {
    case 'rename':
      return `to:${mapping.to}`;
    case 'recode': {
      const code = mapping.codes[change.key];
      return code === null ? 'none' : `is:${code}`;
    }
    default:
      return mapping.op;
  }
}

/** Everything that could be done about a change; empty where people can choose nothing. */
export function waysOf(change: FormChange, sides: Sides): Way[] {
  if (change.of === 'option') {
    if (change.reason !== 'option_removed') return [];
    const options = fieldOf(sides.after, change.field!)?.options ?? [];
    return [...options.map(({ code }): Way => `is:${code}`), 'none'];
  }
  if (change.of !== 'field') return [];
  if (change.reason === 'required_added') {
    const field = fieldOf(sides.after, change.key);
    return field && !NEVER_GIVEN.has(field.kind) ? ['default'] : [];
  }
  if (!isGone(change)) return [];
  const targets = targetsOf(change.key, sides);
  if (targets.length === 0) return [];
  const group = fieldOf(sides.before, change.key)?.fields !== undefined;
  return [
    ...targets.map((name): Way => `to:${name}`),
    ...(targets.length > 1 ? [group ? ('divide' as const) : ('split' as const)] : []),
    ...(partnersOf(change.key, sides).length > 0 ? ['merge' as const] : []),
  ];
}

/** Values in words that most lists are written with. */
const BY = ' ';

function made(change: FormChange, way: Way, sides: Sides): Mapping | undefined {
  const name = change.key;
  if (way.startsWith('to:')) return { op: 'rename', from: name, to: way.slice(3) };
  const [first, second] = targetsOf(name, sides);
  switch (way) {
    case 'split':
      return { op: 'split', from: name, to: [first!, second!], by: BY };
    case 'merge':
      return { op: 'merge', from: [name, partnersOf(name, sides)[0]!], to: first!, by: BY };
    case 'divide': {
      const comparable = fieldOf(sides.before, name)?.fields?.filter((field) => operatorsFor(field).length > 0) ?? [];
      // Names divide nobody; an age, a day or a choice does.
      const inner = comparable.find(({ kind }) => kind !== 'text') ?? comparable[0];
      return inner && { op: 'divide', from: name, to: [first!, second!], when: comparisonWith(inner) };
    }
    default:
      return undefined;
  }
}

/** Old names first, new ones last: a default is for who has nothing after all else. */
const PLACE = { recode: 0, rename: 1, split: 1, divide: 1, merge: 1, default: 2 } as const;
const inOrder = (mappings: readonly Mapping[]): Mapping[] =>
  [...mappings].sort((one, other) => PLACE[one.op] - PLACE[other.op]);

function recoded(change: FormChange, way: Way, mappings: readonly Mapping[]): Mapping[] {
  const old = mappings.find((one) => one.op === 'recode' && one.field === change.field);
  const codes = { ...(old?.op === 'recode' ? old.codes : {}) };
  if (way === '') delete codes[change.key];
  else codes[change.key] = way === 'none' ? null : way.slice(3);
  const rest = mappings.filter((one) => one !== old);
  return Object.keys(codes).length > 0 ? inOrder([...rest, { op: 'recode', field: change.field!, codes }]) : [...rest];
}

/** The mappings after something else was chosen for a change. A default comes with its value: `giveDefault`. */
export function choose(change: FormChange, way: Way, sides: Sides): Mapping[] {
  if (change.of === 'option') return recoded(change, way, sides.mappings);
  const old = mappingFor(change, sides.mappings);
  const mappings = sides.mappings.filter((one) => one !== old);
  const next = made(change, way, { ...sides, mappings });
  return inOrder(next ? [...mappings, next] : mappings);
}

/** What is filled in for who has nothing; without a value nothing is. */
export function giveDefault(name: string, value: unknown, mappings: readonly Mapping[]): Mapping[] {
  const rest = mappings.filter((one) => !(one.op === 'default' && one.field === name));
  return value === undefined ? [...rest] : inOrder([...rest, { op: 'default', field: name, value }]);
}

/** Kinds whose every answer means the same as one of the other kind. */
const SAME_MEANING: Record<string, readonly string[]> = {
  text: ['textarea'],
  integer: ['decimal', 'text', 'textarea'],
  decimal: ['text', 'textarea'],
  radio: ['select', 'checkbox', 'multiselect'],
  select: ['radio', 'checkbox', 'multiselect'],
  checkbox: ['multiselect'],
  multiselect: ['checkbox'],
};

/** What is plain without asking anybody: another key, also of a kind that holds the same; another code for the same words. */
export function proposeMappings(before: FormContent, after: FormContent): Mapping[] {
  let mappings: Mapping[] = [];
  for (const change of diffForms(before, after)) {
    const sides = { before, after, mappings };
    const take = (way: Way) => {
      if (waysOf(change, sides).includes(way)) mappings = choose(change, way, sides);
    };
    if (change.reason === 'key_renamed' && typeof change.after === 'string') take(`to:${change.after}`);
    if (change.reason === 'field_removed') {
      const { label, kind } = fieldOf(before, change.key)!;
      const heirs = targetsOf(change.key, sides).filter((name) => {
        const field = fieldOf(after, name)!;
        return field.label['zh-CN'] === label['zh-CN'] && SAME_MEANING[kind]?.includes(field.kind);
      });
      if (heirs.length === 1) take(`to:${heirs[0]!}`);
    }
    if (change.reason === 'option_removed') {
      const words = fieldOf(before, change.field!)?.options?.find(({ code }) => code === change.key)?.label['zh-CN'];
      const same = fieldOf(after, change.field!)?.options?.filter(({ label }) => label['zh-CN'] === words) ?? [];
      if (same.length === 1) take(`is:${same[0]!.code}`);
    }
  }
  return mappings;
}

/** Mappings that no row of the changes shows: made by an interface, or of changes that are told otherwise. */
export function unshown(changes: readonly FormChange[], sides: Sides): Mapping[] {
  const shown = new Set(
    changes.filter((change) => waysOf(change, sides).length > 0).map((change) => mappingFor(change, sides.mappings)),
  );
  return sides.mappings.filter((one) => !shown.has(one));
}
