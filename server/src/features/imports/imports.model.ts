import type { Connection, Model, Types } from 'mongoose';
import type { ProblemParams } from '../../../shared/messages/index.ts';
import { workDefinition, type Work } from '../../infra/jobs/index.ts';
import { defineSchema } from '../../infra/mongo/index.ts';
import { scopeDefinition, type Scope } from '../scope/index.ts';
import { DUPLICATE_RULES, type DuplicateRule } from '../submissions/index.ts';
import { IMPORT_STATES, type ImportPhase, type ImportState } from './imports.states.ts';

/** By what a column was given its field; null in a mapping: by a person. */
export const GUESSES = ['template', 'label', 'synonym', 'remembered'] as const;
export type Guess = (typeof GUESSES)[number];

/** Rows of the file; `read` is the sum of the others, always. `skipped`: a submission was there and was left. */
export interface ImportCounts {
  read: number;
  created: number;
  updated: number;
  skipped: number;
  unchanged: number;
  /** Wait for a person's decision. */
  review: number;
  failed: number;
}

export const NO_COUNTS: Readonly<ImportCounts> = Object.freeze({
  read: 0,
  created: 0,
  updated: 0,
  skipped: 0,
  unchanged: 0,
  review: 0,
  failed: 0,
});

/** What goes where, and how it looks in the file. */
export interface ImportMapping {
  /** Place in `sheets`. */
  sheet: number;
  /** The file's row of the header; data begins after it. 0: there is none. */
  headerRow: number;
  /** By column. */
  fields: (string | null)[];
  guessed: (Guess | null)[];
  /** Sealed JSON of `Column[]`. */
  columns: string;
  /** Sealed JSON of `ValueRow[]`: texts that are no option of their field, and what a person says they mean. */
  values: string;
}

export interface Column {
  header: string;
  samples: string[];
}

export interface ValueRow {
  field: string;
  text: string;
  count: number;
  /** Of an option. */
  code: string | null;
}

/** How far the undoing has come: submissions first, by row; then people, by id. */
export interface ImportUndo {
  /** With whose rights. */
  accountId: string;
  step: 'submissions' | 'people';
  row: number;
  person: Types.ObjectId | null;
  removed: number;
  restored: number;
  kept: number;
}

/** An import is this document first: any worker can go on with it, from `position`. What is sealed opens under `import:<id>`. */
export interface ImportDoc {
  _id: Types.ObjectId;
  formKey: string;
  version: number;
  duplicates: DuplicateRule;
  /** It stops for a person once the file was inspected. */
  review: boolean;
  /** In storage; null once it was removed. */
  fileId: string | null;
  /** As the person named it; sealed, since people put names of people there. */
  filename: string;
  bytes: number;
  sha256: string;
  state: ImportState;
  /** What a worker is to do; kept when it fails, so that it can go on. */
  phase: ImportPhase | null;
  /** Asked for while a worker has it: it obeys after the batch in hand. */
  ask: 'pause' | 'cancel' | null;
  /** Raised by every change that a reader can see. */
  rev: number;
  work: Work;
  /** Why it failed. */
  fault: { code: string; params: ProblemParams } | null;
  repeatOf: { id: Types.ObjectId; createdAt: Date; createdByName: string } | null;
  /** Sealed JSON of `SheetName[]`, the visible ones; null until they are known. */
  sheets: string | null;
  mapping: ImportMapping | null;
  /** The last row of the file that is done with, counted as spreadsheet programs do. */
  position: number;
  counts: ImportCounts;
  /** Of the step in hand; `rate` in rows a second; `about`: the total is an estimate. */
  progress: { rows: number; total: number | null; about?: boolean; rate: number };
  /** What the last check of this mapping found. */
  check: ImportCounts | null;
  undo: ImportUndo | null;
  requestKey: string;
  createdBy: string;
  createdByName: string;
  scope: Scope;
  createdAt: Date;
  /** When rows were first to be written. */
  startedAt: Date | null;
  finishedAt: Date | null;
  /** Since when it can't be undone or resumed any more, and its rows are gone. */
  expiredAt: Date | null;
}

export interface SheetName {
  /** Place in the file, hidden sheets counted. */
  index: number;
  name: string;
  /** Null: not counted. */
  rows: number | null;
}

const count = { type: Number, required: true };
const countsDefinition = {
  _id: false,
  read: count,
  created: count,
  updated: count,
  skipped: count,
  unchanged: count,
  review: count,
  failed: count,
};

const importSchema = () =>
  defineSchema<ImportDoc>({
    formKey: { type: String, required: true },
    version: { type: Number, required: true },
    duplicates: { type: String, enum: DUPLICATE_RULES, required: true },
    review: { type: Boolean, required: true },
    fileId: { type: String, default: null },
    filename: { type: String, required: true },
    bytes: { type: Number, required: true },
    sha256: { type: String, required: true },
    state: { type: String, enum: IMPORT_STATES, required: true },
    phase: { type: String, default: null },
    ask: { type: String, default: null },
    rev: count,
    work: { type: workDefinition, required: true },
    fault: { type: 'Mixed', default: null },
    repeatOf: { type: { _id: false, id: 'ObjectId', createdAt: Date, createdByName: String }, default: null },
    sheets: { type: String, default: null },
    mapping: {
      type: {
        _id: false,
        sheet: Number,
        headerRow: Number,
        fields: [String],
        guessed: [String],
        columns: String,
        values: String,
      },
      default: null,
    },
    position: count,
    counts: { type: countsDefinition, required: true },
    progress: { _id: false, rows: Number, total: Number, about: Boolean, rate: Number },
    check: { type: countsDefinition, default: null },
    undo: {
      type: {
        _id: false,
        accountId: String,
        step: String,
        row: Number,
        person: 'ObjectId',
        removed: Number,
        restored: Number,
        kept: Number,
      },
      default: null,
    },
    requestKey: { type: String, required: true },
    createdBy: { type: String, required: true },
    createdByName: { type: String, required: true },
    scope: scopeDefinition,
    createdAt: { type: Date, required: true },
    startedAt: { type: Date, default: null },
    finishedAt: { type: Date, default: null },
    expiredAt: { type: Date, default: null },
  });

export const importModel = (connection: Connection): Model<ImportDoc> =>
  (connection.models['Import'] as Model<ImportDoc> | undefined) ??
  connection.model<ImportDoc>('Import', importSchema(), 'imports');

/** What a document is sealed under, with everything that belongs to it. */
export const sealContext = (importId: { toString(): string }): string => `import:${String(importId)}`;
