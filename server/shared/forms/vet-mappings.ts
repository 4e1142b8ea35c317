import { checkField } from '../fields/check.ts';
import { isRecord } from '../fields/kinds/kind.ts';
import type { Field, FormContent, Issue } from '../fields/types.ts';
import type { MigrationCode } from './codes.ts';
import { placesOf } from './diff.ts';
import { endsOf, MAPPING_OPS, MOST_MAPPINGS, type Mapping } from './mappings.ts';

type Fields = ReadonlyMap<string, Field>;
const fieldsIn = (content: FormContent): Fields =>
  new Map([...placesOf(content)].map(([name, { field }]) => [name, field]));

const groupOf = (name: string): string => (name.includes('.') ? name.slice(0, name.indexOf('.')) : '');
const isText = (value: unknown): value is string => typeof value === 'string' && value.length > 0 && value.length <= 81;
const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.length <= 20 && value.every(isText);

/** Properties besides `op`, and what each must be. */
const SHAPES: Record<Mapping['op'], Record<string, (value: unknown) => boolean>> = {
  rename: { from: isText, to: isText },
  split: { from: isText, to: isTexts, by: (value) => typeof value === 'string' && value !== '' && value.length <= 20 },
  divide: { from: isText, to: (value) => isTexts(value) && value.length === 2, when: isRecord },
  merge: {
    from: isTexts,
    to: isText,
    by: (value) => value === undefined || (typeof value === 'string' && value.length <= 20),
  },
  recode: {
    field: isText,
    codes: (value) =>
      isRecord(value) &&
      Object.keys(value).length <= 500 &&
      Object.values(value).every((code) => code === null || isText(code)),
  },
  default: { field: isText, value: (value) => value !== undefined && value !== null },
};

function shapeOf(raw: unknown): Mapping | undefined {
  if (!isRecord(raw) || !MAPPING_OPS.includes(raw.op as Mapping['op'])) return undefined;
  const shape = SHAPES[raw.op as Mapping['op']];
  const known = Object.keys(raw).every((name) => name === 'op' || Object.hasOwn(shape, name));
  return known && Object.entries(shape).every(([name, fits]) => fits(raw[name]))
    ? (raw as unknown as Mapping)
    : undefined;
}

/** Whether this is a mapping at all, whatever it speaks of. Takes any JSON. */
export const isMapping = (raw: unknown): boolean => shapeOf(raw) !== undefined;

/** What is wrong with one mapping of the right shape; empty when nothing is. */
function flawsOf(
  mapping: Mapping,
  before: Fields,
  after: Fields,
): [place: string, code: MigrationCode, field: string][] {
  const { from, to } = endsOf(mapping);
  const unknown = [
    ...from.filter((name) => !before.has(name)).map((name) => ['from', name] as const),
    ...to.filter((name) => !after.has(name)).map((name) => ['to', name] as const),
  ];
  if (unknown.length > 0) return unknown.map(([place, name]) => [place, 'mapping_unknown_field', name]);
  // An answer inside of a record stays in it.
  const groups = new Set([...from, ...to].map(groupOf));
  if (groups.size > 1 && !(mapping.op === 'rename' && sameGroupRenamed(mapping)))
    return [['from', 'mapping_unfit', from[0] ?? to[0]!]];
  const fields = [...from.map((name) => before.get(name)!), ...to.map((name) => after.get(name)!)];
  const unfit = (name: string): [string, MigrationCode, string][] => [['from', 'mapping_unfit', name]];
  if (fields.some(({ kind }) => kind === 'static')) return unfit(from[0] ?? to[0]!);
  const areGroups = fields.filter((field) => field.fields !== undefined).length;
  if (areGroups > 0 && areGroups < fields.length) return unfit(from[0] ?? to[0]!);
  if (mapping.op === 'divide' && areGroups === 0) return unfit(mapping.from);
  if (mapping.op === 'split' && areGroups > 0) return unfit(mapping.from);
  if (mapping.op === 'recode') {
    const [old, now] = [before.get(mapping.field)!, after.get(mapping.field)];
    if (!old.options) return unfit(mapping.field);
    const codes = new Set(now?.options?.map(({ code }) => code) ?? []);
    const strange = Object.values(mapping.codes).find((code) => code !== null && now !== undefined && !codes.has(code));
    return strange ? [['codes', 'mapping_unknown_option', strange]] : [];
  }
  if (mapping.op === 'default') {
    const { visibleWhen: _shown, ...field } = after.get(mapping.field)!;
    return checkField(field, mapping.value, { today: '2024-06-15' }) ? [['value', 'mapping_unfit', mapping.field]] : [];
  }
  return [];
}

/** `members.name` → `members.fullName` is no move between groups. */
const sameGroupRenamed = ({ from, to }: { from: string; to: string }): boolean => groupOf(from) === groupOf(to);

/**
 * Everything that keeps mappings from being used between two contents, with paths into the list (`mappings.2.to`); empty when
 * nothing does. Takes any JSON.
 */
export function vetMappings(raw: unknown, before: FormContent, after: FormContent): Issue[] {
  if (!Array.isArray(raw) || raw.length > MOST_MAPPINGS)
    return [{ path: 'mappings', code: 'shape', params: { expected: 'list' } }];
  const [old, now] = [fieldsIn(before), fieldsIn(after)];
  const filled = new Set<string>();
  return raw.flatMap((each: unknown, at): Issue[] => {
    const path = `mappings.${at}`;
    const mapping = shapeOf(each);
    if (!mapping) return [{ path, code: 'shape', params: { expected: 'mapping' } }];
    const flaws = flawsOf(mapping, old, now).map(([place, code, field]) => ({
      path: `${path}.${place}`,
      code,
      params: { field },
    }));
    if (mapping.op === 'default') return flaws;
    const twice = endsOf(mapping).to.filter((name) => filled.has(name));
    endsOf(mapping).to.forEach((name) => filled.add(name));
    return [...flaws, ...twice.map((field) => ({ path: `${path}.to`, code: 'mapping_twice', params: { field } }))];
  });
}
