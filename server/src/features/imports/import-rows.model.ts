import type { Connection, Model, Types } from 'mongoose';
import type { Fault } from '../../../shared/fields/types.ts';
import { defineSchema } from '../../infra/mongo/index.ts';

/** A row that was refused: its cells as they stood in the file, sealed, and what is wrong with them. */
export interface ImportFault {
  _id: Types.ObjectId;
  importId: Types.ObjectId;
  row: number;
  /** Sealed JSON of string[]. */
  cells: string;
  issues: { path: string; code: string; params: NonNullable<Fault['params']> }[];
}

/** What a person may say of a row whose submission is there: leave that one, change it, or make a second one. */
export const REVIEW_DECISIONS = ['keep', 'update', 'create'] as const;
export type ReviewDecision = (typeof REVIEW_DECISIONS)[number];

/** A row whose submission was there already, for a person to decide. */
export interface ImportReview {
  _id: Types.ObjectId;
  importId: Types.ObjectId;
  row: number;
  /** Sealed JSON of the checked answers. */
  answers: string;
  /** The submission that was there. */
  submissionId: Types.ObjectId | null;
  decision: ReviewDecision | null;
  decidedBy: string | null;
  decidedAt: Date | null;
  /** The decision has been carried out and counted. */
  done: boolean;
}

/** The beginning of a sheet, and the texts that occur in it, for the mapping. Removed when the import ends. */
export interface ImportSheet {
  _id: Types.ObjectId;
  importId: Types.ObjectId;
  /** Place in `sheets` of the import. */
  sheet: number;
  /** Sealed JSON of `SheetHead`. */
  head: string;
}

/** What a header, or a text of an option field, was last said to mean in imports of a form. */
export interface ImportMemory {
  /** HMAC of the form and the text (and the field). */
  _id: string;
  formKey: string;
  /** A field's key, or an option's code; null: said to be nothing. */
  means: string | null;
  usedAt: Date;
}

/** A file that is being uploaded: noted before its first byte is stored, so that it is removed if its process dies. */
export interface ImportUploadDoc {
  /** Of the file in storage. */
  _id: string;
  at: Date;
}

const faultSchema = () =>
  defineSchema<ImportFault>({
    importId: { type: 'ObjectId', required: true },
    row: { type: Number, required: true },
    cells: { type: String, required: true },
    issues: [{ type: 'Mixed' }],
  });

const reviewSchema = () =>
  defineSchema<ImportReview>({
    importId: { type: 'ObjectId', required: true },
    row: { type: Number, required: true },
    answers: { type: String, required: true },
    submissionId: { type: 'ObjectId', default: null },
    decision: { type: String, enum: [...REVIEW_DECISIONS, null], default: null },
    decidedBy: { type: String, default: null },
    decidedAt: { type: Date, default: null },
    done: { type: Boolean, required: true },
  });

const sheetSchema = () =>
  defineSchema<ImportSheet>({
    importId: { type: 'ObjectId', required: true },
    sheet: { type: Number, required: true },
    head: { type: String, required: true },
  });

const memorySchema = () =>
  defineSchema<ImportMemory>({
    _id: { type: String, required: true },
    formKey: { type: String, required: true },
    means: { type: String, default: null },
    usedAt: { type: Date, required: true },
  });

const uploadSchema = () =>
  defineSchema<ImportUploadDoc>({ _id: { type: String, required: true }, at: { type: Date, required: true } });

export const importFaultModel = (connection: Connection): Model<ImportFault> =>
  (connection.models['ImportFault'] as Model<ImportFault> | undefined) ??
  connection.model<ImportFault>('ImportFault', faultSchema(), 'importFaults');

export const importReviewModel = (connection: Connection): Model<ImportReview> =>
  (connection.models['ImportReview'] as Model<ImportReview> | undefined) ??
  connection.model<ImportReview>('ImportReview', reviewSchema(), 'importReviews');

export const importSheetModel = (connection: Connection): Model<ImportSheet> =>
  (connection.models['ImportSheet'] as Model<ImportSheet> | undefined) ??
  connection.model<ImportSheet>('ImportSheet', sheetSchema(), 'importSheets');

export const importMemoryModel = (connection: Connection): Model<ImportMemory> =>
  (connection.models['ImportMemory'] as Model<ImportMemory> | undefined) ??
  connection.model<ImportMemory>('ImportMemory', memorySchema(), 'importMappings');

export const importUploadModel = (connection: Connection): Model<ImportUploadDoc> =>
  (connection.models['ImportUpload'] as Model<ImportUploadDoc> | undefined) ??
  connection.model<ImportUploadDoc>('ImportUpload', uploadSchema(), 'importUploads');

const REMOVED_AT_ONCE = 2_000;

/** Removes all that belongs to an import, in pieces that a query's time limit allows. */
export async function removeOf<T extends { importId: Types.ObjectId }>(
  model: Model<T>,
  importId: Types.ObjectId,
): Promise<void> {
  for (;;) {
    const some = await model
      .find({ importId } as never, { _id: 1 })
      .limit(REMOVED_AT_ONCE)
      .lean<{ _id: Types.ObjectId }[]>();
    if (some.length) await model.deleteMany({ _id: { $in: some.map(({ _id }) => _id) } } as never);
    if (some.length < REMOVED_AT_ONCE) return;
  }
}
