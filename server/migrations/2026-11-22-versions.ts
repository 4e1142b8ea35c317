import type { mongo } from 'mongoose';
import type { IndexRow } from './2026-11-21-indexes.ts';

/** Versions of forms: what waits to be published, and migrations of records. Sorted by collection. */
export const indexes: IndexRow[] = [
  ['drafts', { formKey: 1, _id: 1 }],
  ['formMigrations', { 'work.state': 1, 'work.due': 1 }],
  ['formMigrations', { formKey: 1, _id: -1 }],
  // Of a form's records one migration writes at a time.
  ['formMigrations', { formKey: 1, writing: 1 }, { unique: true, partialFilterExpression: { writing: true } }],
  ['formProposals', { 'work.state': 1, 'work.due': 1 }],
  ['formProposals', { formKey: 1, _id: -1 }],
  ['formProposals', { formKey: 1, waiting: 1 }, { unique: true, partialFilterExpression: { waiting: true } }],
  ['submissions', { formKey: 1, _id: 1 }],
  [
    'submissions',
    { 'originals.migrationId': 1, _id: 1 },
    { partialFilterExpression: { 'originals.migrationId': { $exists: true } } },
  ],
];

export const id = '2026-11-22-versions';

/** Versions from before say nothing of their end: a day after the next one, as it was. */
const DAY_MS = 24 * 3_600_000;

export async function up(db: mongo.Db): Promise<void> {
  for (const [collection, keys, options] of indexes) await db.collection(collection).createIndex(keys, options ?? {});
  const versions = db.collection<{ formKey: string; number: number; publishedAt: Date; acceptedUntil?: Date | null }>(
    'formVersions',
  );
  for await (const { formKey, number, publishedAt } of versions.find(
    { number: { $gt: 1 } },
    { projection: { content: 0 } },
  ))
    await versions.updateOne(
      { formKey, number: number - 1, acceptedUntil: { $exists: false } },
      { $set: { acceptedUntil: new Date(publishedAt.getTime() + DAY_MS) } },
    );
}
