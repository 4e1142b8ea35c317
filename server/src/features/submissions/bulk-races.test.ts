import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_FORM, goodAnswers, ROOT_ACTOR } from '../../../test/demo-form.ts';
import { makeImportRows, type ImportRows } from '../../../test/import-rows.ts';
import { personModel } from '../people/index.ts';
import { submissionModel } from './submissions.model.ts';

let t: ImportRows;
beforeAll(async () => {
  t = await makeImportRows();
});
afterAll(() => t.close());

/** Has somebody else write right before the next `times` calls of the collection's method. */
function before(
  model: { collection: object },
  method: 'bulkWrite' | 'insertMany',
  times: number,
  meanwhile: (docs: Record<string, unknown>[]) => Promise<unknown>,
): () => void {
  const collection = model.collection as Record<string, (...args: unknown[]) => Promise<unknown>>;
  const own = collection[method]!.bind(collection);
  let left = times;
  collection[method] = async (...args) => {
    if (left > 0) {
      left -= 1;
      await meanwhile(args[0] as Record<string, unknown>[]);
    }
    return own(...args);
  };
  return () => void (collection[method] = own);
}

const submissions = () => submissionModel(t.deps.mongo);
const people = () => personModel(t.deps.mongo);
/** Somebody edits: the revision moves on. */
const touch = (filter: object, set: object = {}) =>
  submissions().updateOne(filter, { $set: { updatedAt: t.deps.clock(), ...set }, $inc: { rev: 1 } });

describe('rows that somebody else writes at the same moment', () => {
  it('are looked at again, and changed from what is there then', async () => {
    await t.write([t.row(2, 10), t.row(3, 11)], t.run());
    const [first] = await t.submissions();
    const end = before(submissions(), 'bulkWrite', 1, () => touch({ _id: first!._id }));
    const run = t.run({ onDuplicate: 'update' });
    const rows = [t.row(2, 10, { remark: '甲' }), t.row(3, 11, { remark: '乙' })];
    expect(await t.write(rows, run)).toEqual(['updated', 'updated']);
    end();
    expect(
      (await t.submissions()).map(({ rev, answers, history }) => [rev, answers['remark'], history.length]),
    ).toEqual([
      [3, '甲', 2],
      [2, '乙', 2],
    ]);
  });

  it('are left when they say the same by then, or are gone', async () => {
    await t.write([t.row(2, 20), t.row(3, 21)], t.run());
    const [same, gone] = (await t.submissions()).slice(-2);
    const end = before(submissions(), 'bulkWrite', 1, async () => {
      const other = t.run({ onDuplicate: 'update' });
      await t.write([t.row(9, 20, { remark: '甲' })], other);
      await touch({ _id: gone!._id }, { deletedAt: t.deps.clock() });
      await submissions().updateOne({ _id: gone!._id }, { $unset: { dedupeKey: 1 } });
    });
    const rows = [t.row(2, 20, { remark: '甲' }), t.row(3, 21, { remark: '乙' })];
    expect(await t.write(rows, t.run({ onDuplicate: 'update' }))).toEqual(['unchanged', 'inserted']);
    end();
    expect((await t.submissions({ _id: same!._id }))[0]).toMatchObject({ rev: 2, answers: { remark: '甲' } });
  });

  it('end the batch when it never comes to rest; nothing is told as done that was not', async () => {
    await t.write([t.row(2, 30)], t.run());
    const doc = (await t.submissions()).at(-1)!;
    const end = before(submissions(), 'bulkWrite', 100, () => touch({ _id: doc._id }));
    const run = t.run({ onDuplicate: 'update' });
    const rows = [t.row(2, 30, { remark: '甲' })];
    await expect(t.write(rows, run)).rejects.toThrow('others went on writing');
    end();
    expect((await t.submissions({ _id: doc._id }))[0]!.answers['remark']).toBeUndefined();
    expect(await t.write(rows, run)).toEqual(['updated']);
  });

  it('are known when a citizen was faster', async () => {
    for (const [onDuplicate, index, outcome] of [
      ['skip', 40, 'duplicate'],
      ['update', 41, 'updated'],
      ['create', 42, 'inserted'],
      ['review', 43, 'review'],
    ] as const) {
      const end = before(submissions(), 'insertMany', 1, () =>
        t.features.submissions.create(ROOT_ACTOR, { form: DEMO_FORM, answers: goodAnswers(index, { remark: '先到' }) }),
      );
      // The row behind rests on the first one, and is judged again with it.
      const rows = [t.row(2, index), t.row(3, index, { remark: '第二' })];
      const second = onDuplicate === 'review' ? 'review' : 'duplicate';
      expect(await t.write(rows, t.run({ onDuplicate }))).toEqual([outcome, second]);
      end();
    }
  });

  it('are not lost when their receipt number is somebody else’s', async () => {
    await t.write([t.row(2, 50)], t.run());
    const { receiptNumber } = (await t.submissions()).at(-1)!;
    const end = before(
      submissions(),
      'insertMany',
      1,
      async (docs) => void (docs[0]!['receiptNumber'] = receiptNumber),
    );
    expect(await t.write([t.row(2, 51), t.row(3, 52)], t.run())).toEqual(['inserted', 'inserted']);
    end();
    expect(new Set((await t.submissions()).map((doc) => doc.receiptNumber)).size).toBe((await t.submissions()).length);
  });
});

describe('people that somebody else writes at the same moment', () => {
  it('are found when they were made meanwhile', async () => {
    const end = before(people(), 'insertMany', 1, () => {
      const { name, document, phone, region } = goodAnswers(60);
      return t.features.people.create(ROOT_ACTOR, { name, document, phone, region });
    });
    expect(await t.write([t.row(2, 60)], t.run({ onDuplicate: 'update' }))).toEqual(['inserted']);
    end();
    const doc = (await t.submissions()).at(-1)!;
    const found = await t.people({ documentIndex: doc.documentIndex });
    expect(found).toHaveLength(1);
    expect(doc).toMatchObject({ personId: found[0]!._id, claimed: false });
    // What the row says beyond that was added.
    expect(found[0]!.history.map(({ action }) => action)).toEqual(['created', 'edited']);
  });

  it('keep what somebody else changed, with what the row says on top', async () => {
    await t.write([t.row(2, 70)], t.run());
    const doc = (await t.submissions()).at(-1)!;
    const end = before(people(), 'bulkWrite', 1, () =>
      people().updateOne({ _id: doc.personId! }, { $set: { name: '改名' }, $inc: { rev: 1 } }),
    );
    const run = t.run({ onDuplicate: 'update' });
    expect(await t.write([t.row(2, 70, { phone: '13911110070' })], run)).toEqual(['updated']);
    end();
    const [person] = await t.people({ _id: doc.personId });
    expect(t.features.people.open(person!)).toMatchObject({ phone: '13911110070', name: goodAnswers(70)['name'] });
    expect(person).toMatchObject({ rev: 3, changedBy: { importId: run.importId, rev: 3 } });
  });

  it('end the batch when it never comes to rest', async () => {
    await t.write([t.row(2, 80)], t.run());
    const doc = (await t.submissions()).at(-1)!;
    const end = before(people(), 'bulkWrite', 100, () =>
      people().updateOne({ _id: doc.personId! }, { $inc: { rev: 1 } }),
    );
    const rows = [t.row(2, 80, { phone: '13911110080' })];
    await expect(t.write(rows, t.run({ onDuplicate: 'update' }))).rejects.toThrow('others went on writing');
    end();
  });
});
