import type { Model } from 'mongoose';
import type { JobRun } from './cron-job.ts';

/** So many go in one transaction. */
const BATCH = 500;
/** The database's work for all the batches of one look, ms. */
const READ_MS = 120_000;

export interface RemoveOptions<Id> {
  /** Those of a batch that must stay. Asked in the transaction that removes the others. */
  keep?(ids: Id[]): Promise<ReadonlySet<string>>;
  /** What goes, or is recorded, with those that are removed; in their transaction. */
  also?(ids: Id[]): Promise<void>;
}

/**
 * Deletes every document that the filter finds, some at a time, each batch in a transaction under the run's fence; a run
 * that is begun again goes on with what is left.
 * @returns how many
 */
export async function removeAll<T, Id = unknown>(
  { hold, signal }: Pick<JobRun, 'hold' | 'signal'>,
  model: Model<T>,
  filter: object,
  { keep, also }: RemoveOptions<Id> = {},
): Promise<number> {
  let removed = 0;
  let batch: Id[] = [];
  const flush = async () => {
    signal.throwIfAborted();
    const some = batch;
    batch = [];
    removed += await hold.transact(async () => {
      // Judged again: who was restored meanwhile stays.
      const there = await model.find({ ...filter, _id: { $in: some } } as never, { _id: 1 }).lean<{ _id: Id }[]>();
      const kept = (await keep?.(some)) ?? new Set<string>();
      const gone = there.map(({ _id }) => _id).filter((id) => !kept.has(String(id)));
      if (gone.length) {
        await model.deleteMany({ _id: { $in: gone } } as never);
        await also?.(gone);
      }
      await hold.write({});
      return gone.length;
    });
  };
  const found = model
    .find(filter as never, { _id: 1 })
    .maxTimeMS(READ_MS)
    .lean<{ _id: Id }[]>()
    .cursor({ batchSize: BATCH });
  for await (const { _id } of found as AsyncIterable<{ _id: Id }>) {
    batch.push(_id);
    if (batch.length === BATCH) await flush();
  }
  if (batch.length) await flush();
  return removed;
}
