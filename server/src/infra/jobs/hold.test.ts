import { EventEmitter, once } from 'node:events';
import type { Model } from 'mongoose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { addChores, chore, choreModel, type Chore } from '../../../test/work.ts';
import { LeaseLost, takeWork, type Hold } from './index.ts';

const LEASE = 20_000;

describe('a hold over a document', () => {
  let t: TestDeps;
  let chores: Model<Chore>;
  let holds: Hold<Chore>[];

  beforeAll(async () => {
    t = await makeDeps();
    chores = choreModel(t.deps);
    await chores.createCollection();
    await chores.collection.createIndex({ 'work.state': 1, 'work.due': 1 });
    await t.deps.mongo.createCollection('effects');
  });
  afterAll(() => t.close());
  beforeEach(async () => {
    holds = [];
    await chores.deleteMany({});
    await t.deps.mongo.collection('effects').deleteMany({});
  });
  afterEach(() => holds.forEach((hold) => hold.release()));

  const take = async (options: { leaseMs?: number; clock?: () => Date } = {}, only: object = {}) => {
    const hold = await takeWork(chores, { clock: t.deps.clock, leaseMs: LEASE, ...options }, only);
    if (hold) holds.push(hold);
    return hold;
  };

  it('is taken over what has been due for longest, and over nothing that is not due', async () => {
    await addChores(t.deps, ['first', 'second', 'third'], 1_000);
    await chores.updateOne({ name: 'second' }, { $set: { 'work.due': new Date(t.clock().getTime() + 1) } });
    await addChores(t.deps, ['held']);
    await chores.updateOne({ name: 'held' }, { $set: { 'work.state': 'held' } });
    expect((await take())?.doc.name).toBe('first');
    expect((await take())?.doc.name).toBe('third');
    expect(await take()).toBeNull();
    t.clock.advance(1);
    const hold = await take();
    expect(hold?.doc).toMatchObject({ name: 'second', work: { state: 'running', fence: 1, attempts: 0, fault: null } });
    expect(hold?.doc.work.takenAt).toEqual(t.clock());
    expect(hold?.takenOver).toBe(false);
    expect(await chore(t.deps, 'second')).toEqual(hold?.doc);
  });

  it('can be narrowed', async () => {
    await addChores(t.deps, ['one', 'two'], 1_000);
    expect((await take({}, { name: 'two' }))?.doc.name).toBe('two');
    expect(await take({}, { name: 'two' })).toBeNull();
  });

  it('of many takers at once each document has one', async () => {
    await addChores(t.deps, ['one', 'two', 'three']);
    const taken = await Promise.all(Array.from({ length: 30 }, () => take()));
    expect(
      taken
        .filter(Boolean)
        .map((hold) => hold!.doc.name)
        .toSorted(),
    ).toEqual(['one', 'three', 'two']);
  });

  it('is taken over once the lease has run out, under a higher fence, as a crash', async () => {
    await addChores(t.deps, ['one']);
    const [silent] = [(await take())!];
    t.clock.advance(LEASE - 1);
    expect(await take()).toBeNull();
    t.clock.advance(1);
    const next = (await take())!;
    expect(next.takenOver).toBe(true);
    expect(next.doc.work).toMatchObject({ state: 'running', fence: 2, attempts: 1, fault: 'crashed' });
    expect(await chore(t.deps, 'one')).toEqual(next.doc);
    expect(silent.fence).toBe(1);
  });

  it('that was taken over refuses every late write, and says so', async () => {
    await addChores(t.deps, ['one']);
    const late = (await take())!;
    t.clock.advance(LEASE);
    const next = (await take())!;
    const after = await next.write({ $set: { steps: 7 } });

    const other = () => t.deps.mongo.collection('effects').countDocuments();
    await expect(late.write({ $set: { steps: 1 } })).rejects.toThrow(LeaseLost);
    expect(late.signal.aborted).toBe(true);
    expect(late.ended).toBe(true);
    await expect(late.end({ state: 'done' })).rejects.toThrow(LeaseLost);
    await expect(late.giveBack()).rejects.toThrow(LeaseLost);
    await expect(
      late.transact(async (session) => {
        await t.deps.mongo.collection('effects').insertOne({ by: 'late' }, { session });
      }),
    ).rejects.toThrow(LeaseLost);
    expect(await other()).toBe(0);
    expect(await chore(t.deps, 'one')).toEqual(after);
  });

  it('a progress counts failures anew and renews the lease', async () => {
    await addChores(t.deps, ['one']);
    await chores.updateOne({}, { $set: { 'work.attempts': 3 } });
    const hold = (await take())!;
    t.clock.advance(5_000);
    const doc = await hold.write({ $inc: { steps: 1 }, $set: { note: 'x' } });
    expect(doc).toMatchObject({ steps: 1, note: 'x', work: { attempts: 0, state: 'running' } });
    expect(doc.work.due.getTime()).toBe(t.clock().getTime() + LEASE);
    expect(hold.doc).toEqual(doc);
  });

  it('the heartbeat renews the lease while the work takes its time', async () => {
    await addChores(t.deps, ['one']);
    const hold = (await take({ leaseMs: 300 }))!;
    const first = hold.doc.work.due;
    t.clock.advance(10_000);
    await expect.poll(async () => (await chore(t.deps, 'one')).work.due > first, { timeout: 5_000 }).toBe(true);
    expect(hold.signal.aborted).toBe(false);
  });

  it('the heartbeat notices that somebody else has it', async () => {
    await addChores(t.deps, ['one']);
    const hold = (await take({ leaseMs: 300 }))!;
    await chores.updateOne({}, { $inc: { 'work.fence': 1 } });
    await expect.poll(() => hold.signal.aborted, { timeout: 5_000 }).toBe(true);
    expect(hold.signal.reason).toBeInstanceOf(LeaseLost);
  });

  it('ends by its own deadline when the database takes no renewal', async () => {
    await addChores(t.deps, ['one']);
    const hold = (await take({ leaseMs: 400 }))!;
    const renewing = chores.updateOne;
    chores.updateOne = (() => Promise.reject(new Error('away'))) as unknown as typeof renewing;
    try {
      await expect.poll(() => hold.signal.aborted, { timeout: 5_000 }).toBe(true);
    } finally {
      chores.updateOne = renewing;
    }
    await expect(hold.write({ $set: { steps: 1 } })).rejects.toThrow(LeaseLost);
    expect((await chore(t.deps, 'one')).steps).toBe(0);
  });

  it('giving back leaves it for anyone at once, without a failure', async () => {
    await addChores(t.deps, ['one']);
    await (await take())!.giveBack();
    const next = (await take())!;
    expect(next.takenOver).toBe(false);
    expect(next.doc.work).toMatchObject({ fence: 2, attempts: 0, fault: null });
  });

  it('says since when something is held, done or dead', async () => {
    await addChores(t.deps, ['one']);
    const hold = (await take())!;
    t.clock.advance(1_234);
    const doc = await hold.end({ state: 'dead', fault: 'x', attempts: 5 }, { $set: { note: 'why' } });
    expect(doc).toMatchObject({ note: 'why', work: { state: 'dead', fault: 'x', attempts: 5, due: t.clock() } });
    expect(hold.ended).toBe(true);
    expect(hold.signal.aborted).toBe(false);
    t.clock.advance(1e9);
    expect(await take()).toBeNull();
  });

  describe('transact', () => {
    const add = (session: object, by: string) =>
      t.deps.mongo.collection('effects').insertOne({ by }, { session: session as never });
    const effects = async () => (await t.deps.mongo.collection('effects').find().toArray()).map((one) => one['by']);

    const takersAtWork = async () => {
      const asked = { currentOp: 1, 'command.findAndModify': 'chores', 'command.$db': t.deps.mongo.name };
      const { inprog } = await t.deps.mongo.getClient().db('admin').command(asked);
      // The hold's own renewals are updates; those of the transaction are over.
      return (inprog as { active: boolean }[]).filter(({ active }) => active).length;
    };

    it('keeps what it wrote, and a checkpoint inside of it, together', async () => {
      await addChores(t.deps, ['one']);
      const hold = (await take())!;
      await hold.transact(async (session) => {
        await add(session, 'kept');
        await hold.write({ $inc: { steps: 1 } });
      });
      await expect(
        hold.transact(async (session) => {
          await add(session, 'lost');
          await hold.write({ $inc: { steps: 1 } });
          throw new Error('no');
        }),
      ).rejects.toThrow('no');
      expect(await effects()).toEqual(['kept']);
      expect((await chore(t.deps, 'one')).steps).toBe(1);
      // What was rolled back is not believed either.
      expect(hold.doc.steps).toBe(1);
    });

    it('keeps nothing once somebody has taken over', async () => {
      await addChores(t.deps, ['one']);
      const hold = (await take())!;
      t.clock.advance(LEASE);
      await take();
      await expect(hold.transact((session) => add(session, 'late'))).rejects.toThrow(LeaseLost);
      expect(await effects()).toEqual([]);
    });

    it('a takeover that comes meanwhile waits for the commit and then finds a lease that lives', async () => {
      await addChores(t.deps, ['one']);
      const hold = (await take())!;
      t.clock.advance(LEASE);
      // Begun outside of the transaction's context, or it would join it.
      const began = new EventEmitter();
      const meanwhile = once(began, 'now').then(() => take());
      await hold.transact(async (session) => {
        await add(session, 'in time');
        began.emit('now');
        await expect.poll(takersAtWork).toBe(1);
      });
      expect(await meanwhile).toBeNull();
      expect(await effects()).toEqual(['in time']);
      await hold.write({ $inc: { steps: 1 } });
    });

    it('ends the hold with its commit, and not without it', async () => {
      await addChores(t.deps, ['one']);
      const hold = (await take())!;
      await expect(
        hold.transact(async (session) => {
          await add(session, 'lost');
          await hold.end({ state: 'done' });
          throw new Error('no');
        }),
      ).rejects.toThrow('no');
      expect(hold.ended).toBe(false);
      expect((await chore(t.deps, 'one')).work.state).toBe('running');
      await hold.transact(async (session) => {
        await add(session, 'kept');
        await hold.end({ state: 'done' });
      });
      expect(hold.ended).toBe(true);
      expect(hold.signal.aborted).toBe(false);
      expect((await chore(t.deps, 'one')).work.state).toBe('done');
      expect(await effects()).toEqual(['kept']);
    });
  });
});
