import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FormContent } from '../../../shared/fields/index.ts';
import type { Browser } from '../../../test/browser.ts';
import { makeWorld, must, newKey, type World } from '../../../test/factories.ts';
import { submissionModel, type SubmissionDoc } from '../submissions/index.ts';

/** What is stored beside answers and follows from them: lists, searches and the unique rule stand on it. */

const PATH = '/api/business/forms';
let world: World;
let root: Browser;

beforeAll(async () => {
  world = await makeWorld();
  root = await world.staff({ name: 'root' });
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

const send = async (form: string, answers: object) =>
  must(await root.post('/api/business/submissions', { form, answers }, { 'idempotency-key': newKey() }), 201).body
    .id as string;

/** A form of two versions, its records, and the migration between them, counted. */
async function begin(
  key: string,
  [first, second]: [FormContent, FormContent],
  mappings: object[],
  { people, sorts = [] }: { people: object[]; sorts?: string[] },
): Promise<string> {
  must(await root.post(PATH, { key, title: { 'zh-CN': key }, content: first }), 201);
  must(await root.post(`${PATH}/${key}/publish`, { rev: 1 }), 200);
  const settings = { rules: [], review: false, editHours: 0, sorts, rev: 0 };
  must(await root.put(`/api/business/record-settings/${key}`, settings), 200);
  for (const answers of people) await send(key, answers);
  must(await root.put(`${PATH}/${key}/working-version`, { content: second, rev: 1 }), 200);
  must(await root.post(`${PATH}/${key}/publish`, { rev: 2, mappings }), 200);
  const { body } = must(await root.post(`${PATH}/${key}/migrations`, { target: 'current', dropLost: true }), 202);
  await drain();
  return body.id;
}
const drain = () => world.app.features.formMigrations.worker.drain();
async function act(key: string, id: string, action: string) {
  must(await root.post(`${PATH}/${key}/migrations/${id}/${action}`), 200);
  await drain();
  return (await root.get(`${PATH}/${key}/migrations/${id}`)).body;
}
const stored = (formKey: string) =>
  submissionModel(world.deps.mongo).find({ formKey }).sort({ _id: 1 }).lean<SubmissionDoc[]>();
const derived = (doc: SubmissionDoc) => {
  const { version, answersHash, facets, listed, sort, name, phoneIndex, documentIndex, dedupeKey } = doc;
  return { version, answersHash, facets, listed, sort, name, phoneIndex, documentIndex, dedupeKey };
};

const NAME = { key: 'name', required: true, filterable: true, maps: 'person.name' };
const PHONE = { kind: 'phone', required: true, maps: 'person.phone' };
/** Found by equality alone. */
const BADGE = { sensitive: true, filterable: true };
const COLOUR = { key: 'colour', kind: 'radio', required: true, filterable: true };

it('is written by a migration as when the same answers are given, and comes back with an undo', async () => {
  const tel = { required: true, filterable: true };
  const first = content(
    [
      NAME,
      { ...PHONE, key: 'phone' },
      { ...BADGE, key: 'badge' },
      { ...COLOUR, options: options('red', 'blue') },
      { ...tel, key: 'tel' },
    ],
    { dedupe: ['name', 'tel'] },
  );
  const second = content(
    [
      NAME,
      { ...PHONE, key: 'mobile' },
      { ...BADGE, key: 'card' },
      { ...COLOUR, options: options('yellow', 'red') },
      { ...tel, key: 'line' },
    ],
    { dedupe: ['mobile', 'line'] },
  );
  const mappings = [
    { op: 'rename', from: 'phone', to: 'mobile' },
    { op: 'rename', from: 'badge', to: 'card' },
    { op: 'rename', from: 'tel', to: 'line' },
    { op: 'recode', field: 'colour', codes: { blue: 'yellow' } },
  ];
  const people = [
    { name: '甲', phone: '13800138001', badge: 'A1', colour: 'blue', tel: '1' },
    { name: '乙', phone: '13800138002', colour: 'red', tel: '2' },
  ];
  const id = await begin('derived', [first, second], mappings, { people, sorts: ['colour'] });
  const before = (await stored('derived')).map(derived);
  expect(await act('derived', id, 'start')).toMatchObject({ state: 'finished', counts: { changed: 2, moved: 2 } });

  const moved = await stored('derived');
  expect(moved[0]!.sort).not.toEqual(before[0]!.sort);
  // Undone and made again by hand on the new version, they leave just that.
  expect(await act('derived', id, 'undo')).toMatchObject({ undo: { restored: 2, kept: 0 } });
  const back = await stored('derived');
  expect(back.map(derived)).toEqual(before);
  for (const { _id } of back)
    must(await root.delete(`/api/business/submissions/${String(_id)}`, { reason: '再来' }), 204);
  await send('derived', { name: '甲', mobile: '13800138001', card: 'A1', colour: 'yellow', line: '1' });
  await send('derived', { name: '乙', mobile: '13800138002', colour: 'red', line: '2' });
  expect((await stored('derived')).slice(2).map(derived)).toEqual(moved.map(derived));
});

it('lets each take back the place that a later record took when it left', async () => {
  const of = (...codes: string[]) => content([NAME, { ...COLOUR, options: options(...codes) }], { dedupe: ['colour'] });
  const people = [
    { name: '甲', colour: 'red' },
    { name: '乙', colour: 'blue' },
    { name: '丙', colour: 'green' },
  ];
  const mappings = [{ op: 'recode', field: 'colour', codes: { red: 'black', blue: 'red', green: 'blue' } }];
  const id = await begin('chain', [of('red', 'blue', 'green'), of('red', 'blue', 'black')], mappings, { people });
  const before = (await stored('chain')).map(derived);
  const done = await act('chain', id, 'start');
  expect(done).toMatchObject({ state: 'finished', counts: { changed: 3, moved: 3 } });
  expect(done.counts).toEqual(done.check.records);
  expect((await stored('chain')).map(({ answers }) => answers['colour'])).toEqual(['black', 'red', 'blue']);
  expect(await act('chain', id, 'undo')).toMatchObject({ state: 'undone', undo: { restored: 3, kept: 0 } });
  expect((await stored('chain')).map(derived)).toEqual(before);
});
