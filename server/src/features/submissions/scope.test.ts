import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeApp, type TestApp } from '../../../test/app.ts';
import type { Browser } from '../../../test/browser.ts';
import { DEMO_FORM, goodAnswers, publishForm, ROOT_ACTOR } from '../../../test/demo-form.ts';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { logInStaff, makeStaff } from '../../../test/logins.ts';
import { SENSITIVE_KEYS } from '../people/index.ts';
import { submissionModel } from './submissions.model.ts';

let t: TestDeps;
let app: TestApp;
let south: Browser;
let north: Browser;
let nobody: Browser;
/** A submission and a person of each region. */
const ids: Record<'south' | 'north', { submission: string; person: string }> = {
  south: { submission: '', person: '' },
  north: { submission: '', person: '' },
};

const at = (region: string) => ({ region, stay: { region, detail: '人民路 1 号' } });

beforeAll(async () => {
  t = await makeDeps();
  app = await makeApp(t.deps);
  await publishForm(app.features);
  await makeStaff(t.deps, app.features, { name: 'south', can: 'superAdmin', region: '440000' });
  await makeStaff(t.deps, app.features, { name: 'north', can: 'superAdmin', region: '110000' });
  await makeStaff(t.deps, app.features, { name: 'nobody', can: [] });
  [south, north, nobody] = [
    await logInStaff(app, 'south'),
    await logInStaff(app, 'north'),
    await logInStaff(app, 'nobody'),
  ];
  for (const [name, region, index] of [
    ['south', '440305', 200],
    ['north', '110105', 201],
  ] as const) {
    const doc = await app.features.submissions.create(ROOT_ACTOR, {
      form: DEMO_FORM,
      answers: goodAnswers(index, at(region)),
    });
    ids[name] = { submission: String(doc._id), person: String(doc.personId) };
  }
});
afterAll(async () => {
  await app.close();
  await t.close();
});

const idsOf = async (browser: Browser, path: string) =>
  (await browser.get(path)).body.items.map(({ id }: { id: string }) => id) as string[];

describe('control 24: two administrators of different regions', () => {
  it('see nothing of each other in lists, filters and counts', async () => {
    expect(await idsOf(south, '/api/business/submissions')).toEqual([ids.south.submission]);
    expect(await idsOf(north, '/api/business/submissions')).toEqual([ids.north.submission]);
    expect(await idsOf(south, '/api/business/people')).toEqual([ids.south.person]);
    expect(await idsOf(north, '/api/business/people')).toEqual([ids.north.person]);
    const other = goodAnswers(200);
    const number = (other['document'] as { number: string }).number;
    const queries = [
      `q=${String(other['name'])}`,
      `phone=${String(other['phone'])}`,
      `document=${number}`,
      'region=440000',
      'deleted=true',
    ];
    for (const query of queries) {
      expect(await idsOf(north, `/api/business/people?${query}`)).toEqual([]);
      expect(await idsOf(north, `/api/business/submissions?${query}`)).toEqual([]);
    }
    for (const query of [
      `form=${DEMO_FORM}&facet=region:440305`,
      `person=${ids.south.person}`,
      'from=2020-01-01&status=submitted&region=440305',
    ]) {
      expect(await idsOf(north, `/api/business/submissions?${query}`)).toEqual([]);
      expect(await idsOf(south, `/api/business/submissions?${query}`)).toEqual([ids.south.submission]);
    }
    for (const path of ['/api/business/people', '/api/business/submissions'])
      expect((await north.get(`${path}?count=true`)).body.total).toEqual({ count: 1, capped: false });
    expect((await north.get('/api/business/overview')).body).toMatchObject({
      submissions: 1,
      submissionsToday: 1,
      people: 1,
    });
  });

  it('find nothing by id: read, edit, delete, restore, reveal, timeline', async () => {
    const before = await submissionModel(t.deps.mongo).findById(ids.south.submission).lean();
    const [submission, person] = [
      `/api/business/submissions/${ids.south.submission}`,
      `/api/business/people/${ids.south.person}`,
    ];
    const answers = [
      await north.get(submission),
      await north.put(submission, { answers: goodAnswers(200), rev: 1 }),
      await north.delete(submission, { reason: '试一试' }),
      await north.post(`${submission}/restore`),
      await north.post(`${submission}/reveal`, { fields: ['phone'], reason: '试一试' }),
      await north.get(person),
      await north.put(person, { name: '新名', rev: 1 }),
      await north.delete(person, { reason: '试一试' }),
      await north.post(`${person}/restore`),
      await north.post(`${person}/reveal`, { fields: [...SENSITIVE_KEYS], reason: '试一试' }),
      await north.get(`${person}/timeline`),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
    expect(await submissionModel(t.deps.mongo).findById(ids.south.submission).lean()).toEqual(before);
  });

  it('can’t write into each other’s region, nor move a record there', async () => {
    const made = await north.post('/api/business/submissions', {
      form: DEMO_FORM,
      answers: goodAnswers(210, at('440305')),
    });
    expect(made.body.code).toBe('forbidden');
    expect((await north.post('/api/business/people', { name: '甲', region: '440305' })).body.code).toBe('forbidden');
    const { body: own } = await north.get(`/api/business/submissions/${ids.north.submission}`);
    const moved = await north.put(`/api/business/submissions/${ids.north.submission}`, {
      answers: {
        ...own.answers,
        phone: undefined,
        document: undefined,
        birthDate: undefined,
        emergencyName: undefined,
        emergencyPhone: undefined,
        ...at('440305'),
      },
      rev: own.rev,
    });
    expect(moved.body.code).toBe('forbidden');
    expect(
      (await north.put(`/api/business/people/${ids.north.person}`, { name: '甲', region: '440305', rev: 1 })).body.code,
    ).toBe('forbidden');
    expect(await idsOf(south, '/api/business/submissions')).toEqual([ids.south.submission]);
  });

  it('neither change nor learn of a person of the other region through a submission', async () => {
    const answers = goodAnswers(201, { ...at('440305'), phone: '13912345678' });
    await south.post('/api/business/people', { name: '甲' });
    // Another form, so that the rule against a second submission does not come first.
    const content = (await app.features.forms.published(DEMO_FORM))!.content;
    await publishForm(app.features, 'visit', { ...content, dedupe: [] });
    const made = await south.post('/api/business/submissions', { form: 'visit', answers });
    expect(made.body).toMatchObject({ personId: null, claimed: true });
    const { body: person } = await north.get(`/api/business/people/${ids.north.person}`);
    expect(person).toMatchObject({ rev: 1, region: '110105' });
  });

  it('without a role, nothing is reachable', async () => {
    for (const path of ['submissions', 'people', 'forms', 'overview'])
      expect((await nobody.get(`/api/business/${path}`)).status).toBe(403);
  });

  it('a record without a region belongs to administrators of everywhere only', async () => {
    const content = {
      title: { 'zh-CN': '意见' },
      steps: [
        {
          key: 'one',
          title: { 'zh-CN': '一' },
          fields: [{ key: 'text', kind: 'text' as const, label: { 'zh-CN': '字' } }],
        },
      ],
    };
    await publishForm(app.features, 'opinion', content);
    const { body } = await south.post('/api/business/submissions', { form: 'opinion', answers: { text: '好' } });
    expect(await idsOf(south, '/api/business/submissions?form=opinion')).toEqual([body.id]);
    await app.features.submissions.create(ROOT_ACTOR, { form: 'opinion', answers: { text: '不好' } });
    expect(await idsOf(south, '/api/business/submissions?form=opinion')).toEqual([body.id]);
    expect(await idsOf(north, '/api/business/submissions?form=opinion')).toEqual([]);
  });
});
