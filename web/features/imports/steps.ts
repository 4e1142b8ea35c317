import type { ImportState, ImportView } from './imports.types.ts';

/** The screens of an import, in their order; the first is the page of a new one. */
export const STEPS = ['upload', 'mapping', 'check', 'run', 'result'] as const;
export type Step = (typeof STEPS)[number];

/** A worker is at it: the state changes by itself. */
export const isMoving = (state: ImportState): boolean =>
  state === 'inspecting' || state === 'checking' || state === 'running' || state === 'undoing';

export const isEnded = (state: ImportState): boolean =>
  state === 'finished' || state === 'failed' || state === 'cancelled' || state === 'undone';

/**
 * The screen for an import as it is. After a check the mapping is still open: `wanted` says that somebody went back to it.
 * What has begun to write can't go back.
 */
export function stepOf({ state, check }: Pick<ImportView, 'state' | 'check'>, wanted?: unknown): Step {
  switch (state) {
    case 'inspecting':
      return 'mapping';
    case 'mapping':
      return check && wanted !== 'mapping' ? 'check' : 'mapping';
    case 'checking':
      return 'check';
    case 'running':
    case 'paused':
      return 'run';
    default:
      return 'result';
  }
}
