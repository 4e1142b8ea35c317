import { isRecord } from '../fields/kinds/kind.ts';
import type { Field, FormContent, Step } from '../fields/types.ts';

/**
 * Puts together what two people made of one form. Fields and steps are told apart by their keys, so that both may add,
 * change and move; where both changed the same thing, mine stays and is named.
 */

/** The same thing changed by both. `path` is told by keys: `birthDate.label.en`. */
export interface Clash {
  path: string;
  mine: unknown;
  theirs: unknown;
}
export interface Merged {
  content: FormContent;
  clashes: Clash[];
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Three-way merge of anything: lists of things with a `key` or `code` by it, objects by their properties, the rest whole. */
function mergeValue(base: unknown, mine: unknown, theirs: unknown, path: string, clashes: Clash[]): unknown {
  if (same(mine, theirs) || same(theirs, base)) return mine;
  if (same(mine, base)) return theirs;
  if (isRecord(mine) && isRecord(theirs)) return mergeObjects(isRecord(base) ? base : {}, mine, theirs, path, clashes);
  const [ours, others] = [keyed(mine), keyed(theirs)];
  if (ours && others) return mergeLists(keyed(base) ?? new Map(), ours, others, path, clashes);
  clashes.push({ path, mine, theirs });
  return mine;
}

type Json = Record<string, unknown>;

function mergeObjects(base: Json, mine: Json, theirs: Json, path: string, clashes: Clash[]): Json {
  // A condition is one thought: half of mine and half of theirs is nobody's.
  if (['op', 'all', 'any', 'not', 'fn', 'if'].some((name) => name in mine || name in theirs)) {
    clashes.push({ path, mine, theirs });
    return mine;
  }
  const merged: Json = {};
  for (const name of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
    const value = mergeValue(base[name], mine[name], theirs[name], path ? `${path}.${name}` : name, clashes);
    if (value !== undefined) merged[name] = value;
  }
  return merged;
}

/** A list of things that each have a name of their own; undefined for any other. */
function keyed(value: unknown): Map<string, Json> | undefined {
  if (!Array.isArray(value)) return undefined;
  const found = new Map<string, Json>();
  for (const each of value) {
    const name = isRecord(each) ? (each.key ?? each.code) : undefined;
    if (typeof name !== 'string' || found.has(name)) return undefined;
    found.set(name, each as Json);
  }
  return found;
}

type Keyed = ReadonlyMap<string, Json>;

function mergeLists(base: Keyed, mine: Keyed, theirs: Keyed, path: string, clashes: Clash[]): Json[] {
  const kept = mergeEntries(base, mine, theirs, path, clashes);
  const order = mergeOrder([...base.keys()], [...mine.keys()], [...theirs.keys()]);
  return order.filter((name) => kept.has(name)).map((name) => kept.get(name)!);
}

/** What is in the list afterwards: taken away by one it is gone, unless the other changed it meanwhile. */
function mergeEntries(base: Keyed, mine: Keyed, theirs: Keyed, path: string, clashes: Clash[]): Map<string, Json> {
  const kept = new Map<string, Json>();
  for (const name of new Set([...mine.keys(), ...theirs.keys()])) {
    const [old, ours, other] = [base.get(name), mine.get(name), theirs.get(name)];
    const place = path ? `${path}.${name}` : name;
    if (ours && other) kept.set(name, mergeValue(old, ours, other, place, clashes) as Json);
    else if (!old) kept.set(name, (ours ?? other)!);
    else if (!same(ours ?? other, old)) {
      clashes.push({ path: place, mine: ours, theirs: other });
      kept.set(name, (ours ?? other)!);
    }
  }
  return kept;
}

/** All names in one order: mine where I changed it, else theirs; what only the other has follows what it followed there. */
export function mergeOrder(base: readonly string[], mine: readonly string[], theirs: readonly string[]): string[] {
  const common = (names: readonly string[], others: readonly string[]) => names.filter((name) => others.includes(name));
  const moved = !same(common(mine, base), common(base, mine));
  const [first, second] = moved ? [mine, theirs] : [theirs, mine];
  const order = [...first];
  second.forEach((name, at) => {
    if (order.includes(name)) return;
    const before = second
      .slice(0, at)
      .reverse()
      .find((each) => order.includes(each));
    order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, name);
  });
  return order;
}

interface Laid {
  steps: Map<string, Json>;
  fields: Map<string, Json>;
  /** The step that each field is in. */
  home: Map<string, string>;
  order: string[];
}

/** Steps without fields, fields, and where these are; undefined for a form with a key twice, which can't be told apart. */
function lay(content: FormContent): Laid | undefined {
  const steps = keyed(content.steps);
  const fields = keyed(content.steps.flatMap((step) => step.fields));
  if (!steps || !fields) return undefined;
  const home = new Map(content.steps.flatMap((step) => step.fields.map((field) => [field.key, step.key] as const)));
  const bare = new Map(content.steps.map((step) => [step.key, { ...step, fields: undefined } as unknown as Json]));
  return { steps: bare, fields, home, order: [...fields.keys()] };
}

/**
 * What I and somebody else made of `base`, in one form. Null when keys are doubled somewhere: then only one of the two can
 * be kept.
 */
export function mergeForms(base: FormContent, mine: FormContent, theirs: FormContent): Merged | null {
  const [b, m, t] = [lay(base), lay(mine), lay(theirs)];
  if (!b || !m || !t) return null;
  const clashes: Clash[] = [];
  const fields = mergeEntries(b.fields, m.fields, t.fields, '', clashes);
  const steps = mergeEntries(b.steps, m.steps, t.steps, '', clashes);
  const order = mergeOrder(b.order, m.order, t.order);
  const home = (key: string): string => {
    const [old, ours, other] = [b.home.get(key), m.home.get(key), t.home.get(key)];
    const chosen = ours === undefined || (ours === old && other !== undefined) ? other! : ours;
    // The step may be gone with the other's changes; what was put into it stays, with the step as it was.
    if (!steps.has(chosen)) steps.set(chosen, (m.steps.get(chosen) ?? t.steps.get(chosen) ?? b.steps.get(chosen))!);
    return chosen;
  };
  const homes = new Map([...fields.keys()].map((key) => [key, home(key)]));
  const stepOrder = mergeOrder([...b.steps.keys()], [...m.steps.keys()], [...t.steps.keys()]);
  const rest = (content: FormContent): Json => ({ ...content, steps: undefined }) as unknown as Json;
  const around = mergeObjects(rest(base), rest(mine), rest(theirs), '', clashes);
  const content = {
    ...around,
    steps: stepOrder.flatMap((key) => {
      const step = steps.get(key) as unknown as Step | undefined;
      const own = order.filter((name) => homes.get(name) === key).map((name) => fields.get(name) as unknown as Field);
      return step ? [{ ...step, fields: own }] : [];
    }),
  } as unknown as FormContent;
  return { content, clashes };
}
