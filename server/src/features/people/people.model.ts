import type { Connection, Model, Types } from 'mongoose';
import { defineSchema } from '../../infra/mongo/index.ts';
import { historyDefinition, type HistoryEntry } from '../history/index.ts';
import { scopeDefinition, type Scope } from '../scope/index.ts';

/** Who is registered. What is sealed opens under `person.facts:<id>`, its history under `person.history:<id>`. */
export interface PersonDoc {
  _id: Types.ObjectId;
  /** In clear, for search by prefix. */
  name: string;
  gender: string | null;
  documentType: string | null;
  /** Sealed JSON of the document's number, phone, birth date and address; null without any. */
  sealed: string | null;
  /** Blind index of type and number; unique among the active people. Missing without a document. */
  documentIndex?: string;
  /** Blind index; not unique: families share phones, numbers are given out again. */
  phoneIndex?: string;
  /** GB/T 2260 code. */
  region: string | null;
  scope: Scope;
  /** The import that made it. */
  importId?: Types.ObjectId;
  /** The import that changed it last, with what undoing it needs: the `rev` that it left, and where it was before. */
  changedBy?: { importId: Types.ObjectId; rev: number; regionPath: string[] };
  rev: number;
  history: HistoryEntry[];
  createdAt: Date;
  updatedAt: Date;
  /** In the recycle bin since. */
  deletedAt: Date | null;
  deletedBy: string | null;
  mergedInto: Types.ObjectId | null;
  /** The Idempotency-Key that made it, hashed. */
  requestKey?: string;
}

const text = { type: String, default: null };

const personSchema = () =>
  defineSchema<PersonDoc>({
    _id: { type: 'ObjectId', required: true },
    name: { type: String, required: true },
    gender: text,
    documentType: text,
    sealed: text,
    documentIndex: String,
    phoneIndex: String,
    region: text,
    scope: scopeDefinition,
    importId: 'ObjectId',
    changedBy: {
      type: { _id: false, importId: 'ObjectId', rev: Number, regionPath: [String] },
      default: undefined,
    },
    rev: { type: Number, required: true },
    history: { type: [historyDefinition], required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    deletedAt: { type: Date, default: null },
    deletedBy: text,
    mergedInto: { type: 'ObjectId', default: null },
    requestKey: String,
  });

export const personModel = (connection: Connection): Model<PersonDoc> =>
  (connection.models['Person'] as Model<PersonDoc> | undefined) ??
  connection.model<PersonDoc>('Person', personSchema(), 'people');

/** Which account acts for which person. */
export interface PersonLinkDoc {
  accountId: string;
  personId: Types.ObjectId;
  /** `self`: the account's own person, the first that it registered; `family`: someone it registers for. */
  relation: 'self' | 'family';
  createdAt: Date;
}

const linkSchema = () =>
  defineSchema<PersonLinkDoc>({
    accountId: { type: String, required: true },
    personId: { type: 'ObjectId', required: true },
    relation: { type: String, enum: ['self', 'family'], required: true },
    createdAt: { type: Date, required: true },
  });

export const personLinkModel = (connection: Connection): Model<PersonLinkDoc> =>
  (connection.models['PersonLink'] as Model<PersonLinkDoc> | undefined) ??
  connection.model<PersonLinkDoc>('PersonLink', linkSchema(), 'personLinks');
