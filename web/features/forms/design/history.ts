/** What was, what is and what was taken back; `tag` names the last change, so that typing on is one step and not many. */
export interface History<T> {
  past: readonly T[];
  now: T;
  future: readonly T[];
  tag: string | null;
}

/** Steps that can be taken back. */
const KEPT = 100;

export const begin = <T>(now: T): History<T> => ({ past: [], now, future: [], tag: null });

/** A further step; one with the same tag as the last belongs to it. */
export function push<T>(history: History<T>, now: T, tag: string | null = null): History<T> {
  const joins = tag !== null && tag === history.tag;
  const past = joins ? history.past : [...history.past.slice(1 - KEPT), history.now];
  return { past, now, future: [], tag };
}

export function undo<T>(history: History<T>): History<T> {
  const now = history.past[history.past.length - 1];
  if (now === undefined) return history;
  return { past: history.past.slice(0, -1), now, future: [history.now, ...history.future], tag: null };
}

export function redo<T>(history: History<T>): History<T> {
  const [now, ...future] = history.future;
  if (now === undefined) return history;
  return { past: [...history.past, history.now], now, future, tag: null };
}
