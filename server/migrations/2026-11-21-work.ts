import type { mongo } from 'mongoose';
import type { IndexRow } from './2026-11-21-indexes.ts';

/** Indexes of background work: what workers take, and what is looked up while they do it. Sorted by collection. */
export const indexes: IndexRow[] = [
  ['cronRuns', { 'work.state': 1, 'work.due': 1 }],
  ['cronRuns', { job: 1, scheduledAt: -1 }],
  // Of one job one run is at work at a time.
  ['cronRuns', { job: 1 }, { unique: true, partialFilterExpression: { 'work.state': 'running' } }],
  ['exportLinks', { expiresAt: 1 }, { expireAfterSeconds: 3_600 }],
  ['exports', { 'work.state': 1, 'work.due': 1 }],
  ['exports', { createdBy: 1, _id: -1 }],
  ['exports', { state: 1, _id: -1 }],
  ['importReviews', { importId: 1, row: 1 }, { unique: true }],
  ['importSheets', { importId: 1, sheet: 1 }, { unique: true }],
  ['importUploads', { at: 1 }],
  ['imports', { 'work.state': 1, 'work.due': 1 }],
  ['imports', { state: 1, _id: -1 }],
  ['imports', { createdBy: 1, _id: -1 }],
  ['imports', { sha256: 1, state: 1 }],
  ['dailyFigures', { day: 1, formKey: 1 }],
  ['deliveries', { vendorId: 1 }, { unique: true }],
  ['deliveries', { 'work.state': 1, 'work.due': 1 }],
  ['people', { importId: 1, _id: 1 }, { partialFilterExpression: { importId: { $exists: true } } }],
  [
    'people',
    { 'changedBy.importId': 1, _id: 1 },
    { partialFilterExpression: { 'changedBy.importId': { $exists: true } } },
  ],
  ['personLinks', { personId: 1 }],
  [
    'submissions',
    { 'changedBy.importId': 1, 'changedBy.row': 1 },
    { partialFilterExpression: { 'changedBy.importId': { $exists: true } } },
  ],
];

export const id = '2026-11-21-work';

export async function up(db: mongo.Db): Promise<void> {
  for (const [collection, keys, options] of indexes) await db.collection(collection).createIndex(keys, options ?? {});
}
