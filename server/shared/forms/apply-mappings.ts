import { formatValue } from '../fields/format.ts';
import { isRecord } from '../fields/kinds/kind.ts';
import { evaluate } from '../fields/logic.ts';
import { parseCell } from '../fields/projections.ts';
import type { Field, FormContent, Look } from '../fields/types.ts';
import { placesOf } from './diff.ts';
import { endsOf, type Mapping } from './mappings.ts';

/** For the server: converting a value between kinds needs what Excel cells are read by. */

type Values = Record<string, unknown>;
type Fields = ReadonlyMap<string, Field>;

/** What every mapping needs to know of both contents. */
export interface Ends extends Look {
  before: Fields;
  after: Fields;
}

export const fieldsOfBoth = (before: FormContent, after: FormContent, look: Look = {}): Ends => {
  const fields = (content: FormContent) => new Map([...placesOf(content)].map(([name, { field }]) => [name, field]));
  return { before: fields(before), after: fields(after), ...look };
};

/** Whether a list is stored as the choices of one answer. */
const isChoices = (field: Field): boolean => field.options !== undefined;

/**
 * A value of one field as that of another: as it is between fields of one kind, choices by their codes, everything else by its
 * readable text. What means nothing there stays as it was read, so that the field's judge can say why.
 */
export function convert(value: unknown, from: Field, to: Field, look: Look = {}): unknown {
  if (value === undefined || from.kind === to.kind) return value;
  if (isChoices(from) && isChoices(to)) {
    const codes = Array.isArray(value) ? value : [value];
    const several = to.kind !== 'radio' && to.kind !== 'select';
    return several ? codes : codes.length === 1 ? codes[0] : codes;
  }
  return parseCell(to, formatValue(from, value, 'zh-CN', look), look);
}

const split = (name: string): [group: string | null, key: string] => {
  const dot = name.indexOf('.');
  return dot < 0 ? [null, name] : [name.slice(0, dot), name.slice(dot + 1)];
};

/** Where the answers of a field lie: in the form's own, or in every record of its group. */
function holdersOf(answers: Values, name: string): { holders: Values[]; key: string } {
  const [group, key] = split(name);
  if (group === null) return { holders: [answers], key };
  const records = answers[group];
  return { holders: Array.isArray(records) ? records.filter(isRecord) : [], key };
}

const take = (holder: Values, key: string): unknown => {
  const value = holder[key];
  delete holder[key];
  return value;
};
const put = (holder: Values, key: string, value: unknown): void => {
  if (value !== undefined && value !== '') holder[key] = value;
};
const keyOf = (name: string): string => split(name)[1];

function merge(
  values: readonly unknown[],
  fields: readonly Field[],
  by: string | undefined,
  to: Field,
  look: Look,
): unknown {
  const there = values.flatMap((value, at) => (value === undefined ? [] : [{ value, field: fields[at]! }]));
  if (there.length === 0) return undefined;
  if (to.fields) return there.flatMap(({ value }) => (Array.isArray(value) ? value : []));
  if (isChoices(to) && to.kind !== 'radio' && to.kind !== 'select')
    return [...new Set(there.flatMap(({ value }) => (Array.isArray(value) ? value : [value])))];
  if (by === undefined) return convert(there[0]!.value, there[0]!.field, to, look);
  const text = there.map(({ value, field }) => formatValue(field, value, 'zh-CN', look)).join(by);
  return parseCell(to, text, look);
}

function recode(value: unknown, codes: Record<string, string | null>): unknown {
  const one = (code: unknown) => (typeof code === 'string' && Object.hasOwn(codes, code) ? codes[code] : code);
  if (!Array.isArray(value)) return one(value) ?? undefined;
  const kept = [...new Set(value.map(one))].filter((code) => code !== null);
  return kept.length > 0 ? kept : undefined;
}

/** Texts cut at `by`, as many as there are places for them; what is left over stays in the last. */
function cut(text: string, by: string, places: number): string[] {
  const parts = text.split(by);
  return [...parts.slice(0, places - 1), parts.slice(places - 1).join(by)].map((part) => part.trim());
}

function applyOne(answers: Values, mapping: Mapping, { before, after, ...look }: Ends): void {
  switch (mapping.op) {
    case 'rename': {
      const { holders, key } = holdersOf(answers, mapping.from);
      const [from, to] = [before.get(mapping.from)!, after.get(mapping.to)!];
      for (const holder of holders) put(holder, keyOf(mapping.to), convert(take(holder, key), from, to, look));
      return;
    }
    case 'split': {
      const { holders, key } = holdersOf(answers, mapping.from);
      const from = before.get(mapping.from)!;
      for (const holder of holders) {
        const value = take(holder, key);
        if (value === undefined) continue;
        const parts = cut(formatValue(from, value, 'zh-CN', look), mapping.by, mapping.to.length);
        mapping.to.forEach((name, at) => {
          if (parts[at]) put(holder, keyOf(name), parseCell(after.get(name)!, parts[at], look));
        });
      }
      return;
    }
    case 'divide': {
      const records = take(answers, mapping.from);
      if (!Array.isArray(records)) return;
      const [yes, no] = mapping.to;
      const parts: [unknown[], unknown[]] = [[], []];
      for (const record of records)
        parts[isRecord(record) && evaluate(mapping.when, { ...answers, ...record }) ? 0 : 1].push(record);
      if (parts[0].length > 0) answers[yes] = parts[0];
      if (parts[1].length > 0) answers[no] = parts[1];
      return;
    }
    case 'merge': {
      const { holders } = holdersOf(answers, mapping.from[0]!);
      const fields = mapping.from.map((name) => before.get(name)!);
      for (const holder of holders) {
        const values = mapping.from.map((name) => take(holder, keyOf(name)));
        put(holder, keyOf(mapping.to), merge(values, fields, mapping.by, after.get(mapping.to)!, look));
      }
      return;
    }
    case 'recode': {
      const { holders, key } = holdersOf(answers, mapping.field);
      for (const holder of holders) put(holder, key, recode(take(holder, key), mapping.codes));
      return;
    }
    case 'default': {
      const { holders, key } = holdersOf(answers, mapping.field);
      for (const holder of holders) if (holder[key] === undefined) holder[key] = mapping.value;
      return;
    }
  }
}

/**
 * The answers after mappings that `vetMappings` has found nothing wrong with; nothing is judged yet. What was given stays as
 * it is: a copy is made.
 */
export function applyMappings(answers: Readonly<Values>, mappings: readonly Mapping[], ends: Ends): Values {
  if (mappings.length === 0) return { ...answers };
  const copy = structuredClone(answers) as Values;
  for (const mapping of mappings) {
    const { from, to } = endsOf(mapping);
    // Of other versions than those it was made for: there is nothing to carry.
    if (from.every((name) => ends.before.has(name)) && to.every((name) => ends.after.has(name)))
      applyOne(copy, mapping, ends);
  }
  return copy;
}
