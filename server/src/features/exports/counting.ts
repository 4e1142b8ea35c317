import type { mongo } from 'mongoose';
import type { Snapshot } from '../../infra/mongo/index.ts';
import type { Plan } from './plan.ts';

/** How many rows there are, and of which versions of the form (none without one). */
export interface Counted {
  total: number;
  versions: Map<number, number>;
}

/**
 * Counts what a plan would export, at the snapshot's time.
 * @param options.most counting stops there; @param options.maxTimeMS fails with the database's error when it takes longer
 */
export async function countRows(
  snapshot: Snapshot,
  plan: Plan,
  filter: mongo.Filter<mongo.Document>,
  { most, ...options }: { most?: number; signal?: AbortSignal; maxTimeMS?: number } = {},
): Promise<Counted> {
  const groups = await snapshot.aggregate<{ _id: number | null; rows: number }>(
    plan.collection,
    [
      { $match: filter },
      ...(most === undefined ? [] : [{ $limit: most }]),
      { $group: { _id: plan.form === null ? null : '$version', rows: { $sum: 1 } } },
    ],
    options,
  );
  const versions = groups.filter(({ _id }) => _id !== null).map(({ _id, rows }) => [_id as number, rows] as const);
  return {
    total: groups.reduce((sum, { rows }) => sum + rows, 0),
    versions: new Map(versions.sort(([a], [b]) => b - a)),
  };
}
