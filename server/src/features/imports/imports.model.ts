import type { Connection, Model, Types } from 'mongoose';
import { defineSchema } from '../../infra/mongo/index.ts';
import { scopeDefinition, type Scope } from '../scope/index.ts';

/**
 * What becomes of a row whose submission is there already: it is left alone, changed to what the row says, the row made a
 * second one, or put into a queue for a person.
 */
export const DUPLICATE_RULES = ['skip', 'update', 'create', 'review'] as const;
export type DuplicateRule = (typeof DUPLICATE_RULES)[number];

/** By what a column was given its field without a person. */
export const GUESSES = ['template', 'label', 'synonym', 'remembered'] as const;
export type Guess = (typeof GUESSES)[number];

/** What a person may say of a row in the queue. */
export const REVIEW_DECISIONS = ['keep', 'update', 'create'] as const;
export type ReviewDecision = (typeof REVIEW_DECISIONS)[number];

/** Rows of the file; `read = created + updated + skipped + failed`, always. */
export interface ImportCounts {
  read: number;
  created: number;
  updated: number;
  skipped: number;
  failed: number;
}

/** An import is this document first: any worker can go on with it from `position`. */
export interface ImportDoc {
  _id: Types.ObjectId;
  formKey: string;
  version: number;
  duplicates: DuplicateRule;
  /** In storage; removed when the import ends. */
  fileId: string;
  /** As the person named it; sealed, since people put names of people there. */
  filename: string;
  bytes: number;
  sha256: string;
  state: 'waiting' | 'running' | 'finished' | 'failed' | 'cancelled';
  /** Why it failed. */
  fault: { code: string; params: Record<string, string | number> } | null;
  counts: ImportCounts;
  /** The last row of the file that is done with, counted as spreadsheet programs do. */
  position: number;
  /** The header's texts, sealed JSON of string[]; null until it was found. */
  header: string | null;
  /** Who works on it until when; a higher fence shuts out a worker that was thought dead. */
  lease: { until: Date; fence: number };
  /** How often a worker gave up on it for a reason that is not the file's. */
  attempts: number;
  cancelAsked: boolean;
  requestKey: string;
  createdBy: string;
  createdByName: string;
  scope: Scope;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

/** A row that was refused: its cells as they stood in the file, sealed, and what is wrong with them. */
export interface ImportFault {
  _id: Types.ObjectId;
  importId: Types.ObjectId;
  row: number;
  cells: string;
  issues: { path: string; code: string; params: Record<string, string | number> }[];
}

const importSchema = defineSchema<ImportDoc>({
  formKey: String,
  version: Number,
  duplicates: { type: String, enum: DUPLICATE_RULES },
  fileId: String,
  filename: String,
  bytes: Number,
  sha256: String,
  state: String,
  fault: {},
  counts: { _id: false, read: Number, created: Number, updated: Number, skipped: Number, failed: Number },
  position: Number,
  header: String,
  lease: { _id: false, until: Date, fence: Number },
  attempts: Number,
  cancelAsked: Boolean,
  requestKey: String,
  createdBy: String,
  createdByName: String,
  scope: scopeDefinition,
  createdAt: Date,
  startedAt: Date,
  finishedAt: Date,
});

const faultSchema = defineSchema<ImportFault>({
  importId: { type: 'ObjectId' },
  row: Number,
  cells: String,
  issues: [{}],
});

export const importModel = (connection: Connection): Model<ImportDoc> =>
  (connection.models['Import'] as Model<ImportDoc> | undefined) ??
  connection.model<ImportDoc>('Import', importSchema, 'imports');

export const importFaultModel = (connection: Connection): Model<ImportFault> =>
  (connection.models['ImportFault'] as Model<ImportFault> | undefined) ??
  connection.model<ImportFault>('ImportFault', faultSchema, 'importFaults');
