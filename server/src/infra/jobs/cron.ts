import type { Deps } from '../../deps.ts';
import type { CronJob, JobRun } from './cron-job.ts';
import {
  cronRunModel,
  newSchedule,
  runId,
  scheduleModel,
  type Asker,
  type CronRunDoc,
  type ScheduleDoc,
} from './cron.model.ts';
import type { Hold } from './hold.ts';
import { createPlanner, RUNS } from './planner.ts';
import { wakeWorkers } from './wake.ts';
import { createWorker, type Worker } from './worker.ts';
import { newWork } from './work.ts';

export type Cron = ReturnType<typeof createCron>;

/** How many jobs a process runs at once: a long one must not hold up the others. */
const CONCURRENCY = 4;

/** Jobs by the clock: planned once, run once, paused and asked for by people. */
export function createCron(
  deps: Pick<Deps, 'mongo' | 'redis' | 'clock' | 'log' | 'metrics'>,
  jobs: readonly CronJob[],
  { leaseMs }: { leaseMs?: number } = {},
) {
  const { mongo, clock } = deps;
  const schedules = scheduleModel(mongo);
  const runs = cronRunModel(mongo);
  const byName = new Map(jobs.map((job) => [job.name, job]));
  if (byName.size < jobs.length) throw new Error('two jobs have the same name');
  const active = jobs.filter(({ off }) => !off).map(({ name }) => name);

  const runner = createWorker<CronRunDoc>(deps, {
    name: RUNS,
    model: runs,
    label: { 'zh-CN': '定时任务', en: 'Scheduled job' },
    about: ({ job }) => job,
    jobField: 'job',
    revive: { $set: { endedAt: null } },
    concurrency: CONCURRENCY,
    maxAttempts: ({ job }) => byName.get(job)?.maxAttempts ?? 5,
    timeLimitMs: ({ job }) => byName.get(job)!.timeLimitMs,
    ...(leaseMs ? { leaseMs } : {}),
    // Only what this build knows how to run, and nothing of a job that is being run. Should two takers see none running,
    // a unique index over the running ones lets one of them through.
    only: async () => {
      const running = await runs.distinct('job', { 'work.state': 'running' });
      const free = active.filter((name) => !running.includes(name));
      return { job: { $in: active }, $or: [{ 'work.state': 'running' }, { job: { $in: free } }] };
    },
    async run(hold, signal) {
      const { job: name, scheduledAt, asked } = hold.doc;
      if (!asked && (await heldByPause(hold))) return;
      // The attempts that it took stay on record.
      const end = (result: Record<string, number>) =>
        hold.end({ state: 'done', fault: null }, { $set: { endedAt: clock(), result } });
      const once: JobRun['once'] = (work) =>
        hold.transact(async () => {
          const result = await work();
          await end(result);
          return result;
        });
      const result = await byName.get(name)!.run({ hold, scheduledAt, signal, once });
      if (!hold.ended) await end(result);
    },
    onDead: async () => ({ $set: { endedAt: clock() } }),
  });

  /** Holds a run of a paused job until it is resumed. It writes to the schedule too, so that a resume can't slip between. */
  async function heldByPause(hold: Hold<CronRunDoc>): Promise<boolean> {
    const paused = { _id: hold.doc.job, paused: { $ne: null } };
    if (!(await schedules.exists(paused))) return false;
    return hold.transact(async () => {
      const { matchedCount } = await schedules.updateOne(paused, { $inc: { held: 1 } });
      if (matchedCount) await hold.end({ state: 'held' });
      return matchedCount === 1;
    });
  }

  return {
    jobs,
    workers: [createPlanner(deps, jobs), runner] as Worker[],
    /** The documents of the schedules that have been planned at least once. */
    schedules: async (): Promise<Map<string, ScheduleDoc>> => {
      const docs = await schedules.find({ _id: { $in: [...byName.keys()] } }).lean<ScheduleDoc[]>();
      return new Map(docs.map((doc) => [doc._id, doc]));
    },

    /** A job's runs, newest first, scheduled before a moment. */
    runs: (job: string, before: Date | null, limit: number): Promise<CronRunDoc[]> =>
      runs
        .find({ job, ...(before ? { scheduledAt: { $lt: before } } : {}) })
        .sort({ scheduledAt: -1 })
        .limit(limit)
        .lean<CronRunDoc[]>(),

    /** The last run of a job that came to its end. */
    lastSuccess: (job: string): Promise<CronRunDoc | null> =>
      runs.findOne({ job, 'work.state': 'done', 'work.fault': null }).sort({ scheduledAt: -1 }).lean<CronRunDoc>(),

    /** Has a job run now, paused or not; in a transaction. null when somebody asked in the same millisecond. */
    async runNow(job: string, asked: Asker): Promise<CronRunDoc | null> {
      const now = clock();
      const doc = {
        _id: runId(job, now),
        job,
        scheduledAt: now,
        asked,
        work: newWork(now),
        endedAt: null,
        result: null,
      };
      if (await runs.exists({ _id: doc._id })) return null;
      await runs.create([doc]);
      return doc;
    },

    /** Ticks make no runs from now on, and runs that wait are held, in every process. What runs goes on. */
    async pause(job: string, by: Asker): Promise<void> {
      const now = clock();
      await schedules.updateOne({ _id: job }, { $setOnInsert: newSchedule(now) }, { upsert: true });
      await schedules.updateOne({ _id: job, paused: null }, { $set: { paused: { at: now, by } } });
    },

    /** Goes on with the next tick and with the runs that were held; the ticks of the pause are not made up for. */
    async resume(job: string): Promise<void> {
      const now = clock();
      await schedules.updateOne({ _id: job, paused: { $ne: null } }, { $set: { paused: null, planned: now, held: 0 } });
      await runs.updateMany({ job, 'work.state': 'held' }, { $set: { 'work.state': 'waiting', 'work.due': now } });
    },

    /** Tells the workers that something has changed; after the transaction that changed it. */
    wake: async (): Promise<void> => {
      await wakeWorkers(deps, RUNS);
      await wakeWorkers(deps, 'plan');
    },
  };
}
