import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { openCursors } from '../../../test/open-cursors.ts';
import { isSnapshotGone, momentOf, openSnapshot } from './index.ts';

const ROWS = 3_000;

describe('a snapshot', () => {
  let t: TestDeps;
  const things = () => t.deps.mongo.collection<{ _id: number; v: number; pad: string }>('things');
  beforeAll(async () => {
    t = await makeDeps();
    await things().insertMany(Array.from({ length: ROWS }, (_, _id) => ({ _id, v: _id % 3, pad: 'x'.repeat(500) })));
  });
  afterAll(() => t.close());

  it('reads everything at one time, over many pages and from several processes, whatever is written meanwhile', async () => {
    const one = await openSnapshot(t.deps.mongo);
    expect(Math.abs(momentOf(one.at).getTime() - Date.now())).toBeLessThan(60_000);
    let seen = 0;
    for await (const { _id } of one.find<{ _id: number }>('things', {}, { sort: { _id: 1 }, batchSize: 100 })) {
      expect(_id).toBe(seen);
      seen += 1;
      if (seen === 1) {
        await things().deleteMany({ _id: { $gte: ROWS / 2 } });
        await things().updateMany({}, { $set: { v: 9 } });
        await things().insertOne({ _id: -1, v: 9, pad: '' });
      }
    }
    expect(seen).toBe(ROWS);
    expect(await things().countDocuments()).toBe(ROWS / 2 + 1);
    const other = await openSnapshot(t.deps.mongo, one.at);
    const counted = await other.aggregate('things', [{ $group: { _id: '$v', n: { $sum: 1 } } }, { $sort: { _id: 1 } }]);
    expect(counted).toEqual([0, 1, 2].map((_id) => ({ _id, n: ROWS / 3 })));
    const now = await openSnapshot(t.deps.mongo);
    expect(await now.aggregate('things', [{ $count: 'n' }])).toEqual([{ n: ROWS / 2 + 1 }]);
  });

  it('says when the server no longer has its time, and only then', async () => {
    const { at } = await openSnapshot(t.deps.mongo);
    const long = new t.deps.mongo.base.mongo.Timestamp({ t: at.getHighBits() - 2 * 3_600, i: 1 });
    const old = await openSnapshot(t.deps.mongo, long);
    const fault = await old.aggregate('things', []).catch((error: unknown) => error);
    expect(isSnapshotGone(fault)).toBe(true);
    const wrong = await old.aggregate('things', [{ $nonsense: 1 }]).catch((error: unknown) => error);
    expect([wrong instanceof Error, isSnapshotGone(wrong), isSnapshotGone(null)]).toEqual([true, false, false]);
  });

  it('lets go of a cursor that is given up', async () => {
    const snapshot = await openSnapshot(t.deps.mongo);
    const open = () => openCursors(t.deps.mongo, 'things');
    const cursor = snapshot.find('things', {}, { batchSize: 10 });
    await cursor.next();
    expect(await open()).toHaveLength(1);
    await cursor.close();
    expect(await open()).toEqual([]);
  });
});
