import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeApp, type TestApp } from '../../../test/app.ts';
import type { Browser } from '../../../test/browser.ts';
import { goodAnswers } from '../../../test/demo-form.ts';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { logInStaff, makeStaff } from '../../../test/logins.ts';
import { healthDeclaration } from '../../../shared/demo/healthDeclaration.ts';
import { checkForm, type FormContent } from '../../../shared/fields/index.ts';
import { auditModel } from '../audit/audit.model.ts';
import { formVersionModel } from './forms.model.ts';

let t: TestDeps;
let app: TestApp;
let root: Browser;
let someone: Browser;
const PATH = '/api/business/forms';

beforeAll(async () => {
  t = await makeDeps();
  app = await makeApp(t.deps);
  await makeStaff(t.deps, app.features, { name: 'root', can: 'superAdmin' });
  root = await logInStaff(app, 'root');
  someone = app.browser();
});
afterAll(async () => {
  await app.close();
  await t.close();
});

const content = (label: string, field: Record<string, unknown> = {}): FormContent => ({
  title: { 'zh-CN': label },
  steps: [
    {
      key: 'one',
      title: { 'zh-CN': '一' },
      fields: [{ key: 'answer', kind: 'text', label: { 'zh-CN': label }, ...field } as never],
    },
  ],
});
const create = (key: string, given: unknown = content('第一版')) =>
  root.post(PATH, { key, title: { 'zh-CN': key }, content: given });
const save = (key: string, given: unknown, rev: number) =>
  root.put(`${PATH}/${key}/working-version`, { content: given, rev });
const publish = (key: string, rev: number, rollBackTo?: number) =>
  root.post(`${PATH}/${key}/publish`, { rev, ...(rollBackTo ? { rollBackTo } : {}) });
const seen = async (key: string) => (await someone.get(`/api/citizen/forms/${key}`)).body;

describe('forms', () => {
  it('go from working version to published versions, and back to an old one under a new number', async () => {
    expect((await create('visit')).body).toMatchObject({
      key: 'visit',
      currentVersion: null,
      workingVersion: { rev: 1 },
      issues: [],
      versions: [],
    });
    expect((await someone.get('/api/citizen/forms/visit')).status).toBe(404);
    expect((await publish('visit', 1)).body).toMatchObject({
      currentVersion: 1,
      versions: [{ number: 1, publishedBy: 'root' }],
    });
    expect(await seen('visit')).toMatchObject({ version: 1, content: { title: { 'zh-CN': '第一版' } } });

    expect((await save('visit', content('第二版'), 1)).body).toMatchObject({
      currentVersion: 1,
      workingVersion: { rev: 2 },
    });
    expect(await seen('visit')).toMatchObject({ version: 1 });
    await publish('visit', 2);
    expect(await seen('visit')).toMatchObject({ version: 2, content: { title: { 'zh-CN': '第二版' } } });

    const back = await publish('visit', 2, 1);
    expect(back.body).toMatchObject({
      currentVersion: 3,
      workingVersion: { content: { title: { 'zh-CN': '第二版' } } },
    });
    expect(await seen('visit')).toMatchObject({ version: 3, content: { title: { 'zh-CN': '第一版' } } });
    expect((await someone.get('/api/citizen/forms/visit/versions/2')).body.content.title['zh-CN']).toBe('第二版');
    expect(await formVersionModel(t.deps.mongo).countDocuments({ formKey: 'visit' })).toBe(3);
    const actions = (await auditModel(t.deps.mongo).find({ 'object.id': 'visit' }).sort({ _id: 1 }).lean()).map(
      ({ action }) => action,
    );
    expect(actions).toEqual(['form.created', 'form.published', 'form.saved', 'form.published', 'form.published']);
  });

  it('publishes one version when two publish at once', async () => {
    await create('race');
    const answers = await Promise.all([publish('race', 1), publish('race', 1), publish('race', 1)]);
    const numbers = answers.filter(({ status }) => status === 200).map(({ body }) => body.currentVersion);
    expect(numbers.length).toBeGreaterThan(0);
    expect(answers.filter(({ status }) => status !== 200).every(({ body }) => body.code === 'edit_conflict')).toBe(
      true,
    );
    expect(await formVersionModel(t.deps.mongo).countDocuments({ formKey: 'race' })).toBe(new Set(numbers).size);
  });

  it('keeps the work of who saved first', async () => {
    await create('shared');
    const saves = await Promise.all([1, 2, 3].map((n) => save('shared', content(`第${n}人`), 1)));
    expect(saves.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect((await publish('shared', 1)).body.code).toBe('edit_conflict');
    expect((await create('shared')).body.code).toBe('name_taken');
  });

  it('may be unfinished while being worked on, but not published: every fault at its path', async () => {
    const made = await create('broken', {
      title: { 'zh-CN': '坏' },
      steps: [
        {
          key: 'one',
          title: { 'zh-CN': '一' },
          fields: [
            { key: 'Bad', kind: 'text', label: {} },
            { key: 'r', kind: 'radio', label: { 'zh-CN': '选' } },
          ],
        },
      ],
    });
    expect(made.status).toBe(201);
    expect(made.body.issues.length).toBeGreaterThan(1);
    const refused = await publish('broken', 1);
    expect(refused.body).toMatchObject({ status: 422, code: 'invalid_input' });
    expect(refused.body.issues.map(({ path }: { path: string }) => path)).toEqual(
      expect.arrayContaining(['content.steps.0.fields.0.key', 'content.steps.0.fields.1.options']),
    );
    expect(await formVersionModel(t.deps.mongo).countDocuments({ formKey: 'broken' })).toBe(0);
  });

  it('control 30: a pattern that can hang is not published', async () => {
    await create('slow', content('慢', { pattern: '(a+)+' }));
    expect((await publish('slow', 1)).body.issues).toMatchObject([
      { path: 'content.steps.0.fields.0.pattern', code: 'pattern_slow' },
    ]);
  });

  it('never gives a key another kind', async () => {
    await create('kinds');
    await publish('kinds', 1);
    const other = await save('kinds', content('数', { kind: 'integer' }), 1);
    expect(other.body.issues).toMatchObject([
      { path: 'steps.0.fields.0.kind', code: 'kind_changed', params: { kind: 'text' } },
    ]);
    expect((await publish('kinds', 2)).body.issues).toMatchObject([
      { path: 'content.steps.0.fields.0.kind', code: 'kind_changed' },
    ]);
    // Also not after a version without it.
    await save('kinds', content('别的', { key: 'other' }), 2);
    expect((await publish('kinds', 3)).status).toBe(200);
    await save('kinds', content('数', { kind: 'integer' }), 3);
    expect((await publish('kinds', 4)).body.issues).toMatchObject([{ code: 'kind_changed' }]);
  });

  it('close and open again at once', async () => {
    await create('door');
    await publish('door', 1);
    const keys = async () =>
      (await someone.get('/api/citizen/forms')).body.items.map(({ key }: { key: string }) => key);
    expect(await keys()).toContain('door');
    await root.put(`${PATH}/door/status`, { status: 'closed' });
    expect(await keys()).not.toContain('door');
    expect((await someone.get('/api/citizen/forms/door')).body.code).toBe('form_closed');
    await root.put(`${PATH}/door/status`, { status: 'open' });
    expect(await keys()).toContain('door');
  });

  it('have a JSON Schema for the answers of each version', async () => {
    await create('healthDeclaration', healthDeclaration);
    await publish('healthDeclaration', 1);
    const { body: schema } = await root.get(`${PATH}/healthDeclaration/versions/1/schema`);
    const validate = new Ajv2020({ strict: false, formats: { date: true } }).compile(schema);
    const { answers } = checkForm(healthDeclaration, goodAnswers(1), { today: '2026-11-21' });
    expect(validate(answers)).toBe(true);
    expect(validate({ ...answers, vaccineDoses: 'two' })).toBe(false);
    expect(validate({ ...answers, nonsense: 1 })).toBe(false);
    expect((await root.get(`${PATH}/healthDeclaration/versions/2/schema`)).status).toBe(404);
  });

  it('are changed only where the caller may', async () => {
    await makeStaff(t.deps, app.features, {
      name: 'south',
      can: ['form.read', 'form.write', 'form.publish'],
      region: '440000',
    });
    const south = await logInStaff(app, 'south');
    expect((await south.get(`${PATH}/visit`)).status).toBe(200);
    expect((await south.put(`${PATH}/visit/working-version`, { content: content('南'), rev: 2 })).body.code).toBe(
      'forbidden',
    );
    expect((await south.post(`${PATH}/visit/publish`, { rev: 2 })).body.code).toBe('forbidden');
    expect((await south.post(PATH, { key: 'southern', title: { 'zh-CN': '南' } })).body.code).toBe('forbidden');
    expect((await south.post(PATH, { key: 'southern', title: { 'zh-CN': '南' }, region: '440300' })).status).toBe(201);
    expect((await south.put(`${PATH}/southern/working-version`, { content: content('南'), rev: 1 })).status).toBe(200);
  });
});
