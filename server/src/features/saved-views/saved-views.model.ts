import type { Connection, Model, Types } from 'mongoose';
import { defineSchema } from '../../infra/mongo/index.ts';

export const VIEW_LISTS = ['submissions', 'people'] as const;

/** A way to look at a list, under a name: filters, columns, order. */
export interface SavedViewDoc {
  _id: Types.ObjectId;
  list: (typeof VIEW_LISTS)[number];
  /** Unique for its owner and list. */
  name: string;
  /** The account that made it. */
  owner: string;
  /** Everybody who may open the list sees it. */
  shared: boolean;
  /** Sealed JSON of filters, columns and order, under `savedView:<id>`: a filter may be a phone number. */
  sealed: string;
  updatedAt: Date;
}

const schema = defineSchema<SavedViewDoc>({
  _id: { type: 'ObjectId', required: true },
  list: { type: String, enum: VIEW_LISTS, required: true },
  name: { type: String, required: true },
  owner: { type: String, required: true },
  shared: { type: Boolean, required: true },
  sealed: { type: String, required: true },
  updatedAt: { type: Date, required: true },
});

export const savedViewModel = (connection: Connection): Model<SavedViewDoc> =>
  (connection.models['SavedView'] as Model<SavedViewDoc> | undefined) ??
  connection.model<SavedViewDoc>('SavedView', schema, 'savedViews');
