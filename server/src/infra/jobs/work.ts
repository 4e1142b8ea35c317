import type { Types } from 'mongoose';

/**
 * - `waiting`: to be taken once `due` has come.
 * - `running`: a worker has it until `due`, when anybody may take it over.
 * - `held`: waits for a person; nobody takes it.
 * - `done`, `dead`: at its end; `dead` was given up after too many failures and waits for an operator.
 */
export const WORK_STATES = ['waiting', 'running', 'held', 'done', 'dead'] as const;
export type WorkState = (typeof WORK_STATES)[number];

/** What makes a document work for a worker: an import, an export, a run of a job. Kept inside it under `work`. */
export interface Work {
  state: WorkState;
  /** Waiting: not before. Running: the end of the lease. Held, done, dead: since when. */
  due: Date;
  /** Raised by everyone who takes it; a write that carries an older one does nothing. */
  fence: number;
  /** Host and process that took it last; for people. */
  holder: string | null;
  /** When it was taken last. */
  takenAt: Date | null;
  /** Failures and crashes since the last progress. */
  attempts: number;
  /** The last failure: its code or class, never its text (which may hold what people typed). `crashed`: its worker fell silent. */
  fault: string | null;
}

export interface WorkDoc {
  _id: Types.ObjectId | string;
  work: Work;
}

/** The sub-document in a mongoose schema. Give the collection an index on `{ 'work.state': 1, 'work.due': 1 }`. */
export const workDefinition = {
  _id: false,
  state: { type: String, enum: WORK_STATES, required: true },
  due: { type: Date, required: true },
  fence: { type: Number, required: true },
  holder: { type: String, default: null },
  takenAt: { type: Date, default: null },
  attempts: { type: Number, required: true },
  fault: { type: String, default: null },
};

/** Work that may be taken from `due` on. */
export const newWork = (due: Date, state: 'waiting' | 'held' = 'waiting'): Work => ({
  state,
  due,
  fence: 0,
  holder: null,
  takenAt: null,
  attempts: 0,
  fault: null,
});
