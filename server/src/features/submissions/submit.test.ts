import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeApp, type TestApp } from '../../../test/app.ts';
import type { Browser } from '../../../test/browser.ts';
import { DEMO_FORM, goodAnswers, once, publishForm, ROOT_ACTOR } from '../../../test/demo-form.ts';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { logInCitizen } from '../../../test/logins.ts';
import { healthDeclaration } from '../../../shared/demo/healthDeclaration.ts';
import { personLinkModel, personModel } from '../people/people.model.ts';
import { draftModel, submissionModel } from './submissions.model.ts';

let t: TestDeps;
let app: TestApp;
const PATH = `/api/citizen/forms/${DEMO_FORM}/submissions`;

beforeAll(async () => {
  t = await makeDeps();
  app = await makeApp(t.deps);
  await publishForm(app.features);
});
afterAll(async () => {
  await app.close();
  await t.close();
});

let phones = 0;
const citizen = (): Promise<Browser> => logInCitizen(app, t.sentCodes, `139${String(10_000_000 + ++phones)}`);
const count = (filter: Record<string, unknown> = {}) => submissionModel(t.deps.mongo).countDocuments(filter);

describe('submitting', () => {
  it('stores the submission with its person, ends the draft, and answers a receipt', async () => {
    const me = await citizen();
    await me.put(`/api/citizen/forms/${DEMO_FORM}/draft`, { version: 1, answers: { name: '王小' }, step: 0, rev: 0 });
    const sent = await me.post(PATH, { version: 1, answers: goodAnswers(100) }, once());
    expect(sent.status).toBe(201);
    expect(sent.body).toMatchObject({
      formKey: DEMO_FORM,
      version: 1,
      status: 'submitted',
      submittedAt: '2026-11-21T02:00:00.000Z',
    });
    expect(sent.body.receiptNumber).toMatch(/^20261121-[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}$/);
    expect(await draftModel(t.deps.mongo).countDocuments()).toBe(0);

    const listed = await me.get('/api/citizen/submissions');
    expect(listed.body.items).toHaveLength(1);
    expect(listed.body.items[0].title['zh-CN']).toBe('健康申报登记');
    const one = await me.get(`/api/citizen/submissions/${sent.body.id}`);
    expect(one.body.answers).toMatchObject({
      phone: goodAnswers(100)['phone'],
      document: goodAnswers(100)['document'],
    });
    expect(one.body.history).toEqual([{ at: '2026-11-21T02:00:00.000Z', action: 'submitted', by: 'citizen' }]);
  });

  it('names every fault at its path', async () => {
    const me = await citizen();
    const bad = await me.post(
      PATH,
      { version: 1, answers: goodAnswers(101, { phone: '123', region: '999999', nonsense: 1, name: '' }) },
      once(),
    );
    expect(bad.status).toBe(422);
    expect(bad.body.code).toBe('invalid_input');
    const codes = Object.fromEntries(
      bad.body.issues.map((issue: { path: string; code: string }) => [issue.path, issue.code]),
    );
    expect(codes).toEqual({
      'answers.phone': 'phone_length',
      'answers.region': 'unknown_region',
      'answers.nonsense': 'unknown_field',
      'answers.name': 'required',
    });
  });

  it('refuses the same document a second time, until the first is withdrawn', async () => {
    const [me, other] = [await citizen(), await citizen()];
    const first = await me.post(PATH, { version: 1, answers: goodAnswers(102) }, once());
    expect((await other.post(PATH, { version: 1, answers: goodAnswers(102) }, once())).body.code).toBe(
      'already_submitted',
    );
    const withdrawn = await me.post(`/api/citizen/submissions/${first.body.id}/withdraw`);
    expect(withdrawn.body).toMatchObject({
      status: 'withdrawn',
      history: [{ action: 'submitted' }, { action: 'withdrawn' }],
    });
    expect((await me.post(PATH, { version: 1, answers: goodAnswers(102) }, once())).status).toBe(201);
  });

  it('leaves one submission when many send the same document at once', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => citizen()));
    const answers = await Promise.all(
      all.map((me) => me.post(PATH, { version: 1, answers: goodAnswers(103) }, once())),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
    expect(new Set(answers.filter(({ status }) => status === 409).map(({ body }) => body.code))).toEqual(
      new Set(['already_submitted']),
    );
  });

  it('takes an older version for a day after the next was published', async () => {
    const me = await citizen();
    await publishForm(app.features, 'aging', { ...healthDeclaration, dedupe: [] });
    await app.features.forms.publish(ROOT_ACTOR, 'aging', 1);
    const send = (version: number, index: number) =>
      me.post('/api/citizen/forms/aging/submissions', { version, answers: goodAnswers(index) }, once());
    expect((await send(1, 110)).body).toMatchObject({ version: 1 });
    expect((await send(2, 111)).body).toMatchObject({ version: 2 });
    expect((await send(3, 112)).body).toMatchObject({ code: 'version_outdated', params: { current: 2 } });
    t.clock.advance(25 * 3_600_000);
    expect((await send(1, 113)).body).toMatchObject({ code: 'version_outdated', params: { current: 2 } });
    expect((await send(2, 113)).status).toBe(201);
    t.clock.advance(-25 * 3_600_000);
  });
});

describe('control 51: one record per Idempotency-Key', () => {
  it('needs a key', async () => {
    const me = await citizen();
    expect((await me.post(PATH, { version: 1, answers: goodAnswers(120) })).body.code).toBe('idempotency_key_missing');
  });

  it('gives the same answer again, also a refusal, and refuses another body', async () => {
    const me = await citizen();
    const key = once();
    const first = await me.post(PATH, { version: 1, answers: goodAnswers(121) }, key);
    const again = await me.post(PATH, { version: 1, answers: goodAnswers(121) }, key);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await me.post(PATH, { version: 1, answers: goodAnswers(122) }, key)).body).toMatchObject({
      status: 422,
      code: 'key_reused',
    });

    const refused = once();
    expect((await me.post(PATH, { version: 1, answers: goodAnswers(121) }, refused)).body.code).toBe(
      'already_submitted',
    );
    await me.post(`/api/citizen/submissions/${first.body.id}/withdraw`);
    expect((await me.post(PATH, { version: 1, answers: goodAnswers(121) }, refused)).body.code).toBe(
      'already_submitted',
    );
  });

  it('leaves one record when the same key comes ten times at once', async () => {
    const me = await citizen();
    const key = once();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => me.post(PATH, { version: 1, answers: goodAnswers(123) }, key)),
    );
    const done = answers.filter(({ status }) => status === 201);
    expect(done.length).toBeGreaterThan(0);
    expect(new Set(done.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ status }) => status !== 201).every(({ body }) => body.code === 'in_progress')).toBe(true);
    expect(
      await count({
        name: goodAnswers(123)['name'],
        documentIndex: { $exists: true },
        accountId: { $ne: null },
        receiptNumber: done[0]!.body.receiptNumber,
      }),
    ).toBe(1);
  });
});

describe('people behind submissions', () => {
  it('links the account to those whom it registers first, and to nobody who was there before', async () => {
    const [me, other] = [await citizen(), await citizen()];
    const links = personLinkModel(t.deps.mongo);
    const before = await links.countDocuments();
    const mine = await me.post(PATH, { version: 1, answers: goodAnswers(130) }, once());
    await me.post(PATH, { version: 1, answers: goodAnswers(131) }, once());
    expect(await links.find().sort({ _id: -1 }).limit(2).lean()).toMatchObject([
      { relation: 'family' },
      { relation: 'self' },
    ]);
    await me.post(`/api/citizen/submissions/${mine.body.id}/withdraw`);

    const claim = await other.post(PATH, { version: 1, answers: goodAnswers(130, { phone: '13999999999' }) }, once());
    expect(claim.status).toBe(201);
    expect(await links.countDocuments()).toBe(before + 2);
    const stored = await submissionModel(t.deps.mongo).findById(claim.body.id).lean();
    expect(stored).toMatchObject({ personId: null, claimed: true });
    const person = await personModel(t.deps.mongo)
      .findOne({ documentIndex: stored!.documentIndex!, deletedAt: null })
      .lean();
    expect(app.features.people.open(person!).phone).toBe(goodAnswers(130)['phone']);
    expect(person!.rev).toBe(1);
  });

  it('changes the person when the linked account sends newer facts', async () => {
    const me = await citizen();
    const first = await me.post(PATH, { version: 1, answers: goodAnswers(132) }, once());
    await me.post(`/api/citizen/submissions/${first.body.id}/withdraw`);
    await me.post(
      PATH,
      {
        version: 1,
        answers: goodAnswers(132, {
          phone: '13888888888',
          region: '110105',
          stay: { region: '110105', detail: '建国路 1 号' },
        }),
      },
      once(),
    );
    const stored = await submissionModel(t.deps.mongo).findById(first.body.id).lean();
    const person = await personModel(t.deps.mongo).findById(stored!.personId).lean();
    expect(app.features.people.open(person!)).toMatchObject({ phone: '13888888888', region: '110105' });
    expect(person).toMatchObject({ rev: 2, scope: { regionPath: ['110000', '110100', '110105'] } });
  });
});

describe('what is not mine', () => {
  it('does not exist: read, withdraw, list', async () => {
    const [me, other] = [await citizen(), await citizen()];
    const mine = await me.post(PATH, { version: 1, answers: goodAnswers(140) }, once());
    expect((await other.get(`/api/citizen/submissions/${mine.body.id}`)).status).toBe(404);
    expect((await other.post(`/api/citizen/submissions/${mine.body.id}/withdraw`)).status).toBe(404);
    expect((await other.get('/api/citizen/submissions')).body.items).toEqual([]);
    expect((await app.browser().get(`/api/citizen/submissions/${mine.body.id}`)).status).toBe(401);
  });
});
