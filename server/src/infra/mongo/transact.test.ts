import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { insertNew, transact, defineSchema } from './index.ts';

interface Row {
  _id: string;
  n: number;
}
let t: TestDeps;
const model = () =>
  t.deps.mongo.models['TransactRow'] ??
  t.deps.mongo.model<Row>('TransactRow', defineSchema<Row>({ _id: String, n: Number }), 'transactRows');

beforeAll(async () => {
  t = await makeDeps();
  await t.deps.mongo.collection('transactRows').createIndex({ n: 1 }, { unique: true });
});
afterAll(() => t.close());

describe('transact', () => {
  it('takes everything back when the work fails', async () => {
    const work = async () => {
      await model().create([{ _id: 'a', n: 1 }]);
      throw new Error('no');
    };
    await expect(transact(t.deps.mongo, work)).rejects.toThrow('no');
    expect(await model().countDocuments()).toBe(0);
  });

  it('joins the transaction that is open', async () => {
    const inner = () => transact(t.deps.mongo, () => model().create([{ _id: 'b', n: 2 }]));
    const outer = t.deps.mongo.transaction(async () => {
      await inner();
      throw new Error('no');
    });
    await expect(outer).rejects.toThrow('no');
    expect(await model().countDocuments()).toBe(0);
  });

  it('looks again after meeting another writer on a unique index', async () => {
    let attempts = 0;
    const answer = await transact(t.deps.mongo, async () => {
      attempts += 1;
      if (await model().exists({ n: 3 })) return 'there';
      // Somebody else, outside of this transaction, is quicker.
      if (attempts === 1) await t.deps.mongo.collection<Row>('transactRows').insertOne({ _id: 'other', n: 3 });
      await model().create([{ _id: 'mine', n: 3 }]);
      return 'made';
    });
    expect(answer).toBe('there');
    expect(attempts).toBe(2);
  });
});

describe('insertNew', () => {
  it('names the refused and inserts the rest', async () => {
    const rows = [10, 11, 10, 12, 3].map((n, at) => ({ _id: `row${at}`, n }));
    expect(await insertNew(model(), rows)).toEqual([2, 4]);
    expect(await model().countDocuments({ _id: /^row/ })).toBe(3);
    expect(await insertNew(model(), [])).toEqual([]);
  });
});
