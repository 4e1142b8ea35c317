import type { mongo } from 'mongoose';
import type { IndexRow } from './2026-11-21-indexes.ts';

const newest = { submittedAt: -1, _id: -1 } as const;
/** The places for what a form's records are sorted by; see `submissions.codec.ts`. */
const SLOTS = ['s0', 's1', 's2', 's3'];

/** Indexes behind every filter and sort that the lists of people and records offer. Sorted by collection. */
export const indexes: IndexRow[] = [
  ['people', { deletedAt: 1, name: 1, _id: 1 }],
  ['people', { 'scope.regionPath': 1, deletedAt: 1, name: 1, _id: 1 }],
  // The recycle bin.
  ['people', { deletedAt: -1, _id: -1 }, { partialFilterExpression: { deletedAt: { $type: 'date' } } }],
  // What an undo of a merge looks for.
  ['people', { mergedInto: 1 }, { partialFilterExpression: { mergedInto: { $type: 'objectId' } } }],
  ['personMerges', { intoId: 1, at: -1 }],
  ['personMerges', { fromId: 1, at: -1 }],
  ['savedViews', { owner: 1, list: 1, name: 1 }, { unique: true }],
  ['savedViews', { list: 1, shared: 1 }],
  ['submissions', { deletedAt: 1, name: 1, _id: 1 }],
  // Else a common name is looked for in a small form among all who have it.
  ['submissions', { formKey: 1, deletedAt: 1, name: 1, _id: 1 }],
  ['submissions', { 'scope.regionPath': 1, deletedAt: 1, name: 1, _id: 1 }],
  ['submissions', { formKey: 1, version: 1, deletedAt: 1, ...newest }],
  ['submissions', { source: 1, deletedAt: 1, ...newest }],
  ['submissions', { claimed: 1, deletedAt: 1, ...newest }, { partialFilterExpression: { claimed: true } }],
  // The recycle bin.
  ['submissions', { deletedAt: -1, _id: -1 }, { partialFilterExpression: { deletedAt: { $type: 'date' } } }],
  ['submissions', { importId: 1, ...newest }, { partialFilterExpression: { importId: { $exists: true } } }],
  ...SLOTS.flatMap((slot): IndexRow[] => {
    const only = { partialFilterExpression: { [`sort.${slot}`]: { $exists: true } } };
    return [
      ['submissions', { formKey: 1, deletedAt: 1, [`sort.${slot}`]: 1, _id: 1 }, only],
      ['submissions', { formKey: 1, 'scope.regionPath': 1, deletedAt: 1, [`sort.${slot}`]: 1, _id: 1 }, only],
    ];
  }),
];

export const id = '2026-11-22-records';

export async function up(db: mongo.Db): Promise<void> {
  for (const [collection, keys, options] of indexes) await db.collection(collection).createIndex(keys, options ?? {});
}
