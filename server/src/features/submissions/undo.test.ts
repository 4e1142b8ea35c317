import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Types } from 'mongoose';
import { DEMO_FORM, goodAnswers, ROOT, ROOT_ACTOR } from '../../../test/demo-form.ts';
import { livingIn, makeImportRows, SOUTH, type ImportRows } from '../../../test/import-rows.ts';
import type { StaffCaller } from '../../http/index.ts';
import { personModel, type PersonDoc, type Undone } from '../people/index.ts';
import { submissionModel, type SubmissionDoc } from './submissions.model.ts';

let t: ImportRows;
beforeAll(async () => {
  t = await makeImportRows();
});
afterAll(() => t.close());

type Counts = Omit<Undone<unknown>, 'last'>;

/** Undoes an import to its end, some documents at a time. */
async function undo(importId: Types.ObjectId, caller: StaffCaller = ROOT, limit = 3) {
  const submissions: Counts = { removed: 0, restored: 0, kept: 0 };
  const people: Counts = { removed: 0, restored: 0, kept: 0 };
  const add = (sum: Counts, part: Counts) => {
    expect(part.removed + part.restored + part.kept).toBeLessThanOrEqual(limit);
    for (const name of ['removed', 'restored', 'kept'] as const) sum[name] += part[name];
  };
  for (let after: number | null = 0; after !== null;) {
    const part: Undone<number> = await t.features.submissions.undoImport(importId, { caller, after, limit });
    add(submissions, part);
    after = part.last;
  }
  let after: Types.ObjectId | null = null;
  do {
    const part: Undone<Types.ObjectId> = await t.features.people.undoImport(importId, {
      caller,
      after,
      limit,
      inUse: t.features.submissions.ofPeople,
    });
    add(people, part);
    after = part.last;
  } while (after !== null);
  return { submissions, people };
}

const clear = (doc: SubmissionDoc) => {
  const { name, version, dedupeKey, phoneIndex, documentIndex, answersHash, facets, scope, personId } = doc;
  const stored = { name, version, dedupeKey, phoneIndex, documentIndex, answersHash, facets, scope };
  return { ...stored, personId: String(personId), answers: t.features.submissions.open(doc) };
};
const clearPerson = ({ sealed: _sealed, ...doc }: PersonDoc) => {
  const { scope, documentIndex, phoneIndex } = doc;
  return { scope, documentIndex, phoneIndex, facts: t.features.people.open({ ...doc, sealed: _sealed }) };
};
const state = async () => ({
  submissions: (await t.submissions()).map(clear),
  people: (await t.people()).map(clearPerson),
});

describe('undoing an import', () => {
  it('leaves what was there before it, to the last value', async () => {
    await t.write(
      [10, 11, 12, 13].map((index, at) => t.row(at + 2, index)),
      t.run(),
    );
    const before = await state();
    const run = t.run({ onDuplicate: 'update' });
    const rows = [
      ...[20, 21, 22, 23, 24].map((index, at) => t.row(at + 2, index)),
      t.row(7, 10, { phone: '13900000010', remark: '改' }),
      t.row(8, 11, livingIn('110105')),
      t.row(9, 12),
      t.row(10, 13, { remark: '改' }),
    ];
    expect(await t.write(rows, run)).toEqual([
      ...Array.from({ length: 5 }, () => 'inserted'),
      ...['updated', 'updated', 'unchanged', 'updated'],
    ]);
    expect(await state()).not.toEqual(before);
    expect(await undo(run.importId)).toEqual({
      submissions: { removed: 5, restored: 3, kept: 0 },
      people: { removed: 5, restored: 2, kept: 0 },
    });
    expect(await state()).toEqual(before);
    for (const doc of await submissionModel(t.deps.mongo).find()) await doc.validate();
    // On record, and for good: again it finds nothing.
    const [first] = await t.submissions();
    expect(first).toMatchObject({
      rev: 3,
      history: [{ action: 'imported' }, { action: 'imported' }, { action: 'undone' }],
    });
    expect(first!.changedBy).toBeUndefined();
    expect(await undo(run.importId)).toEqual({
      submissions: { removed: 0, restored: 0, kept: 0 },
      people: { removed: 0, restored: 0, kept: 0 },
    });
  });

  it('keeps what somebody has changed since, removed, or works with', async () => {
    await t.write([t.row(2, 30), t.row(3, 31)], t.run());
    const run = t.run({ onDuplicate: 'update' });
    const rows = [
      ...[40, 41, 42, 43, 44].map((index, at) => t.row(at + 2, index)),
      t.row(7, 30, { remark: '改', phone: '13900000030' }),
      t.row(8, 31, { remark: '改' }),
    ];
    await t.write(rows, run);
    const made = await t.submissions({ importId: run.importId });
    const submissions = submissionModel(t.deps.mongo);
    const people = personModel(t.deps.mongo);
    const touch = { $set: { updatedAt: t.deps.clock() }, $inc: { rev: 1 } };
    // 40: edited. 41: in the recycle bin. 42: its person edited. 43: an account acts for its person. 44: another form knows the person.
    await submissions.updateOne({ _id: made[0]!._id }, touch);
    await submissions.updateOne({ _id: made[1]!._id }, { ...touch, $set: { deletedAt: t.deps.clock() } });
    await people.updateOne({ _id: made[2]!.personId! }, touch);
    await t.deps.mongo
      .collection('personLinks')
      .insertOne({ accountId: 'a', personId: made[3]!.personId!, relation: 'self', createdAt: t.deps.clock() });
    const form = await t.publish('other', { ...t.form.content });
    await t.features.submissions.create(ROOT_ACTOR, { form: form.key, answers: goodAnswers(44) });
    // 30: changed once more, by another import.
    const later = t.run({ onDuplicate: 'update' });
    await t.write([t.row(2, 30, { remark: '再改', phone: '13900000031' })], later);

    // 40 and 41 stay, with their people; so do the people of 42, 43 and 44. Only the row of 31 is taken back.
    expect(await undo(run.importId)).toEqual({
      submissions: { removed: 3, restored: 1, kept: 2 },
      people: { removed: 0, restored: 0, kept: 5 },
    });
    expect((await t.submissions({ importId: run.importId })).map(({ row }) => row)).toEqual([2, 3]);
    const [second] = await t.submissions({ 'changedBy.importId': later.importId });
    expect(t.features.submissions.open(second!)).toMatchObject({ remark: '再改' });
    // The later import can be undone by itself.
    expect(await undo(later.importId)).toMatchObject({ submissions: { restored: 1 }, people: { restored: 1 } });
    expect(t.features.submissions.open((await t.submissions({ _id: second!._id }))[0]!)).toMatchObject({
      remark: '改',
    });
  });

  it('reaches no further than whoever undoes', async () => {
    const run = t.run();
    await t.write([t.row(2, 50, livingIn('440305')), t.row(3, 51, livingIn('110105'))], run);
    expect(await undo(run.importId, SOUTH)).toEqual({
      submissions: { removed: 1, restored: 0, kept: 1 },
      people: { removed: 1, restored: 0, kept: 1 },
    });
    expect((await t.submissions({ importId: run.importId })).map(({ row }) => row)).toEqual([3]);
  });

  it('goes on where it was cut, and frees the values for the next import', async () => {
    const run = t.run();
    const rows = Array.from({ length: 10 }, (_, i) => t.row(i + 2, 60 + i));
    await t.write(rows, run);
    const part = await t.features.submissions.undoImport(run.importId, { caller: ROOT, after: 0, limit: 4 });
    expect(part).toEqual({ removed: 4, restored: 0, kept: 0, last: 5 });
    // The note of it was lost: the same part again finds the next rows.
    expect(await t.features.submissions.undoImport(run.importId, { caller: ROOT, after: 0, limit: 4 })).toEqual({
      removed: 4,
      restored: 0,
      kept: 0,
      last: 9,
    });
    expect(await undo(run.importId)).toMatchObject({ submissions: { removed: 2 }, people: { removed: 10 } });
    expect(await t.write(rows, t.run())).toEqual(rows.map(() => 'inserted'));
    expect((await t.submissions({ formKey: DEMO_FORM, name: goodAnswers(60)['name'] })).length).toBeGreaterThan(0);
  });

  it('gives a submission back to the version that it was filled on', async () => {
    const form = await t.publish('twice', { ...t.form.content });
    await t.write([t.row(2, 90, {}, form)], t.run({ form }));
    const [before] = await t.submissions({ formKey: 'twice' });
    const working = { ...t.form.content, intro: { 'zh-CN': '第二版' } };
    const forms = t.deps.mongo.collection<{ _id: string; workingVersion: { rev: number } }>('forms');
    await forms.updateOne({ _id: 'twice' }, { $set: { 'workingVersion.content': working } });
    const { workingVersion } = (await forms.findOne({ _id: 'twice' }))!;
    await t.features.forms.publish(ROOT_ACTOR, 'twice', workingVersion.rev);
    const second = (await t.features.forms.version('twice', 2))!;
    const run = t.run({ form: second, onDuplicate: 'update' });
    expect(await t.write([t.row(2, 90, { remark: '改' }, second)], run)).toEqual(['updated']);
    expect((await t.submissions({ formKey: 'twice' }))[0]!.version).toBe(2);
    await undo(run.importId);
    expect(clear((await t.submissions({ formKey: 'twice' }))[0]!)).toEqual(clear(before!));
  });
});
