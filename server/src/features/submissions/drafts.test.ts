import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeApp, type TestApp } from '../../../test/app.ts';
import type { Browser } from '../../../test/browser.ts';
import { DEMO_FORM, publishForm } from '../../../test/demo-form.ts';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { logInCitizen } from '../../../test/logins.ts';
import { draftModel } from './submissions.model.ts';

let t: TestDeps;
let app: TestApp;
let phone: Browser;
let tablet: Browser;
let stranger: Browser;
const PATH = `/api/citizen/forms/${DEMO_FORM}/draft`;

beforeAll(async () => {
  t = await makeDeps();
  app = await makeApp(t.deps);
  await publishForm(app.features);
  phone = await logInCitizen(app, t.sentCodes, '13900000001');
  t.clock.advance(61_000);
  tablet = await logInCitizen(app, t.sentCodes, '13900000001');
  stranger = await logInCitizen(app, t.sentCodes, '13900000002');
});
afterAll(async () => {
  await app.close();
  await t.close();
});

const draft = (answers: Record<string, unknown>, rev: number, step = 0) => ({ version: 1, answers, step, rev });

describe('a draft', () => {
  it('is gone on with on another device', async () => {
    expect((await phone.get(PATH)).status).toBe(404);
    const saved = await phone.put(PATH, draft({ name: '王', phone: '138' }, 0));
    expect(saved.body).toMatchObject({ rev: 1, step: 0, answers: { name: '王', phone: '138' } });
    const there = await tablet.get(PATH);
    expect(there.body).toEqual(saved.body);
    expect((await tablet.put(PATH, draft({ name: '王小明' }, 1, 2))).body).toMatchObject({ rev: 2, step: 2 });
    expect((await phone.put(PATH, draft({ name: '王五' }, 1))).body.code).toBe('edit_conflict');
    expect((await phone.get(PATH)).body).toMatchObject({ rev: 2, answers: { name: '王小明' } });
  });

  it('is confirmed, not refused, when the same save comes again', async () => {
    expect((await tablet.put(PATH, draft({ name: '王小明' }, 1, 2))).body).toMatchObject({ rev: 2, step: 2 });
    expect((await tablet.put(PATH, draft({ name: '王小明' }, 0, 2))).body.code).toBe('edit_conflict');
  });

  it('is made once by many at once', async () => {
    const saves = await Promise.all(
      Array.from({ length: 5 }, (_, i) => stranger.put(PATH, draft({ name: `甲${i}` }, 0))),
    );
    expect(saves.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
  });

  it('is its account’s alone, sealed, and deleted for good', async () => {
    expect((await stranger.get(PATH)).body.answers.name).toMatch(/^甲/);
    expect(JSON.stringify(await draftModel(t.deps.mongo).find().lean())).not.toContain('王小明');
    expect((await phone.delete(PATH)).status).toBe(204);
    expect((await phone.delete(PATH)).status).toBe(204);
    expect((await tablet.get(PATH)).status).toBe(404);
    expect((await stranger.get(PATH)).status).toBe(200);
  });

  it('takes what is unfinished, and nothing that the form does not know', async () => {
    expect((await phone.put(PATH, draft({ phone: '1', birthDate: '19' }, 0))).status).toBe(200);
    expect((await phone.put(PATH, draft({ nonsense: 1, name: 5 }, 1))).body.issues).toHaveLength(2);
    expect((await phone.put(PATH, { ...draft({}, 1), version: 9 })).status).toBe(404);
  });
});
