import type { mongo } from 'mongoose';
import type { IndexRow } from './2026-11-21-indexes.ts';

/** Indexes of release records and of the webhooks that tell of them. Sorted by collection. */
export const indexes: IndexRow[] = [
  ['releases', { startedAt: -1, _id: -1 }],
  ['releases', { state: 1, startedAt: -1, _id: -1 }],
  // The few that wait for an approval.
  ['releases', { expiresAt: 1 }, { partialFilterExpression: { waiting: true } }],
  ['webhookDeliveries', { 'work.state': 1, 'work.due': 1 }],
];

export const id = '2026-11-22-releases';

export async function up(db: mongo.Db): Promise<void> {
  for (const [collection, keys, options] of indexes) await db.collection(collection).createIndex(keys, options ?? {});
}
