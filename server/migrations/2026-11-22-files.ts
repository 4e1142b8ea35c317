import type { mongo } from 'mongoose';
import type { IndexRow } from './2026-11-21-indexes.ts';

/** Uploaded files of answers. */
export const indexes: IndexRow[] = [
  ['files', { owner: 1, at: 1 }],
  ['files', { submissionId: 1 }],
  ['files', { keepUntil: 1 }],
  // The same upload twice is one.
  ['files', { digest: 1 }, { unique: true, partialFilterExpression: { digest: { $exists: true } } }],
];

export const id = '2026-11-22-files';

export async function up(db: mongo.Db): Promise<void> {
  for (const [collection, keys, options] of indexes) await db.collection(collection).createIndex(keys, options ?? {});
}
