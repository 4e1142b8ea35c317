import type { Connection, Model, mongo, Types } from 'mongoose';
import type { ProblemParams } from '../../../shared/messages/index.ts';
import { workDefinition, type Work } from '../../infra/jobs/index.ts';
import { defineSchema } from '../../infra/mongo/index.ts';
import { scopeDefinition, type Scope } from '../scope/index.ts';

export const LISTS = ['people', 'submissions'] as const;
export type ExportList = (typeof LISTS)[number];

/** Submissions of several versions of their form: in one sheet with the union of the columns, or a sheet for each version. */
export const VERSION_MODES = ['merged', 'apart'] as const;
export type VersionMode = (typeof VERSION_MODES)[number];

/** As the API tells it; `waiting` and `running` are both `open` in the document, where `work` tells them apart. */
export const EXPORT_STATES = [
  'waiting_approval',
  'waiting',
  'running',
  'ready',
  'failed',
  'cancelled',
  'expired',
  'rejected',
] as const;
export type ExportState = (typeof EXPORT_STATES)[number];
export const STORED_STATES = [
  'waiting_approval',
  'open',
  'ready',
  'failed',
  'cancelled',
  'expired',
  'rejected',
] as const;
export type StoredState = (typeof STORED_STATES)[number];

/** Not at its end. */
export const isOpen = ({ state }: { state: StoredState }): boolean => state === 'waiting_approval' || state === 'open';

/** What another person said about an export of many rows. */
export interface Approval {
  decision: 'approved' | 'rejected' | null;
  by: string | null;
  byName: string | null;
  at: Date | null;
  /** Sealed. */
  reason: string | null;
  /** JSON of the filters of what the approver reached then: nothing outside of it leaves on this approval. */
  reach: string | null;
}

/** An export is this document first: any worker can make its file. */
export interface ExportDoc {
  _id: Types.ObjectId;
  work: Work;
  list: ExportList;
  state: StoredState;
  /** Sealed JSON of `ExportRequest`: filters hold numbers of people, reasons their names. */
  request: string;
  clear: boolean;
  /** Sealed; removed when the file is written, or is not to be. */
  password: string | null;
  locked: boolean;
  /** Counted when it was asked for, then in the snapshot. */
  expected: { count: number; capped: boolean };
  progress: { rows: number; rowsPerSecond: number };
  written: number | null;
  /** The cluster time at which everything is read, and what the clock showed then. */
  snapshot: mongo.Timestamp | null;
  snapshotAt: Date | null;
  /** How many were taken; more than one when the first had become too old. */
  snapshots: number;
  /** How often the file was begun again. */
  restarts: number;
  /** Faults that were met; too many end it. */
  faults: number;
  /** In storage while it is being written, or until it has been removed. */
  pieces: string | null;
  file: { id: string; name: string; bytes: number; sha256: string; expiresAt: Date } | null;
  /** JSON of the filters of what the requester reached when the file was written. */
  reach: string | null;
  fault: { code: string; params?: ProblemParams } | null;
  approval: Approval | null;
  createdBy: string;
  createdByName: string;
  scope: Scope;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

const text = { type: String, default: null };
const moment = { type: Date, default: null };

const exportSchema = () =>
  defineSchema<ExportDoc>({
    _id: { type: 'ObjectId', required: true },
    work: workDefinition,
    list: { type: String, enum: LISTS, required: true },
    state: { type: String, enum: STORED_STATES, required: true },
    request: { type: String, required: true },
    clear: { type: Boolean, required: true },
    password: text,
    locked: { type: Boolean, required: true },
    expected: { _id: false, count: Number, capped: Boolean },
    progress: { _id: false, rows: Number, rowsPerSecond: Number },
    written: { type: Number, default: null },
    snapshot: { type: 'Mixed', default: null },
    snapshotAt: moment,
    snapshots: { type: Number, required: true },
    restarts: { type: Number, required: true },
    faults: { type: Number, required: true },
    pieces: text,
    file: {
      type: { _id: false, id: String, name: String, bytes: Number, sha256: String, expiresAt: Date },
      default: null,
    },
    reach: text,
    fault: { type: { _id: false, code: String, params: 'Mixed' }, default: null },
    approval: {
      type: { _id: false, decision: text, by: text, byName: text, at: moment, reason: text, reach: text },
      default: null,
    },
    createdBy: { type: String, required: true },
    createdByName: { type: String, required: true },
    scope: scopeDefinition,
    createdAt: { type: Date, required: true },
    startedAt: moment,
    finishedAt: moment,
  });

export const exportModel = (connection: Connection): Model<ExportDoc> =>
  (connection.models['Export'] as Model<ExportDoc> | undefined) ??
  connection.model<ExportDoc>('Export', exportSchema(), 'exports');

/** A way to one file for one account. `_id` is a keyed hash: who reads the database can't download. */
export interface ExportLinkDoc {
  _id: string;
  exportId: Types.ObjectId;
  accountId: string;
  expiresAt: Date;
  /** Of the first download, which is the one that is recorded. */
  usedAt: Date | null;
}

const linkSchema = () =>
  defineSchema<ExportLinkDoc>({
    _id: { type: String, required: true },
    exportId: { type: 'ObjectId', required: true },
    accountId: { type: String, required: true },
    expiresAt: { type: Date, required: true },
    usedAt: moment,
  });

export const exportLinkModel = (connection: Connection): Model<ExportLinkDoc> =>
  (connection.models['ExportLink'] as Model<ExportLinkDoc> | undefined) ??
  connection.model<ExportLinkDoc>('ExportLink', linkSchema(), 'exportLinks');
