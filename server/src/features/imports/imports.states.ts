import { Problem } from '../../http/index.ts';

/**
 * - `inspecting`: a worker looks what is in the file.
 * - `mapping`: a person says what goes where; also after a check.
 * - `checking`: a worker goes through all rows and writes none.
 * - `running`, `paused`: rows are being written; a person has stopped it for now.
 * - `undoing`: what it wrote is being taken back.
 * - the rest are ends.
 */
export const IMPORT_STATES = [
  'inspecting',
  'mapping',
  'checking',
  'running',
  'paused',
  'undoing',
  'finished',
  'failed',
  'cancelled',
  'undone',
] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

/** What a worker does. */
export type ImportPhase = 'inspect' | 'check' | 'run' | 'undo';

/** The state that an import is in while a worker does something. */
export const STATE_OF: Record<ImportPhase, ImportState> = {
  inspect: 'inspecting',
  check: 'checking',
  run: 'running',
  undo: 'undoing',
};

export const ACTIVE_STATES = ['inspecting', 'mapping', 'checking', 'running', 'paused', 'undoing'] as const;
export const ENDED_STATES = ['finished', 'failed', 'cancelled', 'undone'] as const;

export const isEnded = (state: ImportState): boolean => (ENDED_STATES as readonly string[]).includes(state);

/** What a person may ask of an import; `map` is to say what goes where. */
export const IMPORT_ACTIONS = ['map', 'check', 'start', 'pause', 'resume', 'cancel', 'undo'] as const;
export type ImportAction = (typeof IMPORT_ACTIONS)[number];

/** From which states each action may be asked for. Pausing a check goes back to the mapping. */
const FROM: Record<ImportAction, readonly ImportState[]> = {
  map: ['mapping'],
  check: ['mapping'],
  start: ['mapping'],
  pause: ['checking', 'running'],
  resume: ['paused', 'failed'],
  cancel: ['inspecting', 'mapping', 'checking', 'running', 'paused'],
  undo: ['paused', 'finished', 'failed', 'cancelled'],
};

/** What decides over actions besides the state. */
export interface Standing {
  state: ImportState;
  /** Asked for already; its worker has not obeyed yet. */
  asked: 'pause' | 'cancel' | null;
  /** Required fields have no column yet. */
  incomplete: boolean;
  /** Rows were written that can still be taken back. */
  undoable: boolean;
  /** It failed for a reason that is not the file's, and the file is still there. */
  resumable: boolean;
  /** The caller uploaded it: rows are written with the uploader's rights, so nobody else may say which. */
  own: boolean;
}

/** What may be done now. */
export function actionsOf({ state, asked, incomplete, undoable, resumable, own }: Standing): ImportAction[] {
  return IMPORT_ACTIONS.filter((action) => {
    if (!FROM[action].includes(state)) return false;
    if (action === 'undo') return undoable;
    if (action === 'pause') return asked === null;
    if (action === 'cancel') return asked !== 'cancel';
    if (!own || ((action === 'check' || action === 'start') && incomplete)) return false;
    return action !== 'resume' || state === 'paused' || resumable;
  });
}

/** @throws conflict, saying the state, when it has another than the action needs */
export function assertFrom(state: ImportState, action: ImportAction): void {
  if (!FROM[action].includes(state)) throw new Problem('conflict', { params: { state } });
}
