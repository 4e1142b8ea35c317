import { isDay } from '../days.ts';
import { PROJECTIONS } from '../kinds/index.ts';
import type { Condition, Field } from '../types.ts';

type Value = string | number | boolean;
type Comparison = Extract<Condition, { field: string }>;

/** The answers that a field may have. */
export interface Domain {
  /** There may be none. */
  missing: boolean;
  /** There may be one. */
  present: boolean;
  /** These values only. */
  values?: ReadonlySet<Value>;
  /** Ends; `open` ones don't belong to it. */
  min?: { value: number | string; open: boolean };
  max?: { value: number | string; open: boolean };
  /** Choices that are made for certain, and that are not. */
  has?: ReadonlySet<Value>;
  lacks?: ReadonlySet<Value>;
}

/** What a field may be answered by its own definition. */
export function startOf(field: Field): Domain {
  const domain: Domain = { missing: !field.required || field.visibleWhen !== undefined, present: true };
  // A rule's value has no options and no ends.
  if (field.compute) return { missing: true, present: true };
  const { gives } = PROJECTIONS[field.kind];
  if (gives === 'choice' && field.options) return { ...domain, values: new Set(field.options.map(({ code }) => code)) };
  if (field.kind === 'consent') return { ...domain, values: new Set([true]) };
  for (const end of ['min', 'max'] as const) {
    const value = field[end];
    const fits =
      gives === 'number' ? typeof value === 'number' : gives === 'day' && typeof value === 'string' && isDay(value);
    if (fits) domain[end] = { value: value!, open: false };
  }
  return domain;
}

/** Whether any answer, or none, is left. */
export const possible = ({ missing, present }: Domain): boolean => missing || present;

/** What is left of a domain where a test holds, or with `negated` where it doesn't. */
export function narrow(domain: Domain, test: Comparison, negated: boolean): Domain {
  switch (test.op) {
    case 'filled':
    case 'empty':
      return (test.op === 'filled') === negated ? none(domain) : some(domain);
    case 'eq':
    case 'ne':
      return (test.op === 'eq') === negated ? without(domain, [test.value]) : among(domain, [test.value]);
    case 'in':
    case 'notIn':
      return (test.op === 'in') === negated ? without(domain, test.value) : among(domain, test.value);
    case 'contains':
      return chosen(domain, test.value, negated);
    default:
      return ordered(domain, test.op, test.value, negated);
  }
}

const none = (domain: Domain): Domain => ({ missing: domain.missing, present: false });
const some = (domain: Domain): Domain => settle({ ...domain, missing: false });

function among(domain: Domain, wanted: readonly Value[]): Domain {
  const kept = wanted.filter((value) => !domain.values || domain.values.has(value));
  return settle({ ...domain, missing: false, values: new Set(kept) });
}

/** An answer that is not there is in no list either. */
function without(domain: Domain, unwanted: readonly Value[]): Domain {
  if (!domain.values) return domain;
  return settle({ ...domain, values: new Set([...domain.values].filter((value) => !unwanted.includes(value))) });
}

function chosen(domain: Domain, value: Value, negated: boolean): Domain {
  if (negated) return settle({ ...domain, lacks: new Set([...(domain.lacks ?? []), value]) });
  return settle({ ...domain, missing: false, has: new Set([...(domain.has ?? []), value]) });
}

function ordered(domain: Domain, op: 'gt' | 'gte' | 'lt' | 'lte', value: Value, negated: boolean): Domain {
  if (typeof value === 'boolean') return domain;
  const above = (op === 'gt' || op === 'gte') !== negated;
  // The opposite of "at least" is "less than": the end itself falls out.
  const end = { value, open: (op === 'gt' || op === 'lt') !== negated };
  const missing = negated && domain.missing;
  const old = above ? domain.min : domain.max;
  const tighter =
    !old || (above ? end.value > old.value : end.value < old.value) || (end.value === old.value && end.open);
  return settle({ ...domain, missing, ...(tighter ? { [above ? 'min' : 'max']: end } : {}) });
}

/** Finds out whether an answer can still be there. */
function settle(domain: Domain): Domain {
  const { min, max, has, lacks } = domain;
  const inside = (value: Value): boolean =>
    (!min || value > min.value || (value === min.value && !min.open)) &&
    (!max || value < max.value || (value === max.value && !max.open));
  const values = domain.values && new Set([...domain.values].filter(inside));
  const present =
    domain.present &&
    !(values && values.size === 0) &&
    !(min && max && (min.value > max.value || (min.value === max.value && (min.open || max.open)))) &&
    !(has && lacks && [...has].some((value) => lacks.has(value)));
  return { ...domain, present, ...(values ? { values } : {}) };
}
