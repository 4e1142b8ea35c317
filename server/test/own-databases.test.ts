import { createConnection } from 'mongoose';
import { describe, expect, it } from 'vitest';
import { ownDatabases } from './own-databases.ts';

describe('ownDatabases', () => {
  it('gives every caller a database of its own, on a replica set that knows transactions', async () => {
    const [one, two] = [await ownDatabases(), await ownDatabases()];
    expect(one.mongoUrl).not.toBe(two.mongoUrl);
    expect(one.redisUrl).not.toBe(two.redisUrl);

    const connection = await createConnection(one.mongoUrl).asPromise();
    try {
      const counters = connection.collection('counters');
      await connection.transaction(async (session) => {
        await counters.insertOne({ n: 1 }, { session });
      });
      expect(await counters.countDocuments()).toBe(1);
    } finally {
      await connection.dropDatabase();
      await connection.close();
    }
  });
});
