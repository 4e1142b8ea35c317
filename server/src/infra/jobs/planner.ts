import type { Deps } from '../../deps.ts';
import { transaction } from '../mongo/index.ts';
import type { CronJob } from './cron-job.ts';
import { cronRunModel, newSchedule, runId, scheduleModel, type ScheduleDoc } from './cron.model.ts';
import { BUSY, createLock } from './lock.ts';
import { dueTicks } from './ticks.ts';
import { wakeWorkers } from './wake.ts';
import { createBell, type Worker } from './worker.ts';
import { newWork } from './work.ts';

/** Between two looks, ms at most: a pause, a resumed schedule or another clock is noticed by then. */
const LOOK_MS = 1_000;
/** After somebody else was found planning, ms: should it have died over it, its lock ends after LOCK_MS. */
const AGAIN_MS = 250;
const LOCK_MS = 5_000;
export const RUNS = 'run';

/**
 * Makes a run of every tick, once. `schedules.planned` says up to where ticks have been decided, and one transaction moves
 * it on from the value that was read and inserts the runs: of many planners one wins, whatever clock, lock or pause the
 * others had in mind. The lock only keeps them from trying all at once.
 */
export function createPlanner(
  deps: Pick<Deps, 'mongo' | 'redis' | 'clock' | 'log' | 'metrics'>,
  jobs: readonly CronJob[],
): Worker {
  const { mongo, clock, log, metrics } = deps;
  const schedules = scheduleModel(mongo);
  const runs = cronRunModel(mongo);
  const alone = createLock(deps);
  const active = jobs.filter(({ off }) => !off);
  const names = active.map(({ name }) => name);
  const ticked = metrics.counter('cron_ticks_total', 'Ticks of schedules: planned, or skipped since nobody ran.', [
    'job',
    'outcome',
  ]);

  async function read(): Promise<Map<string, ScheduleDoc>> {
    const docs = await schedules.find({ _id: { $in: names } }).lean<ScheduleDoc[]>();
    const found = new Map(docs.map((doc) => [doc._id, doc]));
    for (const { name } of active) {
      if (found.has(name)) continue;
      // A new job begins with its next tick.
      await schedules.updateOne({ _id: name }, { $setOnInsert: newSchedule(clock()) }, { upsert: true });
    }
    return found;
  }

  const isDue = ({ ticks }: CronJob, doc: ScheduleDoc | undefined, now: Date): boolean => {
    if (!doc || doc.paused) return false;
    const last = ticks.last(now);
    return last !== null && last > doc.planned;
  };

  async function plan(job: CronJob, { planned }: ScheduleDoc): Promise<void> {
    const { name, jitterMs = 0 } = job;
    const now = clock();
    const upTo = job.ticks.last(now)!;
    const { run, skipped } = dueTicks(job.ticks, job.missed, planned, now, job.mostMissed);
    const docs = run.map((at) => ({
      _id: runId(name, at),
      job: name,
      scheduledAt: at,
      asked: null,
      work: newWork(new Date(at.getTime() + Math.random() * jitterMs)),
      endedAt: null,
      result: null,
    }));
    const won = await transaction(mongo, async () => {
      const { matchedCount } = await schedules.updateOne(
        { _id: name, planned, paused: null },
        { $set: { planned: upTo }, $inc: { skipped } },
      );
      if (!matchedCount) return false;
      const there = await runs.find({ _id: { $in: docs.map(({ _id }) => _id) } }, { _id: 1 }).lean();
      const known = new Set(there.map(({ _id }) => _id));
      await runs.insertMany(docs.filter(({ _id }) => !known.has(_id)));
      return true;
    });
    if (!won) return;
    ticked.inc({ job: name, outcome: 'planned' }, docs.length);
    ticked.inc({ job: name, outcome: 'skipped' }, skipped);
    if (skipped) log.warn('job.ticks_skipped', { job: name, skipped });
    if (docs.length) await wakeWorkers(deps, RUNS);
  }

  /** Decides what is due. Answers how long nothing will be, ms. */
  async function planAll(): Promise<number> {
    const before = await read();
    if (active.some((job) => isDue(job, before.get(job.name), clock()))) {
      const result = await alone('cron:plan', LOCK_MS, async (held) => {
        const docs = await read();
        for (const job of active) {
          const doc = docs.get(job.name);
          if (doc && isDue(job, doc, clock()) && held()) await plan(job, doc);
        }
      });
      if (result === BUSY) return AGAIN_MS * (0.5 + Math.random());
    }
    const now = clock();
    const next = active.map(({ ticks }) => ticks.next(now)?.getTime() ?? Infinity);
    return Math.max(Math.min(LOOK_MS * (0.5 + Math.random()), ...next.map((at) => at - now.getTime())), 1);
  }

  return {
    name: 'plan',
    drain: async () => void (await planAll()),
    start(wake) {
      const bell = createBell();
      wake.on('plan', bell.ring);
      let stopped = false;
      const loop = (async () => {
        while (!stopped) {
          const wait = await planAll().catch((err: unknown) => {
            log.error('job.failed', { job: 'plan', err });
            return LOOK_MS;
          });
          if (!stopped) await bell.wait(wait);
        }
      })();
      return async () => {
        stopped = true;
        bell.ring();
        await loop;
      };
    },
  };
}
