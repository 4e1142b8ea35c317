import type { Connection, Model, Types } from 'mongoose';
import type { Answers } from '../../../shared/fields/index.ts';
import { defineSchema } from '../../infra/mongo/index.ts';
import { historyDefinition, type HistoryEntry } from '../history/index.ts';
import { scopeDefinition, type Scope } from '../scope/index.ts';

/**
 * `submitted`: sent, and waiting for a decision where the form's records are reviewed. `returned`: for its sender to correct.
 * `accepted`, `rejected`: decided.
 */
export const STATUSES = ['submitted', 'accepted', 'returned', 'rejected', 'withdrawn'] as const;
/** Those that count: what they hold unique is taken. */
export const ACTIVE_STATUSES = ['submitted', 'accepted', 'returned'] as const;
export const DECISIONS = ['accept', 'return', 'reject'] as const;
export type Decision = (typeof DECISIONS)[number];

/** The last decision about a submission. */
export interface Review {
  decision: Decision;
  /** Said to the sender; null where none is needed. */
  reason: string | null;
  at: Date;
  by: string;
  byName: string;
}

export const isActive = (status: (typeof STATUSES)[number]): boolean =>
  (ACTIVE_STATUSES as readonly string[]).includes(status);

export const SOURCES = ['citizen', 'staff', 'import'] as const;

/** A filled form. What is sealed opens under `submission.<field>:<id>`. */
export interface SubmissionDoc {
  _id: Types.ObjectId;
  formKey: string;
  /** The version that it was filled on. */
  version: number;
  personId: Types.ObjectId | null;
  /** Someone with the document is registered, but its sender has no say in that person: an administrator decides. */
  claimed: boolean;
  /** The citizen's account; missing where staff sent it, so that the index of citizens' own stays small. */
  accountId?: string;
  source: (typeof SOURCES)[number];
  importId?: Types.ObjectId;
  /** Of the imported file. */
  row?: number;
  /** Made by an import beside this one, which has the same values by the form's rule. */
  beside?: Types.ObjectId;
  /** The import that changed it last, with what undoing it needs: the `rev` that it left, and what was before. */
  changedBy?: { importId: Types.ObjectId; row: number; rev: number; version: number; regionPath: string[] };
  /** What it was before each migration to another version, oldest first. */
  originals?: OriginalAnswers[];
  /** The versions that it was under since it was sent, oldest first; missing while there was one only. */
  rules?: { version: number; from: Date }[];
  status: (typeof STATUSES)[number];
  review?: Review;
  /** What the form's sorts order by, by slot; only where it has sorts. */
  sort?: Record<string, string>;
  /** Answers that are not sensitive. */
  answers: Answers;
  /** Sealed JSON of the sensitive answers; null without any. */
  sealed: string | null;
  /** Blind index of all answers: the same answers again are known without opening these. */
  answersHash: string;
  /** Filterable answers, for lists. */
  facets: { k: string; v: string }[];
  /** The lists that it is in, by form, region and facet: `submissions.listed.ts`. */
  listed: string[];
  /** Of the person, for search. */
  name: string | null;
  phoneIndex?: string;
  documentIndex?: string;
  /** Blind index of the values that must be unique; only while the submission is active. */
  dedupeKey?: string;
  receiptNumber: string;
  requestKey?: string;
  scope: Scope;
  rev: number;
  history: HistoryEntry[];
  submittedAt: Date;
  updatedAt: Date;
  /** In the recycle bin since. */
  deletedAt: Date | null;
  deletedBy: string | null;
}

/** A submission as it was before a migration. */
export interface OriginalAnswers {
  migrationId: Types.ObjectId;
  /** The version that it was filled on. */
  version: number;
  /** Sealed JSON of all answers, under `submission.original:<id>`; null where the migration left them as they were. */
  sealed: string | null;
  /** The `rev` that the migration left. */
  rev: number;
  at: Date;
}

const submissionSchema = () =>
  defineSchema<SubmissionDoc>({
    _id: { type: 'ObjectId', required: true },
    formKey: { type: String, required: true },
    version: { type: Number, required: true },
    personId: { type: 'ObjectId', default: null },
    claimed: { type: Boolean, required: true },
    accountId: String,
    source: { type: String, enum: SOURCES, required: true },
    importId: 'ObjectId',
    row: Number,
    beside: 'ObjectId',
    changedBy: {
      type: { _id: false, importId: 'ObjectId', row: Number, rev: Number, version: Number, regionPath: [String] },
      default: undefined,
    },
    originals: {
      type: [{ _id: false, migrationId: 'ObjectId', version: Number, sealed: String, rev: Number, at: Date }],
      default: undefined,
    },
    rules: { type: [{ _id: false, version: Number, from: Date }], default: undefined },
    status: { type: String, enum: STATUSES, required: true },
    review: {
      type: { _id: false, decision: String, reason: String, at: Date, by: String, byName: String },
      default: undefined,
    },
    sort: { type: 'Mixed', default: undefined },
    answers: { type: 'Mixed', required: true },
    sealed: { type: String, default: null },
    answersHash: { type: String, required: true },
    facets: { type: [{ _id: false, k: String, v: String }], required: true },
    listed: { type: [String], required: true },
    name: { type: String, default: null },
    phoneIndex: String,
    documentIndex: String,
    dedupeKey: String,
    receiptNumber: { type: String, required: true },
    requestKey: String,
    scope: scopeDefinition,
    rev: { type: Number, required: true },
    history: { type: [historyDefinition], required: true },
    submittedAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    deletedAt: { type: Date, default: null },
    deletedBy: { type: String, default: null },
  });

export const submissionModel = (connection: Connection): Model<SubmissionDoc> =>
  (connection.models['Submission'] as Model<SubmissionDoc> | undefined) ??
  connection.model<SubmissionDoc>('Submission', submissionSchema(), 'submissions');

/** A submission not sent yet; one per account and form. */
export interface DraftDoc {
  _id: Types.ObjectId;
  accountId: string;
  formKey: string;
  version: number;
  /** Sealed JSON of the answers, under `draft:<accountId>:<formKey>`. */
  sealed: string;
  /** The step that the citizen was at, from 0. */
  step: number;
  rev: number;
  savedAt: Date;
}

const draftSchema = () =>
  defineSchema<DraftDoc>({
    accountId: { type: String, required: true },
    formKey: { type: String, required: true },
    version: { type: Number, required: true },
    sealed: { type: String, required: true },
    step: { type: Number, required: true },
    rev: { type: Number, required: true },
    savedAt: { type: Date, required: true },
  });

export const draftModel = (connection: Connection): Model<DraftDoc> =>
  (connection.models['Draft'] as Model<DraftDoc> | undefined) ??
  connection.model<DraftDoc>('Draft', draftSchema(), 'drafts');
