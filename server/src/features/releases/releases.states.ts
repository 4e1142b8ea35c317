/** Of a release attempt, in the order in which they come. `approved` is also what a checked one shows that another person let pass. */
export const RELEASE_STATES = [
  'created',
  'checked',
  'approved',
  'building',
  'deploying',
  'verifying',
  'done',
  'failed',
  'rolledBack',
] as const;
export type ReleaseState = (typeof RELEASE_STATES)[number];

export const RELEASE_KINDS = ['release', 'rollback', 'canary'] as const;
export type ReleaseKind = (typeof RELEASE_KINDS)[number];

/**
 * What may come next. A state may always go on (several steps of one). A rollback builds nothing; `verifying` →
 * `deploying` is the next host; `failed` → `deploying` is somebody who resumed it; what was built may need another approval.
 */
const NEXT: Record<ReleaseState, readonly ReleaseState[]> = {
  created: ['checked', 'failed'],
  checked: ['approved', 'building', 'deploying', 'failed'],
  approved: ['building', 'deploying', 'failed'],
  building: ['approved', 'deploying', 'failed'],
  deploying: ['verifying', 'done', 'failed', 'rolledBack'],
  verifying: ['deploying', 'done', 'failed', 'rolledBack'],
  done: ['rolledBack'],
  failed: ['deploying', 'rolledBack'],
  rolledBack: [],
};

/** No host has been touched yet. */
export const isBefore = (state: ReleaseState): boolean =>
  state === 'created' || state === 'checked' || state === 'approved' || state === 'building';

/** A host is being changed, or was. */
export const touches = (state: ReleaseState): boolean =>
  state === 'deploying' || state === 'verifying' || state === 'done';

export const isEnd = (state: ReleaseState): boolean => state === 'done' || state === 'failed' || state === 'rolledBack';

/** Everything that can be reached from a state, itself among it. */
function reachable(from: ReleaseState): ReadonlySet<ReleaseState> {
  const found = new Set<ReleaseState>([from]);
  for (const state of found) for (const next of NEXT[state]) found.add(next);
  return found;
}

const REACHABLE = Object.fromEntries(RELEASE_STATES.map((state) => [state, reachable(state)])) as Record<
  ReleaseState,
  ReadonlySet<ReleaseState>
>;

/** Whether `to` may follow `from`: at once, or with `missing` events between them that have not come yet. */
export const canFollow = (from: ReleaseState, to: ReleaseState, missing: boolean): boolean =>
  from === to || (missing ? REACHABLE[from].has(to) : NEXT[from].includes(to));
