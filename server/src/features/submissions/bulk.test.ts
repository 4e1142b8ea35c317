import { Types } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { DEMO_FORM, goodAnswers, publishForm, ROOT, ROOT_ACTOR } from '../../../test/demo-form.ts';
import { checkForm } from '../../../shared/fields/index.ts';
import type { StaffCaller } from '../../http/index.ts';
import { createFeatures, type Features } from '../index.ts';
import { personModel } from '../people/index.ts';
import type { PublishedVersion } from '../forms/index.ts';
import { submissionModel } from './submissions.model.ts';
import type { ImportRun } from './submissions.rows.ts';

let t: TestDeps;
let features: Features;
let form: PublishedVersion;
const SOUTH: StaffCaller = {
  ...ROOT,
  accountId: 'south',
  name: 'south',
  grants: [{ ...ROOT.grants[0]!, region: '440000' }],
};

beforeAll(async () => {
  t = await makeDeps();
  features = createFeatures(t.deps);
  await publishForm(features);
  form = (await features.forms.version(DEMO_FORM, 1))!;
});
afterAll(() => t.close());

const at = (region: string) => ({ region, stay: { region, detail: '人民路 1 号' } });
const row = (number: number, index: number, change: Record<string, unknown> = {}) => ({
  row: number,
  answers: checkForm(form.content, goodAnswers(index, change), {
    today: '2026-11-21',
    regions: features.regions.lookup,
  }).answers,
});
const run = (change: Partial<ImportRun> = {}): ImportRun => ({
  caller: ROOT,
  form,
  importId: new Types.ObjectId(),
  onDuplicate: 'skip',
  ...change,
});
const write = async (rows: ReturnType<typeof row>[], how: ImportRun) =>
  (await features.submissions.writeMany(rows, how)).map(({ outcome }) => outcome);
const counts = async () => [
  await submissionModel(t.deps.mongo).countDocuments(),
  await personModel(t.deps.mongo).countDocuments(),
];

describe('writing the rows of an import', () => {
  it('makes submissions and people, complete documents as the models have them', async () => {
    const rows = Array.from({ length: 50 }, (_, i) => row(i + 2, 400 + i));
    const how = run();
    expect(await write(rows, how)).toEqual(rows.map(() => 'inserted'));
    expect(await counts()).toEqual([50, 50]);
    const submissions = await submissionModel(t.deps.mongo).find();
    for (const doc of submissions) await doc.validate();
    for (const doc of await personModel(t.deps.mongo).find()) await doc.validate();
    expect(features.submissions.open(submissions[0]!.toObject())).toEqual(rows[0]!.answers);

    // Cut after the write and before the checkpoint: the batch runs again.
    expect(await write(rows, how)).toEqual(rows.map(() => 'inserted'));
    expect(await counts()).toEqual([50, 50]);
  });

  it('skips what is there, or changes it, once', async () => {
    const rows = [row(2, 400), row(3, 401, { phone: '13911110001', remark: '已更新' }), row(4, 500)];
    expect(await write(rows, run())).toEqual(['unchanged', 'duplicate', 'inserted']);
    const update = run({ onDuplicate: 'update' });
    expect(await write(rows.slice(0, 2), update)).toEqual(['unchanged', 'updated']);
    expect(await write(rows.slice(0, 2), update)).toEqual(['unchanged', 'updated']);
    const changed = await submissionModel(t.deps.mongo)
      .findOne({ changedBy: { $exists: true } })
      .lean();
    expect(changed).toMatchObject({ rev: 2, changedBy: { row: 3 }, answers: { remark: '已更新' } });
    expect(changed!.history.map(({ action, keys }) => [action, keys.length > 1])).toEqual([
      ['imported', false],
      ['imported', true],
    ]);
    const person = await personModel(t.deps.mongo).findById(changed!.personId).lean();
    expect(features.people.open(person!).phone).toBe('13911110001');
    expect(person!.rev).toBe(2);
  });

  it('takes the first of two rows with the same document', async () => {
    expect(await write([row(2, 510), row(3, 510, { remark: '第二行' })], run({ onDuplicate: 'update' }))).toEqual([
      'inserted',
      'duplicate',
    ]);
    expect(await write([row(2, 511)], run())).toEqual(['inserted']);
  });

  it('keeps to the importer’s region', async () => {
    const [before] = await counts();
    const rows = [row(2, 520, at('110105')), row(3, 521, at('440305'))];
    expect(await write(rows, run({ caller: SOUTH }))).toEqual(['outOfScope', 'inserted']);
    expect((await counts())[0]).toBe(before! + 1);
    // Someone of the other region, under a claim to live here: their record stays as it is.
    await features.submissions.create(ROOT_ACTOR, { form: DEMO_FORM, answers: goodAnswers(522, at('110105')) });
    expect(await write([row(2, 522, at('440305'))], run({ caller: SOUTH, onDuplicate: 'update' }))).toEqual([
      'duplicate',
    ]);
    expect(await submissionModel(t.deps.mongo).countDocuments({ 'scope.createdBy': 'south' })).toBe(1);
  });
});
