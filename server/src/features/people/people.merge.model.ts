import type { Connection, Model, Types } from 'mongoose';
import { defineSchema } from '../../infra/mongo/index.ts';

/** A merge of two people, with what undoing it needs. */
export interface PersonMergeDoc {
  _id: Types.ObjectId;
  /** The duplicate, which is in the recycle bin now. */
  fromId: Types.ObjectId;
  /** Who stays. */
  intoId: Types.ObjectId;
  /** The facts that were taken over from the duplicate. */
  taken: string[];
  /** Sealed JSON of these facts of who stays, as they were and as they became; under `personMerge.facts:<id>`. */
  facts: string;
  /** What was the duplicate's before. */
  submissions: Types.ObjectId[];
  links: { accountId: string; relation: 'self' | 'family'; moved: boolean; createdAt: Date }[];
  state: 'done' | 'undone';
  /** Sealed, under `personMerge.reason:<id>`. */
  reason: string;
  by: string;
  byName: string;
  at: Date;
  undoneBy: string | null;
  undoneAt: Date | null;
}

const schema = defineSchema<PersonMergeDoc>({
  _id: { type: 'ObjectId', required: true },
  fromId: { type: 'ObjectId', required: true },
  intoId: { type: 'ObjectId', required: true },
  taken: { type: [String], required: true },
  facts: { type: String, required: true },
  submissions: { type: ['ObjectId'], required: true },
  links: {
    type: [{ _id: false, accountId: String, relation: String, moved: Boolean, createdAt: Date }],
    required: true,
  },
  state: { type: String, required: true },
  reason: { type: String, required: true },
  by: { type: String, required: true },
  byName: { type: String, required: true },
  at: { type: Date, required: true },
  undoneBy: { type: String, default: null },
  undoneAt: { type: Date, default: null },
});

export const personMergeModel = (connection: Connection): Model<PersonMergeDoc> =>
  (connection.models['PersonMerge'] as Model<PersonMergeDoc> | undefined) ??
  connection.model<PersonMergeDoc>('PersonMerge', schema, 'personMerges');
