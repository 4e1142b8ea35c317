import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Model, Types } from 'mongoose';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { addChores, choreModel, type Chore } from '../../../test/work.ts';
import { cronRunModel } from './cron.model.ts';
import {
  LeaseLost,
  newWork,
  removeAll,
  takeWork,
  trimHistory,
  type CronRunDoc,
  type Hold,
  type JobRun,
} from './index.ts';

const DAY = 24 * 3_600_000;
const LEASE = 20_000;

describe('what a job removes', () => {
  let t: TestDeps;
  let chores: Model<Chore>;
  let runs: Model<CronRunDoc>;
  let hold: Hold<CronRunDoc>;
  let stop: AbortController;

  const runOf = (at: Date, job: string, state: 'done' | 'waiting' | 'dead' = 'done') => ({
    _id: `${job}@${at.toISOString()}`,
    job,
    scheduledAt: at,
    asked: null,
    work: { ...newWork(at), state },
    endedAt: null,
    result: null,
  });
  const run = (): JobRun => ({
    scheduledAt: t.clock(),
    hold,
    signal: stop.signal,
    once: (work) => hold.transact(work),
  });

  beforeAll(async () => {
    t = await makeDeps();
    chores = choreModel(t.deps);
    await chores.createCollection();
    runs = cronRunModel(t.deps.mongo);
  });
  afterAll(() => t.close());
  beforeEach(async () => {
    hold?.release();
    stop = new AbortController();
    await chores.deleteMany({});
    await runs.deleteMany({});
    await runs.create([runOf(t.clock(), 'cleaner', 'waiting')]);
    hold = (await takeWork(runs, { clock: t.clock, leaseMs: LEASE }))!;
  });
  afterAll(() => hold.release());

  it('goes in batches, all of it, but what must stay, and what goes with it is told', async () => {
    await addChores(
      t.deps,
      Array.from({ length: 1_203 }, (_, n) => `chore ${n}`),
    );
    const some = await chores.find({ name: { $in: ['chore 1', 'chore 700'] } }).lean<Chore[]>();
    const keep = new Set(some.map(({ _id }) => String(_id)));
    const told: string[] = [];
    const sizes: number[] = [];
    const removed = await removeAll<Chore, Types.ObjectId>(
      run(),
      chores,
      { steps: 0 },
      {
        keep: async () => keep,
        async also(ids) {
          sizes.push(ids.length);
          told.push(...ids.map(String));
        },
      },
    );
    expect(removed).toBe(1_201);
    expect(new Set(told).size).toBe(1_201);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(500);
    expect((await chores.find().lean<Chore[]>()).map(({ name }) => name).toSorted()).toEqual(['chore 1', 'chore 700']);
  });

  it('is nothing any more once somebody else has the run', async () => {
    await addChores(t.deps, ['a', 'b']);
    t.clock.advance(LEASE);
    const next = (await takeWork(runs, { clock: t.clock, leaseMs: LEASE }))!;
    await expect(removeAll(run(), chores, {})).rejects.toThrow(LeaseLost);
    next.release();
    expect(await chores.countDocuments()).toBe(2);
  });

  it('is nothing any more once it is to stop', async () => {
    await addChores(t.deps, ['a', 'b']);
    stop.abort();
    await expect(removeAll(run(), chores, {})).rejects.toThrow();
    expect(await chores.countDocuments()).toBe(2);
  });

  it('leaves a batch alone whose companions can’t be written', async () => {
    await addChores(t.deps, ['a', 'b']);
    const also = () => Promise.reject(new Error('no audit'));
    await expect(removeAll(run(), chores, {}, { also })).rejects.toThrow('no audit');
    expect(await chores.countDocuments()).toBe(2);
  });

  it('of the history: runs older than 30 days, but the last twenty of each job, and nothing that is open', async () => {
    const ago = (days: number) => new Date(t.clock().getTime() - days * DAY);
    const days = (from: number, count: number) => Array.from({ length: count }, (_, n) => from + n);
    await runs.insertMany([
      ...days(1, 40).map((day) => runOf(ago(day), 'daily')),
      ...days(100, 5).map((day) => runOf(ago(day), 'rare')),
      runOf(ago(200), 'daily', 'dead'),
    ]);
    expect(await trimHistory(t.deps, run())).toBe(10);
    const left = await runs.find({ job: 'daily', 'work.state': 'done' }).lean<CronRunDoc[]>();
    expect(left).toHaveLength(30);
    expect(Math.min(...left.map(({ scheduledAt }) => scheduledAt.getTime()))).toBe(ago(30).getTime());
    expect(await runs.countDocuments({ job: 'rare' })).toBe(5);
    expect(await runs.countDocuments({ 'work.state': 'dead' })).toBe(1);
    expect(await trimHistory(t.deps, run())).toBe(0);
  });
});
