import { setImmediate as breathe } from 'node:timers/promises';
import type { Model } from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { createCable, type Cable } from '../../../test/fakes/cable.ts';
import { ownDatabases } from '../../../test/own-databases.ts';
import { addChores, chore, choreModel, type Chore } from '../../../test/work.ts';
import { createWorker, listenForWake, wakeWorkers, type Wake } from './index.ts';
import { createBell } from './worker.ts';

describe('a worker that goes on until it is stopped', () => {
  let t: TestDeps;
  let cable: Cable;
  let chores: Model<Chore>;
  let wake: Wake;

  beforeAll(async () => {
    const { mongoUrl, redisUrl } = await ownDatabases();
    cable = await createCable(redisUrl);
    t = await makeDeps({ databases: { mongoUrl, redisUrl: cable.through(redisUrl) } });
    chores = choreModel(t.deps);
    await chores.createCollection();
    wake = listenForWake(t.deps);
  });
  afterAll(async () => {
    cable.set('pass');
    wake.close();
    await t.close();
    await cable.close();
  });
  beforeEach(() => chores.deleteMany({}));

  /** Rings the bell until it is heard: a subscription is not there at once. */
  const heard = async (name: string) => {
    let calls = 0;
    wake.on(name, () => (calls += 1));
    calls = 0;
    await expect
      .poll(
        async () => {
          await wakeWorkers(t.deps, name);
          return calls;
        },
        { timeout: 20_000 },
      )
      .toBeGreaterThan(0);
  };

  it('is called by name, on one connection for all, also again after Redis was away', async () => {
    await heard('first');
    cable.set('cut');
    await wakeWorkers(t.deps, 'first');
    cable.set('pass');
    await heard('first');
    const calls: string[] = [];
    wake.on('one', () => calls.push('one'));
    wake.on('two', () => calls.push('two'));
    wake.on('two', () => calls.push('again'));
    await wakeWorkers(t.deps, 'nobody');
    await wakeWorkers(t.deps, 'two');
    await expect.poll(() => calls).toEqual(['two', 'again']);
  });

  it('finds work by itself while Redis is away, and gives back what it has in hand', async () => {
    cable.set('cut');
    const worker = createWorker<Chore>(t.deps, {
      name: 'chore',
      model: chores,
      async run(hold, signal) {
        await hold.write({ $inc: { steps: 1 } });
        while (hold.doc.name === 'long') {
          await hold.write({ $inc: { steps: 1 } });
          signal.throwIfAborted();
        }
      },
    });
    const stop = worker.start(wake);
    try {
      await addChores(t.deps, ['short', 'long'], 1_000);
      await expect.poll(async () => (await chore(t.deps, 'short')).work.state, { timeout: 20_000 }).toBe('done');
      await expect.poll(async () => (await chore(t.deps, 'long')).steps, { timeout: 20_000 }).toBeGreaterThan(2);
    } finally {
      await stop();
      cable.set('pass');
    }
    const { steps, work } = await chore(t.deps, 'long');
    expect(work).toMatchObject({ state: 'waiting', attempts: 0 });
    await breathe();
    expect((await chore(t.deps, 'long')).steps).toBe(steps);
  });

  it('has as many in hand as it may', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    let [now, most] = [0, 0];
    let open!: () => void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const stop = createWorker<Chore>(t.deps, {
      name: 'many',
      model: chores,
      concurrency: 3,
      async run() {
        most = Math.max(most, (now += 1));
        await gate;
        now -= 1;
      },
    }).start(wake);
    try {
      await addChores(t.deps, names);
      await expect.poll(() => now, { timeout: 20_000 }).toBe(3);
      open();
      await expect.poll(() => chores.countDocuments({ 'work.state': 'done' }), { timeout: 20_000 }).toBe(5);
    } finally {
      await stop();
    }
    expect(most).toBe(3);
  });

  it('hears a call that came while it did not wait', async () => {
    const bell = createBell();
    bell.ring();
    await bell.wait(3_600_000);
    const waiting = bell.wait(3_600_000);
    bell.ring();
    await waiting;
    await bell.wait(1);
  });
});
