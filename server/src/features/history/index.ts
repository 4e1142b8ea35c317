import type { Caller } from '../../http/index.ts';
import type { Cipher } from '../../infra/crypto/index.ts';

/** Who did something to a document; `system` for jobs. */
export interface By {
  kind: 'citizen' | 'staff' | 'system';
  accountId: string | null;
  /** Of staff only. */
  name: string | null;
}

/** One step in the life of a document, kept inside of it. */
export interface HistoryEntry {
  at: Date;
  by: By;
  action: string;
  /** What was changed; none in the first entry, which made all that is there. */
  keys: string[];
  /** Sealed JSON of the values before, by key; a key that is missing had none. */
  before: string | null;
  /** Why; asked for when something is deleted. */
  reason: string | null;
}

/** The sub-document of `history` in a model. */
export const historyDefinition = {
  _id: false,
  at: { type: Date, required: true },
  by: {
    kind: { type: String, required: true },
    accountId: { type: String, default: null },
    name: { type: String, default: null },
  },
  action: { type: String, required: true },
  keys: { type: [String], required: true },
  before: { type: String, default: null },
  reason: { type: String, default: null },
};

export const byOf = (caller: Caller | { kind: 'system' }): By => ({
  kind: caller.kind === 'anonymous' ? 'system' : caller.kind,
  accountId: 'accountId' in caller ? caller.accountId : null,
  name: caller.kind === 'staff' ? caller.name : null,
});

export type Values = Record<string, unknown>;

/** The keys whose values differ. Values are plain JSON with keys in a fixed order. */
export function changedKeys(before: Values, after: Values): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
}

const pick = (values: Values, keys: string[]): Values =>
  Object.fromEntries(keys.filter((key) => values[key] !== undefined).map((key) => [key, values[key]]));

const NONE: Values = Object.freeze({});

export interface Step {
  at: Date;
  by: By;
  action: string;
  before?: Values;
  after?: Values;
  reason?: string;
}

/**
 * An entry for a step; the values before are sealed under `context`, which names the document. A step without values
 * before and after (made, deleted, restored) names no keys.
 */
export function entryOf(
  cipher: Cipher,
  context: string,
  { at, by, action, before = NONE, after = NONE, reason }: Step,
): HistoryEntry {
  const keys = before === after ? [] : changedKeys(before, after);
  const old = pick(before, keys);
  return {
    at,
    by,
    action,
    keys,
    before: Object.keys(old).length ? cipher.sealJson(old, context) : null,
    reason: reason ?? null,
  };
}

/** One change as people read it: values as text, masked where they are sensitive; null = none. */
export interface Change {
  key: string;
  before: string | null;
  after: string | null;
}

export interface TimelineItem {
  at: string;
  action: string;
  by: { kind: By['kind']; name: string | null };
  reason: string | null;
  changes: Change[];
}

/** The changes between two states, readable. `show` masks. */
export const changesOf = (
  before: Values,
  after: Values,
  show: (key: string, value: unknown) => string | null,
): Change[] =>
  changedKeys(before, after).map((key) => ({ key, before: show(key, before[key]), after: show(key, after[key]) }));

/**
 * The history as people read it, newest first. The value after a change is that before the next one, so it is read
 * backwards from the `current` values.
 */
export function timelineOf(
  cipher: Cipher,
  context: string,
  history: readonly HistoryEntry[],
  current: Values,
  show: (key: string, value: unknown) => string | null,
): TimelineItem[] {
  const state = { ...current };
  return [...history].reverse().map((entry, nth) => {
    const { at, by, action, before, reason } = entry;
    const old = before ? cipher.openJson<Values>(before, context) : {};
    // The first entry made all that is there, and names nothing.
    const keys = nth === history.length - 1 && entry.keys.length === 0 ? Object.keys(state) : entry.keys;
    const changes = keys.map((key) => ({ key, before: show(key, old[key]), after: show(key, state[key]) }));
    for (const key of keys) {
      if (old[key] === undefined) delete state[key];
      else state[key] = old[key];
    }
    return { at: at.toISOString(), action, by: { kind: by.kind, name: by.name }, reason, changes };
  });
}

/** A timeline without the changes of what a reader may not see. */
export const seenOf = (items: readonly TimelineItem[], sees: (key: string) => boolean): TimelineItem[] =>
  items.map((item) => ({ ...item, changes: item.changes.filter(({ key }) => sees(key)) }));

/** The values before the last step of a history, read back from the `current` ones. */
export function valuesBefore<T extends object>(
  cipher: Cipher,
  context: string,
  history: readonly HistoryEntry[],
  current: T,
): T {
  const last = history.at(-1);
  const changed = new Set(last?.keys);
  const kept = Object.entries(current).filter(([key]) => !changed.has(key));
  return { ...Object.fromEntries(kept), ...(last?.before ? cipher.openJson<Values>(last.before, context) : {}) } as T;
}
