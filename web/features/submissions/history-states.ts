export interface Entry {
  at: string;
  action: string;
  by: { kind: 'citizen' | 'staff' | 'system'; name: string | null };
  changes: { key: string; before: string | null; after: string | null }[];
}

/** The values, as texts, after each entry of a timeline (newest first, as the entries are). */
export function statesOf(history: readonly Entry[]): Map<string, string>[] {
  const states: Map<string, string>[] = [];
  let state = new Map<string, string>();
  for (const entry of [...history].reverse()) {
    state = new Map(state);
    for (const { key, after } of entry.changes) {
      if (after === null) state.delete(key);
      else state.set(key, after);
    }
    states.unshift(state);
  }
  return states;
}

export interface Pair {
  key: string;
  left: string;
  right: string;
  differs: boolean;
}

/** Two states side by side, in the order of the keys; keys that neither has are left out. */
export const pairsOf = (keys: readonly string[], left: Map<string, string>, right: Map<string, string>): Pair[] =>
  keys
    .filter((key) => left.has(key) || right.has(key))
    .map((key) => {
      const [before, after] = [left.get(key) ?? '', right.get(key) ?? ''];
      return { key, left: before, right: after, differs: before !== after };
    });
