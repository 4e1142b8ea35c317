import type { mongo } from 'mongoose';

/** `[collection, keys, options]`. Invariants live in unique ones; every hot query has one. */
export type IndexRow = [string, mongo.IndexSpecification, mongo.CreateIndexesOptions?];

/** Sorted by collection. An index that is there already, the same, is left alone, so the list may be applied again. */
export const indexes: IndexRow[] = [
  ['storage.chunks', { files_id: 1, n: 1 }, { unique: true }],
  ['storage.files', { filename: 1, uploadDate: 1 }],
];

export const id = '2026-11-21-indexes';

export async function up(db: mongo.Db): Promise<void> {
  for (const [collection, keys, options] of indexes) await db.collection(collection).createIndex(keys, options ?? {});
}
