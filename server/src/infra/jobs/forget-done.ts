import type { Model } from 'mongoose';
import type { CronJob } from './cron-job.ts';
import { removeAll } from './remove-all.ts';
import type { WorkDoc } from './work.ts';

/**
 * The job that removes ended work of a kind, counted from when it was last due. What was given up stays, for a person to judge.
 * @param keptMs how long ended work is kept
 */
export const forgetDone = <T extends WorkDoc>(
  model: Model<T>,
  { keptMs, ...job }: Pick<CronJob, 'name' | 'label' | 'ticks'> & { keptMs: number },
): CronJob => ({
  ...job,
  missed: 'latest',
  timeLimitMs: 10 * 60_000,
  async run(run) {
    const before = new Date(run.scheduledAt.getTime() - keptMs);
    return { removed: await removeAll(run, model, { 'work.state': 'done', 'work.due': { $lt: before } }) };
  },
});
