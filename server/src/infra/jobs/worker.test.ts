import { once } from 'node:events';
import type { Model } from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { addChores, chore, choreModel, type Chore } from '../../../test/work.ts';
import { createWorker, LEASE_MS, LeaseLost, takeWork, type Hold, type WorkerOptions } from './index.ts';
import { backoff } from './run-one.ts';

const HOUR = 3_600_000;

describe('a worker', () => {
  let t: TestDeps;
  let chores: Model<Chore>;

  beforeAll(async () => {
    t = await makeDeps();
    chores = choreModel(t.deps);
    await chores.createCollection();
  });
  afterAll(() => t.close());
  beforeEach(async () => {
    await chores.deleteMany({});
    t.deps.metrics.registry.resetMetrics();
    t.logged.length = 0;
  });

  const worker = (options: Partial<WorkerOptions<Chore>> & Pick<WorkerOptions<Chore>, 'run'>) =>
    createWorker<Chore>(t.deps, { name: 'chore', model: chores, ...options });
  /** Runs of the job by outcome. */
  const outcomes = async () => {
    const { values } = (await t.deps.metrics.registry.getMetricsAsJSON()).find(({ name }) => name === 'jobs_total')!;
    return Object.fromEntries(values.map(({ labels, value }) => [labels['outcome'], value]));
  };
  const events = () => t.logged.map(({ event }) => String(event)).filter((event) => event.startsWith('job.'));
  class Broken extends Error {
    code = 'sink_blocked';
  }

  it('works off what is due, oldest first, and measures it', async () => {
    await addChores(t.deps, ['a', 'b', 'c'], 1_000);
    const done: string[] = [];
    await worker({
      async run(hold) {
        done.push(hold.doc.name);
        await hold.write({ $inc: { steps: 1 } });
      },
    }).drain();
    expect(done).toEqual(['a', 'b', 'c']);
    for (const name of done)
      expect(await chore(t.deps, name)).toMatchObject({ steps: 1, work: { state: 'done', fault: null, attempts: 0 } });
    expect(await outcomes()).toEqual({ finished: 3 });
    expect(await t.deps.metrics.registry.metrics()).toMatch(
      /job_duration_seconds_count\{job="chore",outcome="finished"\} 3/,
    );
  });

  it('leaves a document as its run has ended it', async () => {
    await addChores(t.deps, ['a']);
    await worker({
      run: async (hold) => void (await hold.end({ state: 'held' }, { $set: { note: 'ask somebody' } })),
    }).drain();
    expect(await chore(t.deps, 'a')).toMatchObject({ note: 'ask somebody', work: { state: 'held' } });
  });

  it('tries again later what failed, then gives it up, and tells once', async () => {
    await addChores(t.deps, ['a']);
    const told: string[] = [];
    const failing = worker({
      maxAttempts: 3,
      run: () => Promise.reject(new Broken('with 13812345678 in it')),
      async onDead(doc, error) {
        told.push(`${doc.name} ${(error as Broken).code} ${doc.work.state}`);
        return { $set: { note: 'given up' } };
      },
    });
    for (const attempt of [1, 2]) {
      await failing.drain();
      const { work } = await chore(t.deps, 'a');
      expect(work).toMatchObject({ state: 'waiting', attempts: attempt, fault: 'sink_blocked' });
      expect(work.due.getTime()).toBeGreaterThan(t.clock().getTime());
      t.clock.advance(HOUR);
    }
    await failing.drain();
    expect(await chore(t.deps, 'a')).toMatchObject({
      note: 'given up',
      work: { state: 'dead', attempts: 3, fault: 'sink_blocked', due: t.clock() },
    });
    expect(told).toEqual(['a sink_blocked running']);
    expect(await outcomes()).toEqual({ failed: 2, dead: 1 });
    expect(events()).toEqual(['job.failed', 'job.failed', 'job.failed', 'job.dead']);
    t.clock.advance(HOUR);
    await failing.drain();
    expect(told).toHaveLength(1);
  });

  it('does not give up what makes progress between its failures', async () => {
    await addChores(t.deps, ['a']);
    const slow = worker({
      maxAttempts: 2,
      async run(hold) {
        await hold.write({ $inc: { steps: 1 } });
        if (hold.doc.steps < 6) throw new Broken();
      },
    });
    for (let tries = 0; tries < 6; tries += 1) {
      await slow.drain();
      t.clock.advance(HOUR);
    }
    expect(await chore(t.deps, 'a')).toMatchObject({ steps: 6, work: { state: 'done' } });
  });

  it('gives up a document that kills its workers, without letting it kill another', async () => {
    await addChores(t.deps, ['killer']);
    const told: string[] = [];
    let runs = 0;
    const cautious = worker({
      maxAttempts: 3,
      run: async () => void (runs += 1),
      onDead: async (_doc, error) => void told.push((error as Broken).code),
    });
    for (let crash = 0; crash < 3; crash += 1) {
      // A worker takes it and is gone: nothing is written any more.
      (await takeWork(chores, { clock: t.clock, leaseMs: LEASE_MS }))!.release();
      t.clock.advance(LEASE_MS);
    }
    await cautious.drain();
    expect(runs).toBe(0);
    expect(told).toEqual(['crashed']);
    expect((await chore(t.deps, 'killer')).work).toMatchObject({ state: 'dead', fault: 'crashed', attempts: 3 });
    expect(await outcomes()).toEqual({ taken_over: 1, dead: 1 });
  });

  it('goes on with the work of a worker that fell silent, and a progress forgives the crash', async () => {
    await addChores(t.deps, ['a']);
    const silent = (await takeWork(chores, { clock: t.clock, leaseMs: LEASE_MS }))!;
    await silent.write({ $set: { steps: 5 } });
    silent.release();
    t.clock.advance(LEASE_MS);
    let before: Chore | undefined;
    await worker({
      async run(hold) {
        before = hold.doc;
        await hold.write({ $inc: { steps: 1 } });
        expect(hold.doc.work.attempts).toBe(0);
      },
    }).drain();
    expect(before).toMatchObject({ steps: 5, work: { attempts: 1, fault: 'crashed' } });
    expect(await chore(t.deps, 'a')).toMatchObject({ steps: 6, work: { state: 'done', fault: null } });
    expect(await outcomes()).toEqual({ taken_over: 1, finished: 1 });
  });

  it('asked to stop, gives back what it has in hand, with its checkpoint and without a failure', async () => {
    await addChores(t.deps, ['a', 'b'], 1_000);
    const stop = new AbortController();
    let steps = 0;
    await worker({
      async run(hold, signal) {
        await hold.write({ $inc: { steps: 1 } });
        steps += 1;
        stop.abort();
        signal.throwIfAborted();
      },
    }).drain(stop.signal);
    expect(steps).toBe(1);
    expect(await chore(t.deps, 'a')).toMatchObject({
      steps: 1,
      work: { state: 'waiting', attempts: 0, due: t.clock() },
    });
    expect((await chore(t.deps, 'b')).work.fence).toBe(0);
    expect(await outcomes()).toEqual({ stopped: 1 });
    expect(events()).toEqual([]);
  });

  it('ends a run at its time limit, as a failure', async () => {
    await addChores(t.deps, ['a']);
    await worker({
      timeLimitMs: ({ name }) => (name === 'a' ? 50 : HOUR),
      async run(_hold, signal) {
        await once(signal, 'abort');
        signal.throwIfAborted();
      },
    }).drain();
    expect((await chore(t.deps, 'a')).work).toMatchObject({ state: 'waiting', attempts: 1, fault: 'TimeLimit' });
  });

  it('lets go of a run that ignores its signal; what that writes later is refused', async () => {
    await addChores(t.deps, ['a']);
    let goOn!: () => void;
    const late = new Promise<void>((resolve) => (goOn = resolve));
    let refused: Promise<unknown> | undefined;
    await worker({
      timeLimitMs: 20,
      graceMs: 20,
      async run(hold) {
        await late;
        refused = hold.write({ $inc: { steps: 1 } }).catch((error: unknown) => error);
        await refused;
      },
    }).drain();
    expect((await chore(t.deps, 'a')).work).toMatchObject({ state: 'waiting', attempts: 1 });
    goOn();
    await expect.poll(() => refused).toBeDefined();
    expect(await refused).toBeInstanceOf(LeaseLost);
    expect((await chore(t.deps, 'a')).steps).toBe(0);
  });

  it('does not call done what was taken over meanwhile', async () => {
    await addChores(t.deps, ['a']);
    let next: Hold<Chore> | null = null;
    const stop = new AbortController();
    await worker({
      async run() {
        t.clock.advance(LEASE_MS);
        next = await takeWork(chores, { clock: t.clock, leaseMs: LEASE_MS });
        stop.abort();
      },
    }).drain(stop.signal);
    next!.release();
    expect((await chore(t.deps, 'a')).work).toMatchObject({ state: 'running', fence: 2 });
    expect(await outcomes()).toEqual({ lost: 1 });
    expect(events()).toEqual([]);
  });

  it('looks again when a unique index keeps apart what runs, and works off all of it', async () => {
    await chores.collection.createIndex(
      { note: 1 },
      { unique: true, partialFilterExpression: { note: { $type: 'string' }, 'work.state': 'running' } },
    );
    await addChores(t.deps, ['a', 'b', 'c', 'd']);
    await chores.updateMany({ name: { $in: ['a', 'b', 'c'] } }, { $set: { note: 'same' } });
    let most = 0;
    let now = 0;
    const several = () =>
      worker({
        only: async () => {
          const busy = await chores.distinct('note', { 'work.state': 'running', note: { $ne: null } });
          return { $or: [{ 'work.state': 'running' }, { note: { $nin: busy } }] };
        },
        async run(hold) {
          if (hold.doc.note) most = Math.max(most, (now += 1));
          await hold.write({ $inc: { steps: 1 } });
          if (hold.doc.note) now -= 1;
        },
      });
    try {
      await expect
        .poll(async () => {
          await Promise.all([several().drain(), several().drain(), several().drain()]);
          return chores.countDocuments({ 'work.state': 'done', steps: 1 });
        })
        .toBe(4);
    } finally {
      await chores.collection.dropIndex({ note: 1 } as never);
    }
    expect(most).toBe(1);
  });

  it('waits longer after each failure, and not for ever', () => {
    const [low, high] = [() => 0, () => 1];
    expect([1, 2, 3].map((attempts) => backoff(attempts, high))).toEqual([5_000, 10_000, 20_000]);
    expect([1, 2, 3].map((attempts) => backoff(attempts, low))).toEqual([2_500, 5_000, 10_000]);
    expect(backoff(60, high)).toBe(600_000);
  });
});
