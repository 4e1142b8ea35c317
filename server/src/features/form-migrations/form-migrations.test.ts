import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FormContent } from '../../../shared/fields/index.ts';
import type { Browser } from '../../../test/browser.ts';
import { makeWorld, must, newKey, type World } from '../../../test/factories.ts';
import { logInStaff } from '../../../test/logins.ts';
import { draftModel, submissionModel, type SubmissionDoc } from '../submissions/index.ts';

const PATH = '/api/business/forms';
let world: World;
let root: Browser;
let citizen: Browser;

beforeAll(async () => {
  world = await makeWorld();
  root = await world.staff({ name: 'root' });
  citizen = await world.citizen();
});
afterAll(() => world.close());

const options = (...codes: string[]) => codes.map((code) => ({ code, label: { 'zh-CN': code } }));
const content = (fields: Record<string, unknown>[], more: Partial<FormContent> = {}): FormContent => ({
  title: { 'zh-CN': '来访登记' },
  steps: [
    {
      key: 'one',
      title: { 'zh-CN': '一' },
      fields: fields.map((field) => ({ kind: 'text', label: { 'zh-CN': String(field['key']) }, ...field }) as never),
    },
  ],
  ...more,
});
const OLD = [
  { key: 'name', required: true, filterable: true },
  { key: 'secret', sensitive: true },
  { key: 'colour', kind: 'radio', options: options('red', 'blue'), filterable: true },
  { key: 'tel' },
];
/** One option less, and a field under another key. */
const NEW = [OLD[0]!, OLD[1]!, { ...OLD[2]!, options: options('red') }, { key: 'phone', label: { 'zh-CN': 'tel' } }];
const RENAME = [{ op: 'rename', from: 'tel', to: 'phone' }];

async function begin(key: string, first: FormContent, people: Record<string, unknown>[]): Promise<void> {
  must(await root.post(PATH, { key, title: { 'zh-CN': key }, content: first }), 201);
  must(await root.post(`${PATH}/${key}/publish`, { rev: 1 }), 200);
  for (const answers of people)
    must(await root.post('/api/business/submissions', { form: key, answers }, { 'idempotency-key': newKey() }), 201);
}
const work = async (key: string, next: FormContent, rev = 1) =>
  must(await root.put(`${PATH}/${key}/working-version`, { content: next, rev }), 200);
async function check(key: string, input: object) {
  const { body } = must(await root.post(`${PATH}/${key}/migrations`, input), 202);
  await drain();
  return (await root.get(`${PATH}/${key}/migrations/${body.id}`)).body;
}
const drain = () => world.app.features.formMigrations.worker.drain();
const act = async (key: string, id: string, action: string) => {
  const answer = await root.post(`${PATH}/${key}/migrations/${id}/${action}`);
  await drain();
  return answer.status === 200 ? (await root.get(`${PATH}/${key}/migrations/${id}`)).body : answer.body;
};
const submitAs = (who: Browser, form: string, answers: object) =>
  who.post(`/api/citizen/forms/${form}/submissions`, { version: 1, answers }, { 'idempotency-key': newKey() });
const stored = (formKey: string) =>
  submissionModel(world.deps.mongo).find({ formKey }).sort({ _id: 1 }).lean<SubmissionDoc[]>();
/** What is stored, in clear, without what differs by nature. */
const clear = async (formKey: string) =>
  (await stored(formKey)).map((doc) => {
    const { version, answersHash, facets, name, dedupeKey, status, receiptNumber } = doc;
    return {
      ...{ version, answersHash, facets, name, dedupeKey, status, receiptNumber },
      answers: world.app.features.submissions.open(doc),
    };
  });

const PEOPLE = [
  { name: '甲', secret: 's1', colour: 'red', tel: '1' },
  { name: '乙', secret: 's2', colour: 'blue', tel: '2' },
  { name: '丙', colour: 'blue' },
  { name: '丁' },
];

describe('what a new version touches', () => {
  it('is counted before it is published, with samples, and nothing is written', async () => {
    await begin('counted', content(OLD), PEOPLE);
    must(
      await citizen.put('/api/citizen/forms/counted/draft', {
        version: 1,
        answers: { name: '草', colour: 'blue' },
        step: 0,
        rev: 0,
      }),
      200,
    );
    await work('counted', content(NEW));
    const before = await clear('counted');
    const found = await check('counted', { target: 'working', rev: 2, mappings: RENAME });
    expect(found).toMatchObject({
      state: 'checked',
      version: null,
      check: {
        records: { read: 4, same: 1, changed: 1, lossy: 2, incomplete: 0, duplicate: 0, moved: 2 },
        drafts: { read: 1, lossy: 1 },
        losses: [{ key: 'colour', code: 'unknown_option', missing: false, records: 2, drafts: 1 }],
      },
      samples: [
        {
          outcome: 'lossy',
          lost: [{ key: 'colour', label: { 'zh-CN': 'colour' }, value: 'blue' }],
          before: [
            { key: 'colour', text: 'blue' },
            { key: 'tel', text: '2' },
          ],
          after: [{ key: 'phone', label: { 'zh-CN': 'tel' }, text: '2' }],
        },
        { outcome: 'lossy', before: [{ key: 'colour', text: 'blue' }], after: [] },
        { outcome: 'changed', before: [{ key: 'tel', text: '1' }], after: [{ key: 'phone', text: '1' }] },
      ],
      // It is not published yet.
      actions: [],
    });
    expect(await clear('counted')).toEqual(before);
    expect((await root.post(`${PATH}/counted/migrations/${found.id}/start`)).body.code).toBe('dry_run_needed');
  });

  it('names what would be missing', async () => {
    await begin('missing', content(OLD), PEOPLE);
    await work('missing', content([...OLD, { key: 'extra', required: true }]));
    expect(await check('missing', { target: 'working', rev: 2 })).toMatchObject({
      check: {
        records: { incomplete: 4, moved: 0 },
        losses: [{ key: 'extra', code: 'required', missing: true, records: 4 }],
      },
    });
    const filled = [{ op: 'default', field: 'extra', value: '无' }];
    expect(await check('missing', { target: 'working', rev: 2, mappings: filled })).toMatchObject({
      check: { records: { changed: 4, moved: 4 } },
    });
  });

  it('is refused for what could not be published, and for mappings that fit nothing', async () => {
    await begin('refused', content(OLD), []);
    await work('refused', content([{ key: 'Bad' }]));
    const call = (input: object) => root.post(`${PATH}/refused/migrations`, input);
    expect((await call({ target: 'working', rev: 2 })).body.issues).toMatchObject([
      { path: 'content.steps.0.fields.0.key' },
    ]);
    expect((await call({ target: 'working', rev: 1 })).body.code).toBe('edit_conflict');
    expect(
      (await call({ target: 'current', mappings: [{ op: 'rename', from: 'x', to: 'y' }] })).body.issues[0],
    ).toMatchObject({
      path: 'body.mappings.0.from',
    });
    const south = await world.staff({ can: ['form.read', 'form.publish'], region: '440000' });
    expect((await south.post(`${PATH}/refused/migrations`, { target: 'current', dropLost: false })).body.code).toBe(
      'forbidden',
    );
  });
});

describe('samples', () => {
  it('show no more of an answer under its new key than of what it was made of', async () => {
    await begin('samples', content(OLD), PEOPLE.slice(0, 1));
    must(
      await root.put('/api/business/record-settings/samples', {
        rules: [{ role: '*', field: 'tel', see: 'hide', write: false }],
        review: false,
        editHours: 0,
        sorts: [],
        rev: 0,
      }),
      200,
    );
    await work('samples', content([...OLD.slice(0, 3), { key: 'phone' }]));
    const clerk = await world.staff({ can: ['form.read', 'submission.read'] });
    const found = await check('samples', { target: 'working', rev: 2, mappings: RENAME });
    const seen = must(await clerk.get(`${PATH}/samples/migrations/${found.id}`), 200).body;
    expect(seen.samples).toMatchObject([{ outcome: 'changed', before: [], after: [] }]);
    const joined = [{ op: 'merge', from: ['secret', 'tel'], to: 'phone', by: ' ' }];
    const merged = await check('samples', { target: 'working', rev: 2, mappings: joined });
    const [sample] = (await clerk.get(`${PATH}/samples/migrations/${merged.id}`)).body.samples;
    expect(sample.after).toEqual([]);
    expect(JSON.stringify(sample)).not.toContain('s1');
  });
});

describe('a migration', () => {
  let id = '';

  it('does what its dry run said, and keeps every original beside', async () => {
    await begin('moved', content(OLD), PEOPLE);
    await work('moved', content(NEW));
    const counted = await check('moved', { target: 'working', rev: 2, mappings: RENAME, dropLost: true });
    id = counted.id;
    must(await root.post(`${PATH}/moved/publish`, { rev: 2, mappings: RENAME }), 200);
    const before = await stored('moved');
    const done = await act('moved', id, 'start');
    expect(done).toMatchObject({ state: 'finished', version: 2, counts: counted.check.records });
    expect(done.counts).toMatchObject({ read: 4, moved: 4, lossy: 2, changed: 1, same: 1 });
    const samples = (seen: { samples: Record<string, unknown>[] }) =>
      seen.samples.map(({ before, after, receiptNumber }) => ({ before, after, receiptNumber }));
    expect(samples(done)).toEqual(samples(counted));

    const after = await stored('moved');
    expect((await clear('moved')).map(({ answers, version }) => ({ ...answers, version }))).toEqual([
      { name: '甲', secret: 's1', colour: 'red', phone: '1', version: 2 },
      { name: '乙', secret: 's2', phone: '2', version: 2 },
      { name: '丙', version: 2 },
      { name: '丁', version: 2 },
    ]);
    expect(after[1]!.facets).toEqual([{ k: 'name', v: '乙' }]);
    const { migration, open } = world.app.features.submissions;
    expect(after.map((doc) => migration.originals(doc).map(({ answers }) => answers))).toEqual([
      ...before.slice(0, 3).map((doc) => [open(doc)]),
      [null],
    ]);
    // Sealed like everything else that is sensitive.
    expect(JSON.stringify(after)).not.toContain('"s1"');
  });

  it('shows under which rules a record was, and its answers before, to who may see them', async () => {
    const [, second] = await stored('moved');
    const { body } = await root.get(`/api/business/submissions/${second!._id}/versions`);
    expect(body).toMatchObject({
      version: 2,
      rules: [{ version: 1 }, { version: 2, until: null }],
      originals: [{ version: 1, migrationId: id }],
    });
    const seen = Object.fromEntries(
      body.originals[0].answers.map(({ key, text }: { key: string; text: string }) => [key, text]),
    );
    expect(seen).toMatchObject({ name: '乙', colour: 'blue', tel: '2' });
    expect(seen.secret).not.toBe('s2');
    const history = (await root.get(`/api/business/submissions/${second!._id}`)).body.history;
    expect(history[0]).toMatchObject({ action: 'migrated', by: { name: 'root' } });
  });

  it('gives back every original answer; what somebody changed since stays', async () => {
    const docs = await stored('moved');
    const changed = docs[0]!;
    must(
      await root.put(`/api/business/submissions/${changed._id}`, {
        answers: { name: '甲二', colour: 'red', phone: '1' },
        rev: changed.rev,
      }),
      200,
    );
    const undone = await act('moved', id, 'undo');
    expect(undone).toMatchObject({ state: 'undone', undo: { restored: 3, kept: 1 }, actions: [] });
    expect((await clear('moved')).map(({ answers, version }) => ({ ...answers, version }))).toEqual([
      { name: '甲二', secret: 's1', colour: 'red', phone: '1', version: 2 },
      { name: '乙', secret: 's2', colour: 'blue', tel: '2', version: 1 },
      { name: '丙', colour: 'blue', version: 1 },
      { name: '丁', version: 1 },
    ]);
    expect((await stored('moved'))[1]!.facets).toEqual([
      { k: 'name', v: '乙' },
      { k: 'colour', v: 'blue' },
    ]);
  });

  it('leaves what would lose answers where it is, unless told otherwise', async () => {
    const again = await check('moved', { target: 'current' });
    expect(await act('moved', again.id, 'start')).toMatchObject({
      state: 'finished',
      counts: { read: 3, lossy: 2, same: 1, moved: 1 },
    });
    expect((await stored('moved')).map(({ version }) => version)).toEqual([2, 1, 1, 2]);
  });

  it('never puts two records in one place: the later one stays under its version', async () => {
    await begin('unique', content(OLD), [
      { name: '甲', tel: '1' },
      { name: '甲', tel: '2' },
      { name: '乙', tel: '1' },
    ]);
    await work('unique', content(OLD, { dedupe: ['name'] }));
    must(await root.post(`${PATH}/unique/publish`, { rev: 2 }), 200);
    const counted = await check('unique', { target: 'current' });
    expect(counted.check.records).toMatchObject({ same: 2, duplicate: 1, moved: 2 });
    const done = await act('unique', counted.id, 'start');
    expect(done.counts).toEqual(counted.check.records);
    expect((await stored('unique')).map(({ version }) => version)).toEqual([2, 1, 2]);
    expect((await root.post('/api/business/submissions', { form: 'unique', answers: { name: '乙' } })).body.code).toBe(
      'already_submitted',
    );
    expect(await act('unique', counted.id, 'undo')).toMatchObject({ undo: { restored: 2, kept: 0 } });
    expect((await stored('unique')).every(({ dedupeKey }) => dedupeKey === undefined)).toBe(true);
  });

  it('judges a record as of the day it was given', async () => {
    const dated = (min: string) => content([{ key: 'name' }, { key: 'day', kind: 'date', min }]);
    await begin('dated', dated('today-100d'), [{ name: '甲', day: '2026-11-20' }]);
    world.clock.set('2026-12-10T02:10:00Z');
    root = await logInStaff(world.app, 'root');
    await work('dated', dated('today-5d'));
    must(await root.post(`${PATH}/dated/publish`, { rev: 2 }), 200);
    await submissionModel(world.deps.mongo).updateOne(
      { formKey: 'dated' },
      { $set: { submittedAt: new Date('2026-11-21T02:00:00Z') } },
    );
    expect((await check('dated', { target: 'current' })).check.records).toMatchObject({ same: 1, lossy: 0 });
  });

  it('control 61: leaves out who has withdrawn, and carries no consent to another text', async () => {
    const consent = (words: string) =>
      content([{ key: 'name' }, { key: 'agree', kind: 'consent', label: { 'zh-CN': words }, required: true }]);
    await begin('agreed', consent('同意甲'), [{ name: '甲', agree: true }]);
    citizen = await world.citizen();
    must(await submitAs(citizen, 'agreed', { name: '乙', agree: true }), 201);
    const [, second] = await stored('agreed');
    await work('agreed', consent('同意甲和乙'));
    must(await root.post(`${PATH}/agreed/publish`, { rev: 2 }), 200);
    expect((await check('agreed', { target: 'current' })).check.records).toMatchObject({
      read: 2,
      incomplete: 2,
      moved: 0,
    });
    await work('agreed', consent('同意甲'), 2);
    must(await root.post(`${PATH}/agreed/publish`, { rev: 3 }), 200);
    must(await citizen.post(`/api/citizen/submissions/${second!._id}/withdraw`), 200);
    const again = await check('agreed', { target: 'current' });
    expect(again.check.records).toMatchObject({ read: 1, same: 1 });
    expect((await act('agreed', again.id, 'start')).counts).toMatchObject({ read: 1, moved: 1 });
    expect((await stored('agreed')).map(({ version }) => version)).toEqual([3, 1]);
  });

  it('takes the right for everywhere, and one writes at a time', async () => {
    const south = await world.staff({ can: ['form.read', 'form.publish', 'form.migrate'], region: '440000' });
    const counted = await check('counted', { target: 'current' });
    expect((await south.post(`${PATH}/counted/migrations/${counted.id}/start`)).body.code).toBe('forbidden');
    const other = await check('counted', { target: 'current' });
    must(await root.post(`${PATH}/counted/migrations/${counted.id}/start`), 200);
    expect((await root.post(`${PATH}/counted/migrations/${other.id}/start`)).body.code).toBe('conflict');
    must(await root.post(`${PATH}/counted/migrations/${counted.id}/stop`), 200);
    expect((await root.post(`${PATH}/counted/migrations/${other.id}/start`)).body.code).toBe('conflict');
    expect(await act('counted', counted.id, 'resume')).toMatchObject({ state: 'finished' });
    expect((await root.get(`${PATH}/counted/migrations`)).body.items).toHaveLength(3);
  });

  it('touches no draft: it is carried over when it is opened', async () => {
    const draft = await draftModel(world.deps.mongo).findOne({ formKey: 'counted' }).lean();
    expect(draft).toMatchObject({ version: 1, rev: 1 });
  });
});
