import type { ImportView } from './imports.types.ts';

/** The colour of an import's state; finished with refused rows is not a plain success. */
export function stateTone({ state, counts }: ImportView): 'success' | 'warn' | 'danger' | 'primary' | undefined {
  if (state === 'finished') return counts.failed ? 'warn' : 'success';
  if (state === 'failed') return 'danger';
  return state === 'cancelled' ? undefined : 'primary';
}
