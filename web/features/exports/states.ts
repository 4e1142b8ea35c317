import type { ExportState } from './exports.types.ts';

/** Not at its end. */
export const isOpen = (state: ExportState): boolean => ['waiting_approval', 'waiting', 'running'].includes(state);
/** A worker is at it, or about to be. */
export const isMoving = (state: ExportState): boolean => state === 'waiting' || state === 'running';

const TONES: Partial<Record<ExportState, 'success' | 'warn' | 'danger' | 'primary'>> = {
  waiting_approval: 'warn',
  waiting: 'primary',
  running: 'primary',
  ready: 'success',
  failed: 'danger',
  rejected: 'danger',
};
export const toneOf = (state: ExportState) => TONES[state];
