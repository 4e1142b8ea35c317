import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Connection } from 'mongoose';
import { migrations } from '../../../migrations/index.ts';
import { indexes } from '../../../migrations/2026-11-21-indexes.ts';
import { ownDatabases } from '../../../test/own-databases.ts';
import { createLogger } from '../logger/index.ts';
import { connectMongo, pendingMigrations, runMigrations, type Migration } from './index.ts';
import { takeLease } from './lease.ts';

const log = createLogger({ level: 'silent', name: 'test' });
let mongo: Connection;
beforeAll(async () => {
  mongo = await connectMongo((await ownDatabases()).mongoUrl, { log });
});
beforeEach(() => mongo.dropDatabase());
afterAll(async () => {
  await mongo.dropDatabase();
  await mongo.close(true);
});

const done: string[] = [];
const step = (id: string, ms = 0): Migration => ({
  id,
  async up(db) {
    await db.collection('steps').insertOne({ id });
    await new Promise((resolve) => setTimeout(resolve, ms));
    done.push(id);
  },
});
beforeEach(() => void (done.length = 0));

describe('runMigrations', () => {
  it('applies what is pending, by date, once', async () => {
    const [a, b, c] = [step('2026-01-01-a'), step('2026-02-01-b'), step('2026-03-01-c')];
    expect(await runMigrations(mongo, [c, a], log)).toEqual(['2026-01-01-a', '2026-03-01-c']);
    expect(await pendingMigrations(mongo, [a, b, c])).toEqual(['2026-02-01-b']);
    expect(await runMigrations(mongo, [a, b, c], log)).toEqual(['2026-02-01-b']);
    expect(await runMigrations(mongo, [a, b, c], log)).toEqual([]);
    expect(done).toEqual(['2026-01-01-a', '2026-03-01-c', '2026-02-01-b']);
  });

  it('runs in one process at a time', async () => {
    const steps = [step('2026-01-01-a', 100), step('2026-01-02-b', 100)];
    const results = await Promise.all(Array.from({ length: 5 }, () => runMigrations(mongo, steps, log)));
    expect(done).toEqual(['2026-01-01-a', '2026-01-02-b']);
    expect(results.flat()).toHaveLength(2);
    expect(await mongo.collection('steps').countDocuments()).toBe(2);
  });

  it('stops at a failure, keeps what was done, and goes on from there', async () => {
    const broken: Migration = { id: '2026-01-02-b', up: () => Promise.reject(new Error('broken')) };
    const [a, c] = [step('2026-01-01-a'), step('2026-01-03-c')];
    await expect(runMigrations(mongo, [a, broken, c], log)).rejects.toThrow('broken');
    expect(done).toEqual(['2026-01-01-a']);
    expect(await runMigrations(mongo, [a, step('2026-01-02-b'), c], log)).toEqual(['2026-01-02-b', '2026-01-03-c']);
  });

  it('refuses malformed and repeated ids', async () => {
    await expect(runMigrations(mongo, [step('first')], log)).rejects.toThrow('malformed');
    await expect(runMigrations(mongo, [step('2026-01-01-a'), step('2026-01-01-a')], log)).rejects.toThrow('twice');
  });

  it('does not wait for ever for another process', async () => {
    const lease = await takeLease(mongo, 'migrations', 'lease');
    await expect(runMigrations(mongo, [step('2026-01-01-a')], log, 300)).rejects.toThrow('another process');
    await lease?.release();
    expect(await runMigrations(mongo, [step('2026-01-01-a')], log)).toHaveLength(1);
  });
});

describe('the migrations of this project', () => {
  it('may be run again, each of them, on what they made', async () => {
    await runMigrations(mongo, migrations, log);
    await mongo.collection('migrations').deleteMany({});
    await runMigrations(mongo, migrations, log);
    expect(await pendingMigrations(mongo, migrations)).toEqual([]);
  });

  it('make every index of the list', async () => {
    await runMigrations(mongo, migrations, log);
    for (const [collection, keys] of indexes) {
      const made = await mongo.collection(collection).indexes();
      const text = made.some((index) => 'textIndexVersion' in index);
      expect(
        text || made.some((index) => JSON.stringify(index.key) === JSON.stringify(keys)),
        `${collection} ${JSON.stringify(keys)}`,
      ).toBe(true);
    }
  });
});

describe('takeLease', () => {
  it('has one holder, until it is given back', async () => {
    const first = await takeLease(mongo, 'leases', 'x');
    expect(first?.held()).toBe(true);
    expect(await takeLease(mongo, 'leases', 'x')).toBeNull();
    expect(await takeLease(mongo, 'leases', 'y')).not.toBeNull();
    await first?.release();
    expect(await takeLease(mongo, 'leases', 'x')).not.toBeNull();
  });

  it('passes on when its holder is dead', async () => {
    await takeLease(mongo, 'leases', 'dead');
    await mongo
      .collection<{ _id: string }>('leases')
      .updateOne({ _id: 'dead' }, { $set: { until: new Date(Date.now() - 1) } });
    expect(await takeLease(mongo, 'leases', 'dead')).not.toBeNull();
  });
});
