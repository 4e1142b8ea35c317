import type { mongo } from 'mongoose';

/** `[collection, keys, options]`. Invariants live in unique ones; every hot query has one. */
export type IndexRow = [string, mongo.IndexSpecification, mongo.CreateIndexesOptions?];

/** Sorted by collection. An index that is there already, the same, is left alone, so the list may be applied again. */
export const indexes: IndexRow[] = [
  // Staff by name, citizens by phone.
  ['accounts', { name: 1 }, { unique: true, partialFilterExpression: { name: { $exists: true } } }],
  ['accounts', { phoneIndex: 1 }, { unique: true, partialFilterExpression: { phoneIndex: { $exists: true } } }],
  ['accounts', { 'grants.role': 1 }],
  ['audit', { at: -1, _id: -1 }],
  ['audit', { 'actor.accountId': 1, at: -1, _id: -1 }],
  ['audit', { 'object.type': 1, 'object.id': 1, at: -1, _id: -1 }],
  ['audit', { action: 1, at: -1, _id: -1 }],
  ['drafts', { accountId: 1, formKey: 1 }, { unique: true }],
  ['formVersions', { formKey: 1, number: 1 }, { unique: true }],
  ['idempotency', { expiresAt: 1 }, { expireAfterSeconds: 0 }],
  ['importFaults', { importId: 1, row: 1 }, { unique: true }],
  ['imports', { requestKey: 1 }, { unique: true }],
  ['imports', { state: 1, 'lease.until': 1 }],
  ['imports', { 'scope.regionPath': 1, _id: -1 }],
  ['imports', { 'scope.orgPath': 1, _id: -1 }],
  // A day after a lock has ended nobody asks for it any more.
  ['loginFailures', { until: 1 }, { expireAfterSeconds: 86_400 }],
  ['organisations', { parent: 1, name: 1 }, { unique: true }],
  ['organisations', { 'scope.regionPath': 1, _id: 1 }],
  ['organisations', { 'scope.orgPath': 1, _id: 1 }],
  // A document number belongs to one active person. Looked up with `deletedAt: null`, or the partial index is not used.
  [
    'people',
    { documentIndex: 1 },
    { unique: true, partialFilterExpression: { documentIndex: { $exists: true }, deletedAt: null } },
  ],
  ['people', { requestKey: 1 }, { unique: true, partialFilterExpression: { requestKey: { $exists: true } } }],
  ['people', { deletedAt: 1, createdAt: -1, _id: -1 }],
  ['people', { 'scope.regionPath': 1, deletedAt: 1, createdAt: -1, _id: -1 }],
  ['people', { 'scope.orgPath': 1, deletedAt: 1, createdAt: -1, _id: -1 }],
  ['people', { phoneIndex: 1 }, { partialFilterExpression: { phoneIndex: { $exists: true } } }],
  ['personLinks', { accountId: 1, personId: 1 }, { unique: true }],
  ['quotas', { expiresAt: 1 }, { expireAfterSeconds: 0 }],
  ['storage.chunks', { files_id: 1, n: 1 }, { unique: true }],
  ['storage.files', { filename: 1, uploadDate: 1 }],
  [
    'submissions',
    { formKey: 1, dedupeKey: 1 },
    { unique: true, partialFilterExpression: { dedupeKey: { $exists: true } } },
  ],
  ['submissions', { requestKey: 1 }, { unique: true, partialFilterExpression: { requestKey: { $exists: true } } }],
  ['submissions', { receiptNumber: 1 }, { unique: true }],
  ['submissions', { importId: 1, row: 1 }, { unique: true, partialFilterExpression: { importId: { $exists: true } } }],
  [
    'submissions',
    { accountId: 1, submittedAt: -1, _id: -1 },
    { partialFilterExpression: { accountId: { $exists: true } } },
  ],
  ['submissions', { deletedAt: 1, submittedAt: -1, _id: -1 }],
  ['submissions', { formKey: 1, deletedAt: 1, submittedAt: -1, _id: -1 }],
  ['submissions', { 'scope.regionPath': 1, deletedAt: 1, submittedAt: -1, _id: -1 }],
  ['submissions', { 'scope.orgPath': 1, deletedAt: 1, submittedAt: -1, _id: -1 }],
  ['submissions', { phoneIndex: 1 }, { partialFilterExpression: { phoneIndex: { $exists: true } } }],
  ['submissions', { documentIndex: 1 }, { partialFilterExpression: { documentIndex: { $exists: true } } }],
  ['submissions', { personId: 1, submittedAt: -1 }],
];

export const id = '2026-11-21-indexes';

export async function up(db: mongo.Db): Promise<void> {
  for (const [collection, keys, options] of indexes) await db.collection(collection).createIndex(keys, options ?? {});
}
