import type { Deps } from '../../deps.ts';
import type { JobRun } from './cron-job.ts';
import { cronRunModel } from './cron.model.ts';
import { removeAll } from './remove-all.ts';

const DAY_MS = 24 * 3_600_000;
/** Of every job these stay, however old they are. */
const LEAST = 20;
const DAYS = 30;

/** Forgets runs that ended more than 30 days ago, but the last twenty of each job. @returns how many */
export async function trimHistory({ mongo }: Pick<Deps, 'mongo'>, run: JobRun): Promise<number> {
  const runs = cronRunModel(mongo);
  const before = new Date(run.scheduledAt.getTime() - DAYS * DAY_MS);
  let removed = 0;
  for (const job of await runs.distinct('job')) {
    const [last] = await runs
      .find({ job })
      .sort({ scheduledAt: -1 })
      .skip(LEAST - 1)
      .limit(1)
      .lean();
    if (!last) continue;
    const old = {
      job,
      'work.state': 'done',
      scheduledAt: { $lt: last.scheduledAt < before ? last.scheduledAt : before },
    };
    removed += await removeAll(run, runs, old);
  }
  return removed;
}
