import type { Model } from 'mongoose';
import type { JobRun } from './cron-job.ts';

/** So many go in one transaction. */
const BATCH = 500;

/**
 * Deletes every document that the filter finds, some at a time, each batch in a transaction under the run's fence; a run
 * that is begun again goes on with what is left.
 * @param also further deletions of a batch, in its transaction
 * @returns how many
 */
export async function removeAll<T>(
  { hold, signal }: Pick<JobRun, 'hold' | 'signal'>,
  model: Model<T>,
  filter: object,
  also?: (ids: T extends { _id: infer Id } ? Id[] : never) => Promise<void>,
): Promise<number> {
  let removed = 0;
  for (;;) {
    signal.throwIfAborted();
    const found: { _id: unknown }[] = await model
      .find(filter as never, { _id: 1 })
      .limit(BATCH)
      .lean<{ _id: unknown }[]>();
    const ids = found.map(({ _id }) => _id);
    if (ids.length === 0) return removed;
    removed += await hold.transact(async () => {
      // Judged again: who was restored meanwhile stays.
      const { deletedCount } = await model.deleteMany({ ...filter, _id: { $in: ids } } as never);
      await also?.(ids as never);
      await hold.write({});
      return deletedCount;
    });
    if (ids.length < BATCH) return removed;
  }
}
