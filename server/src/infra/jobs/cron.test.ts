import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { createCable, type Cable } from '../../../test/fakes/cable.ts';
import { ownDatabases } from '../../../test/own-databases.ts';
import { cronRunModel, scheduleModel } from './cron.model.ts';
import {
  createCron,
  cron,
  LeaseLost,
  listenForWake,
  takeWork,
  type CronJob,
  type CronRunDoc,
  type JobRun,
} from './index.ts';
import { createLock, BUSY } from './lock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const BY = { accountId: '65f0c0ffee0ddba11ca7b0a7', name: 'root' };

describe('jobs by the clock', () => {
  let t: TestDeps;
  let cable: Cable;
  /** What the jobs did, as kept by the database. */
  const effects = async () =>
    (await t.deps.mongo.collection('effects').find().sort({ _id: 1 }).toArray()).map((one) => one['tick'] as string);

  beforeAll(async () => {
    const { mongoUrl, redisUrl } = await ownDatabases();
    cable = await createCable(redisUrl);
    t = await makeDeps({ databases: { mongoUrl, redisUrl: cable.through(redisUrl) } });
    await t.deps.mongo.createCollection('effects');
  });
  afterAll(async () => {
    await t.close();
    await cable.close();
  });
  beforeEach(async () => {
    t.clock.set('2026-11-21T02:00:30Z');
    cable.set('pass');
    for (const name of ['effects', 'schedules', 'cronRuns']) await t.deps.mongo.collection(name).deleteMany({});
    await vi.waitFor(() => t.deps.redis.flushdb(), { timeout: 20_000 });
    t.logged.length = 0;
  });

  const tick = ({ scheduledAt }: JobRun) => scheduledAt.toISOString().slice(11, 16);
  const note = (run: JobRun) =>
    run.once(async () => {
      await t.deps.mongo.model('Effect').create([{ tick: tick(run) }]);
      return { noted: 1 };
    });
  const job = (more: Partial<CronJob> = {}): CronJob => ({
    name: 'note',
    label: { 'zh-CN': '记录', en: 'Note' },
    ticks: cron('* * * * *'),
    missed: 'all',
    timeLimitMs: MINUTE,
    run: note,
    ...more,
  });
  beforeAll(() => {
    const schema = new t.deps.mongo.base.Schema({ tick: String });
    t.deps.mongo.model('Effect', schema, 'effects');
  });
  /** As many processes as jobs by the clock may have. */
  const processes = (count: number, more: Partial<CronJob> = {}) =>
    Array.from({ length: count }, () => createCron(t.deps, [job(more)]));
  /** One look of each: plan, then work off. */
  const look = async (crons: ReturnType<typeof processes>) => {
    await Promise.all(crons.map(({ workers }) => workers[0]!.drain()));
    await Promise.all(crons.map(({ workers }) => workers[1]!.drain()));
  };

  it('a new job begins with its next tick; each tick runs once, whoever looks, and leaves its history', async () => {
    const crons = processes(4);
    await look(crons);
    expect(await effects()).toEqual([]);
    for (let minute = 0; minute < 3; minute += 1) {
      t.clock.advance(MINUTE);
      await look(crons);
      await look(crons);
    }
    expect(await effects()).toEqual(['02:01', '02:02', '02:03']);
    const runs = await crons[0]!.runs('note', null, 10);
    expect(runs).toHaveLength(3);
    expect(runs[0]).toMatchObject({
      _id: 'note@2026-11-21T02:03:00.000Z',
      asked: null,
      endedAt: t.clock(),
      result: { noted: 1 },
      work: { state: 'done', fence: 1, attempts: 0, fault: null },
    });
    expect((await crons[0]!.lastSuccess('note'))?._id).toBe(runs[0]!._id);
    expect(await crons[0]!.runs('note', runs[0]!.scheduledAt, 1)).toEqual([runs[1]]);
  });

  it.each([
    ['all', ['02:01', '02:02', '02:03']],
    ['latest', ['02:03']],
    ['skip', ['02:03']],
  ] as const)('ticks that nobody was there for: %s', async (missed, expected) => {
    const [one] = processes(1, { missed });
    await look([one!]);
    t.clock.advance(3 * MINUTE);
    await look(processes(3, { missed }));
    expect(await effects()).toEqual(expected);
    const skipped = 3 - expected.length;
    expect((await one!.schedules()).get('note')?.skipped).toBe(skipped);
    expect(t.logged.filter(({ event }) => event === 'job.ticks_skipped').map((line) => line['skipped'])).toEqual(
      skipped ? [skipped] : [],
    );
  });

  it('ticks that passed long ago are skipped where the job says so', async () => {
    const [one] = processes(1, { missed: 'skip', ticks: cron('0 * * * *') });
    await look([one!]);
    t.clock.advance(3 * HOUR + 10 * MINUTE);
    await look([one!]);
    expect(await effects()).toEqual([]);
    t.clock.set('2026-11-21T06:00:00Z');
    await look([one!]);
    expect(await effects()).toEqual(['06:00']);
  });

  it('Redis forgotten or away: planned by the database alone, once', async () => {
    const crons = processes(4);
    await look(crons);
    for (const trouble of ['flush', 'cut', 'cut', 'pass']) {
      t.clock.advance(MINUTE);
      if (trouble === 'flush') await t.deps.redis.flushdb();
      else cable.set(trouble as 'cut' | 'pass');
      await look(crons);
    }
    expect(await effects()).toEqual(['02:01', '02:02', '02:03', '02:04']);
  });

  it('a planner that read long ago plans nothing late: not twice, not after a pause', async () => {
    const [slow, quick] = processes(2) as [ReturnType<typeof createCron>, ReturnType<typeof createCron>];
    await look([quick]);
    // One look of the slow one ends in the middle, between what it read and what it writes.
    const schedules = scheduleModel(t.deps.mongo);
    const forgotten = () => t.deps.redis.flushdb();
    for (const meanwhile of [() => forgotten().then(() => look([quick])), () => quick.pause('note', BY)]) {
      t.clock.advance(MINUTE);
      const update = schedules.updateOne;
      let stopped = false;
      schedules.updateOne = ((...given: Parameters<typeof update>) => {
        schedules.updateOne = update;
        stopped = true;
        const query = update.apply(schedules, given);
        return meanwhileOutside().then(() => query);
      }) as unknown as typeof update;
      const { promise: begun, resolve: begin } = later();
      const done = begun.then(meanwhile);
      const meanwhileOutside = () => {
        begin();
        return done;
      };
      await slow.workers[0]!.drain();
      expect(stopped).toBe(true);
    }
    await look([slow, quick]);
    expect(await effects()).toEqual(['02:01']);
    expect(await cronRunModel(t.deps.mongo).countDocuments()).toBe(1);
  });

  it('a crashed run is taken over; whoever was thought dead writes nothing late', async () => {
    const [first, second] = processes(2) as [ReturnType<typeof createCron>, ReturnType<typeof createCron>];
    await look([first]);
    t.clock.advance(MINUTE);
    await first.workers[0]!.drain();
    const silent = (await takeWork(cronRunModel(t.deps.mongo), { clock: t.clock, leaseMs: 20_000 }))!;
    silent.release();
    await look([second]);
    expect(await effects()).toEqual([]);
    t.clock.advance(20_000);
    await look([second]);
    const late = silent.transact(async () => void (await t.deps.mongo.model('Effect').create([{ tick: 'late' }])));
    await expect(late).rejects.toThrow(LeaseLost);
    expect(await effects()).toEqual(['02:01']);
    expect((await second.runs('note', null, 1))[0]!.work).toMatchObject({ state: 'done', fence: 2, attempts: 1 });
  });

  it('of one job one run is at work at a time, in all processes', async () => {
    let [now, most, ran] = [0, 0, 0];
    const slow: Partial<CronJob> = {
      async run() {
        most = Math.max(most, (now += 1));
        ran += 1;
        await t.deps.mongo.collection('effects').countDocuments();
        now -= 1;
        return {};
      },
    };
    const crons = processes(4, slow);
    await look(crons);
    t.clock.advance(8 * MINUTE);
    await expect
      .poll(async () => {
        await look(crons);
        return ran;
      })
      .toBe(8);
    expect(most).toBe(1);
  });

  it('paused: no run begins, in any process; resumed: the next tick, and what was held', async () => {
    let broken = true;
    const crons = processes(3, {
      run: (run) => (broken ? Promise.reject(new Error('no')) : note(run)),
    });
    const [one, two] = crons as [ReturnType<typeof createCron>, ReturnType<typeof createCron>];
    await look(crons);
    t.clock.advance(MINUTE);
    await look(crons);
    await one.pause('note', BY);
    await one.pause('note', { ...BY, name: 'again' });
    expect((await two.schedules()).get('note')?.paused).toMatchObject({ by: BY });
    broken = false;
    t.clock.advance(10 * MINUTE);
    await look(crons);
    expect(await effects()).toEqual([]);
    expect((await two.runs('note', null, 9)).map(({ work }) => work.state)).toEqual(['held']);
    expect((await two.schedules()).get('note')?.held).toBe(1);

    await two.resume('note');
    await two.resume('note');
    await look(crons);
    expect(await effects()).toEqual(['02:01']);
    t.clock.advance(MINUTE);
    await look(crons);
    expect(await effects()).toEqual(['02:01', '02:12']);
    expect((await one.schedules()).get('note')).toMatchObject({ paused: null, held: 0 });
  });

  it('asked for: runs at once, also while it is paused, and says who', async () => {
    const [one] = processes(1);
    await one!.pause('note', BY);
    const run = await one!.runNow('note', BY);
    expect(run).toMatchObject({ asked: BY, scheduledAt: t.clock() });
    expect(await one!.runNow('note', BY)).toBeNull();
    await look([one!]);
    expect(await effects()).toEqual(['02:00']);
    expect((await one!.runs('note', null, 9)).map(({ asked }) => asked)).toEqual([BY]);
  });

  it('a job that is off here is neither planned nor run', async () => {
    const [off] = processes(1, { off: { 'zh-CN': '未设置目录', en: 'no folder is set' } });
    const [on] = processes(1);
    await look([off!]);
    expect(await scheduleModel(t.deps.mongo).countDocuments()).toBe(0);
    await look([on!]);
    t.clock.advance(MINUTE);
    await on!.workers[0]!.drain();
    await off!.workers[1]!.drain();
    expect(await effects()).toEqual([]);
    await look([on!]);
    expect(await effects()).toEqual(['02:01']);
  });

  it('a jittered run waits some more, at most as long as it may', async () => {
    const [one] = processes(1, { jitterMs: 10_000 });
    await look([one!]);
    t.clock.set('2026-11-21T02:01:00Z');
    await one!.workers[0]!.drain();
    const [{ work, scheduledAt }] = (await one!.runs('note', null, 1)) as [CronRunDoc];
    const waits = work.due.getTime() - scheduledAt.getTime();
    expect(waits).toBeGreaterThanOrEqual(0);
    expect(waits).toBeLessThan(10_000);
  });

  it('a failing run is tried as often as the job says, and the history keeps its fault', async () => {
    const [one] = processes(1, {
      maxAttempts: 2,
      run: () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOSPC' })),
    });
    await look([one!]);
    t.clock.advance(MINUTE);
    await look([one!]);
    t.clock.advance(10_000);
    await look([one!]);
    const [run] = await one!.runs('note', null, 1);
    expect(run).toMatchObject({
      endedAt: t.clock(),
      result: null,
      work: { state: 'dead', attempts: 2, fault: 'ENOSPC' },
    });
    expect(await one!.lastSuccess('note')).toBeNull();
  });

  it('runs until it is stopped, woken for what is asked', async () => {
    const [one] = processes(1);
    const wake = listenForWake(t.deps);
    const stops = one!.workers.map((worker) => worker.start(wake));
    try {
      await expect.poll(async () => (await one!.schedules()).size).toBe(1);
      t.clock.advance(MINUTE);
      await expect.poll(effects, { timeout: 20_000 }).toEqual(['02:01']);
      await one!.runNow('note', BY);
      await one!.wake();
      await expect.poll(effects, { timeout: 20_000 }).toHaveLength(2);
    } finally {
      await Promise.all(stops.map((stop) => stop()));
      wake.close();
    }
  });

  it('two jobs of one name are a mistake', () => {
    expect(() => createCron(t.deps, [job(), job()])).toThrow('same name');
  });

  describe('the lock', () => {
    it('lets one in, and says that somebody is at it', async () => {
      const alone = createLock(t.deps);
      const inner = await alone('x', 4_000, async (held) => [held(), await alone('x', 4_000, async () => 'in')]);
      expect(inner).toEqual([true, BUSY]);
      expect(await alone('x', 4_000, async () => 'free again')).toBe('free again');
    });

    it('is left out while Redis is away, and a release that fails spoils nothing', async () => {
      const alone = createLock(t.deps);
      const done = await alone('x', 4_000, async () => {
        cable.set('cut');
        return 'done';
      });
      expect(done).toBe('done');
      expect(await alone('x', 4_000, async (held) => held())).toBe(true);
    });

    it('is not held after its life', async () => {
      const alone = createLock(t.deps);
      await alone('x', 50, async (held) => {
        expect(held()).toBe(true);
        await expect.poll(held).toBe(false);
      });
    });
  });
});

function later(): { promise: Promise<void>; resolve: () => void } {
  let resolve!: () => void;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
