import { Problem } from '../../http/index.ts';

/**
 * - `checking`: a worker counts what it would come to, and writes nothing.
 * - `checked`: waits for a person, who may start it.
 * - `running`, `stopped`: records are being written; a person has stopped it for now.
 * - `undoing`: what it wrote is being taken back.
 * - the rest are ends.
 */
export const MIGRATION_STATES = [
  'checking',
  'checked',
  'running',
  'stopped',
  'finished',
  'undoing',
  'undone',
  'failed',
  'cancelled',
] as const;
export type MigrationState = (typeof MIGRATION_STATES)[number];

/** What a worker does. */
export type MigrationPhase = 'check' | 'run' | 'undo';

export const MIGRATION_ACTIONS = ['start', 'stop', 'resume', 'undo'] as const;
export type MigrationAction = (typeof MIGRATION_ACTIONS)[number];

/** From which states each action may be asked for. Stopping a dry run ends it. */
const FROM: Record<MigrationAction, readonly MigrationState[]> = {
  start: ['checked'],
  stop: ['checking', 'running'],
  resume: ['stopped', 'failed'],
  undo: ['stopped', 'finished', 'failed'],
};

export interface Standing {
  state: MigrationState;
  phase: MigrationPhase | null;
  asked: boolean;
  /** It has written something. */
  written: boolean;
  /** Its version is published, or could be: what was counted is what is current. */
  published: boolean;
}

/** What may be done now, by who has the right to. */
export function actionsOf({ state, phase, asked, written, published }: Standing): MigrationAction[] {
  return MIGRATION_ACTIONS.filter((action) => {
    if (!FROM[action].includes(state)) return false;
    if (action === 'start') return published;
    if (action === 'stop') return !asked;
    if (action === 'resume') return phase === 'run' || phase === 'undo' || phase === 'check';
    return written && phase !== 'check';
  });
}

/** @throws conflict, saying the state, when it has another than the action needs */
export function assertFrom(state: MigrationState, action: MigrationAction): void {
  if (!FROM[action].includes(state)) throw new Problem('conflict', { params: { state } });
}
