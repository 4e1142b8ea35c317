import type { mongo } from 'mongoose';
import type { IndexRow } from './2026-11-21-indexes.ts';

/** Sorted by collection. A WeChat user belongs to one account, whichever of the operator's programs he comes through. */
export const indexes: IndexRow[] = [
  [
    'accounts',
    { 'wechat.openidIndex': 1 },
    { unique: true, partialFilterExpression: { 'wechat.openidIndex': { $exists: true } } },
  ],
  [
    'accounts',
    { 'wechat.unionidIndex': 1 },
    { unique: true, partialFilterExpression: { 'wechat.unionidIndex': { $exists: true } } },
  ],
  // The accounts that went into one.
  ['accounts', { mergedInto: 1 }, { partialFilterExpression: { mergedInto: { $exists: true } } }],
];

export const id = '2026-11-22-wechat';

export async function up(db: mongo.Db): Promise<void> {
  for (const [collection, keys, options] of indexes) await db.collection(collection).createIndex(keys, options ?? {});
}
