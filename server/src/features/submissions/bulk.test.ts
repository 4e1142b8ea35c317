import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goodAnswers, ROOT_ACTOR, DEMO_FORM } from '../../../test/demo-form.ts';
import { livingIn, makeImportRows, SOUTH, type ImportRows } from '../../../test/import-rows.ts';
import { timelineOf } from '../history/index.ts';
import { personModel } from '../people/index.ts';
import { submissionModel } from './submissions.model.ts';

let t: ImportRows;
beforeAll(async () => {
  t = await makeImportRows();
});
afterAll(() => t.close());

const counts = async () => [
  await submissionModel(t.deps.mongo).countDocuments(),
  await personModel(t.deps.mongo).countDocuments(),
];

describe('writing the rows of an import', () => {
  it('makes submissions and people, complete documents as the models have them', async () => {
    const rows = Array.from({ length: 50 }, (_, i) => t.row(i + 2, 400 + i));
    const run = t.run();
    expect(await t.write(rows, run)).toEqual(rows.map(() => 'inserted'));
    expect(await counts()).toEqual([50, 50]);
    const submissions = await submissionModel(t.deps.mongo).find();
    for (const doc of submissions) await doc.validate();
    for (const doc of await personModel(t.deps.mongo).find()) await doc.validate();
    expect(t.features.submissions.open(submissions[0]!.toObject())).toEqual(rows[0]!.answers);

    // Cut after the write and before the checkpoint: the batch runs again.
    expect(await t.write(rows, run)).toEqual(rows.map(() => 'inserted'));
    expect(await counts()).toEqual([50, 50]);
  });

  it('skips what is there, or changes it, once', async () => {
    const rows = [t.row(2, 400), t.row(3, 401, { phone: '13911110001', remark: '已更新' }), t.row(4, 500)];
    expect(await t.write(rows, t.run())).toEqual(['unchanged', 'duplicate', 'inserted']);
    const update = t.run({ onDuplicate: 'update' });
    expect(await t.write(rows.slice(0, 2), update)).toEqual(['unchanged', 'updated']);
    expect(await t.write(rows.slice(0, 2), update)).toEqual(['unchanged', 'updated']);
    const [changed] = await t.submissions({ changedBy: { $exists: true } });
    expect(changed).toMatchObject({ rev: 2, changedBy: { row: 3, rev: 2, version: 1 }, answers: { remark: '已更新' } });
    expect(changed!.history.map(({ action, keys }) => [action, [...keys].sort()])).toEqual([
      ['imported', []],
      ['imported', ['phone', 'remark']],
    ]);
    const [person] = await t.people({ _id: changed!.personId });
    expect(t.features.people.open(person!).phone).toBe('13911110001');
    expect(person!.rev).toBe(2);
  });

  it('the timeline of an imported record shows what it was made with, though its first entry names no keys', async () => {
    const [doc] = await t.submissions({ row: 3, changedBy: { $exists: true } });
    const clear = t.features.submissions.open(doc!) as Record<string, unknown>;
    const timeline = timelineOf(
      t.deps.cipher,
      `submission.history:${String(doc!._id)}`,
      doc!.history,
      clear,
      (_key, value) => (value === undefined ? null : JSON.stringify(value)),
    );
    expect(timeline.map(({ changes }) => changes.length)).toEqual([2, Object.keys(clear).length - 1]);
    expect(timeline[0]!.changes).toContainEqual({ key: 'remark', before: null, after: '"已更新"' });
    expect(timeline[1]!.changes.every(({ before, after }) => before === null && after !== null)).toBe(true);
  });

  it('takes the first of two rows with the same document, in one batch and in two', async () => {
    const update = t.run({ onDuplicate: 'update' });
    expect(await t.write([t.row(2, 510), t.row(3, 510, { remark: '第二行' })], update)).toEqual([
      'inserted',
      'duplicate',
    ]);
    expect(await t.write([t.row(4, 510, { remark: '第四行' })], update)).toEqual(['duplicate']);
    const other = t.run({ onDuplicate: 'update' });
    const rows = [t.row(5, 510, { remark: '改' }), t.row(6, 510, { remark: '再改' })];
    expect(await t.write(rows, other)).toEqual(['updated', 'duplicate']);
    expect(await t.write([t.row(7, 510)], other)).toEqual(['duplicate']);
    expect(await t.submissions({ 'answers.remark': '改' })).toHaveLength(1);
  });

  it('rows about one person make it once, and under `update` the later add to it', async () => {
    const form = await t.publish('visits', { ...t.form.content, dedupe: [] });
    const run = t.run({ form, onDuplicate: 'update' });
    const rows = [t.row(2, 530, {}, form), t.row(3, 530, { phone: '13911112222' }, form)];
    expect(await t.write(rows, run)).toEqual(['inserted', 'inserted']);
    const made = await t.submissions({ formKey: 'visits' });
    expect(new Set(made.map(({ personId }) => String(personId))).size).toBe(1);
    const [person] = await t.people({ _id: made[0]!.personId });
    expect(t.features.people.open(person!).phone).toBe('13911112222');
    expect(person).toMatchObject({ rev: 1, importId: run.importId });
    // The same batch again, as after a crash: a form without a rule knows its rows by import and number.
    expect(await t.write(rows, run)).toEqual(['inserted', 'inserted']);
    expect(await t.submissions({ formKey: 'visits' })).toHaveLength(2);
  });

  it('keeps to the importer’s region', async () => {
    const [before] = await counts();
    const rows = [t.row(2, 520, livingIn('110105')), t.row(3, 521, livingIn('440305'))];
    expect(await t.write(rows, t.run({ caller: SOUTH }))).toEqual(['outOfScope', 'inserted']);
    expect((await counts())[0]).toBe(before! + 1);
    // Someone of the other region, under a claim to live here: their record stays as it is.
    await t.features.submissions.create(ROOT_ACTOR, {
      form: DEMO_FORM,
      answers: goodAnswers(522, livingIn('110105')),
    });
    for (const onDuplicate of ['update', 'create', 'review'] as const) {
      const run = t.run({ caller: SOUTH, onDuplicate });
      const [result] = await t.features.submissions.writeMany([t.row(2, 522, livingIn('440305'))], run);
      // Not even whether it is the same is told, or which one.
      expect(result).toEqual({ outcome: 'duplicate', holder: null });
    }
    expect(await submissionModel(t.deps.mongo).countDocuments({ 'scope.createdBy': 'south' })).toBe(1);
  });
});
