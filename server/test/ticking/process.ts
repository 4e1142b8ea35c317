/**
 * One of the processes that run ticks: plans and runs one job, as a worker process would, and tells its parent where it is, so
 * that it can be stopped or killed right there. Each tick writes one effect; nothing but the job's own fence and its
 * transaction keeps it from writing two.
 */
import { once as heard } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '../../src/config.ts';
import { connect } from '../../src/connect.ts';
import { createCron, LeaseLost, listenForWake, type CronJob, type Ticks } from '../../src/infra/jobs/index.ts';
import type { TickingOptions, Told } from '../ticking.ts';

const { every, ticks, leaseMs } = JSON.parse(process.argv[2]!) as TickingOptions;
/** What the work of a tick takes, ms; long enough to be stopped in the middle. */
const WORK_MS = 40;
/** Of the planning, between what it read and what it writes. */
const PLAN_MS = 20;

const tell = (told: Told) => process.send?.(told);
const { deps } = await connect(loadConfig({ ...process.env, ROLE: 'worker', NODE_ENV: 'test', LOG_LEVEL: 'warn' }));

tell({ what: 'ready', tick: 0 });
/** When the ticks begin: told when all are ready. */
const [begin] = (await heard(process, 'message')) as [number];
const { Schema } = deps.mongo.base;
const Effect = deps.mongo.model('Effect', new Schema({ tick: Number, fence: Number, pid: Number }), 'effects');

const at = (n: number) => new Date(begin + n * every);
let planned = 0;
/** The ticks 1 to `ticks`, every so many ms from the beginning. */
const times: Ticks = {
  text: `every ${every} ms`,
  next(after) {
    const n = Math.max(1, Math.floor((after.getTime() - begin) / every) + 1);
    return n > ticks ? null : at(n);
  },
  last(upTo) {
    const n = Math.min(ticks, Math.floor((upTo.getTime() - begin) / every));
    if (n > planned) {
      planned = n;
      tell({ what: 'planning', tick: n });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PLAN_MS);
    }
    return n < 1 ? null : at(n);
  },
};

const job: CronJob = {
  name: 'tick',
  label: { 'zh-CN': '滴答', en: 'Tick' },
  ticks: times,
  missed: 'all',
  timeLimitMs: 60_000,
  maxAttempts: 50,
  async run({ scheduledAt, hold, once }) {
    const tick = (scheduledAt.getTime() - begin) / every;
    tell({ what: 'running', tick });
    await sleep(WORK_MS);
    try {
      return await once(async () => {
        await Effect.create([{ tick, fence: hold.fence, pid: process.pid }]);
        return { tick };
      });
    } catch (error) {
      if (error instanceof LeaseLost) tell({ what: 'refused', tick, fence: hold.fence });
      throw error;
    }
  },
};

const cron = createCron(deps, [job], { leaseMs });
const wake = listenForWake(deps);
const stops = cron.workers.map((worker) => worker.start(wake));
process.on('SIGTERM', () => {
  void Promise.all(stops.map((stop) => stop())).then(() => process.exit(0));
});
