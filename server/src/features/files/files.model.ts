import type { Connection, Model, Types } from 'mongoose';
import type { FileValue } from '../../../shared/fields/index.ts';
import type { Cipher } from '../../infra/crypto/index.ts';
import { defineSchema } from '../../infra/mongo/index.ts';

/** An uploaded file; its content is in storage under the same id. It is its uploader's until a submission claims it. */
export interface FileDoc {
  _id: Types.ObjectId;
  /** The account that uploaded it, afterwards that of the submission; null for a submission that has none. */
  owner: string | null;
  formKey: string;
  /** The field that it answers. */
  field: string;
  /** Sealed under `file.name:<id>`. */
  name: string;
  /** By its content. */
  type: string;
  /** As it is kept; while it comes, as many as it may have. */
  bytes: number;
  /** Hex; empty while it comes. */
  sha256: string;
  /** Whether it has come as a whole. */
  ready: boolean;
  /** Blind index of whose, for what, which content and name: the same upload again is this one. Only while nobody claims it. */
  digest?: string;
  submissionId: Types.ObjectId | null;
  at: Date;
  /** When it goes, unless a submission claims it; null for one that is claimed: it goes with its submission. */
  keepUntil: Date | null;
}

const fileSchema = () =>
  defineSchema<FileDoc>({
    _id: { type: 'ObjectId', required: true },
    owner: { type: String, default: null },
    formKey: { type: String, required: true },
    field: { type: String, required: true },
    name: { type: String, required: true },
    type: { type: String, required: true },
    bytes: { type: Number, required: true },
    sha256: { type: String, default: '' },
    ready: { type: Boolean, required: true },
    digest: String,
    submissionId: { type: 'ObjectId', default: null },
    at: { type: Date, required: true },
    keepUntil: { type: Date, default: null },
  });

export const fileModel = (connection: Connection): Model<FileDoc> =>
  (connection.models['File'] as Model<FileDoc> | undefined) ?? connection.model<FileDoc>('File', fileSchema(), 'files');

export const nameContext = (id: unknown): string => `file.name:${String(id)}`;

/** What an answer says of a file. */
export const valueOf = (cipher: Cipher, doc: FileDoc): FileValue => ({
  id: String(doc._id),
  name: cipher.open(doc.name, nameContext(doc._id)),
  type: doc.type,
  bytes: doc.bytes,
});
