import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeApp, type TestApp } from '../../../test/app.ts';
import type { Browser } from '../../../test/browser.ts';
import { DEMO_FORM, goodAnswers, once, publishForm } from '../../../test/demo-form.ts';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { logInStaff, makeStaff } from '../../../test/logins.ts';
import { auditModel } from '../audit/audit.model.ts';
import { submissionModel } from './submissions.model.ts';

let t: TestDeps;
let app: TestApp;
let root: Browser;
const PATH = '/api/business/submissions';

beforeAll(async () => {
  t = await makeDeps();
  app = await makeApp(t.deps);
  await publishForm(app.features);
  await makeStaff(t.deps, app.features, { name: 'root', can: 'superAdmin' });
  root = await logInStaff(app, 'root');
});
afterAll(async () => {
  await app.close();
  await t.close();
});

const add = async (index: number, change: Record<string, unknown> = {}) => {
  const made = await root.post(PATH, { form: DEMO_FORM, answers: goodAnswers(index, change) }, once());
  expect(made.body).toMatchObject({ status: 'submitted', source: 'staff' });
  return made.body as {
    id: string;
    answers: Record<string, unknown>;
    rev: number;
    sensitive: string[];
    receiptNumber: string;
  };
};
/** What an editor sends back: what it can see. */
const visible = ({ answers, sensitive }: { answers: Record<string, unknown>; sensitive: string[] }) =>
  Object.fromEntries(Object.entries(answers).filter(([key]) => !sensitive.includes(key)));
const found = async (query: string) =>
  (await root.get(`${PATH}?${query}`)).body.items.map(({ id }: { id: string }) => id) as string[];

describe('submissions as staff see them', () => {
  it('control 25: are masked in list, detail and history', async () => {
    const made = await add(300, { chronic: 'yes', chronicDetail: '高血压' });
    const texts = [made, (await root.get(`${PATH}/${made.id}`)).body, (await root.get(PATH)).body].map((body) =>
      JSON.stringify(body),
    );
    const { phone, emergencyPhone, emergencyName, birthDate } = goodAnswers(300) as Record<string, string>;
    const number = (goodAnswers(300)['document'] as { number: string }).number;
    for (const text of texts) {
      expect(text).not.toMatch(/\b1[3-9]\d{9}\b|\b\d{17}[\dX]\b/);
      for (const value of [phone, emergencyPhone, emergencyName, birthDate, number, '高血压'])
        expect(text).not.toContain(value);
    }
    expect(made.sensitive.sort()).toEqual([
      'birthDate',
      'chronicDetail',
      'document',
      'emergencyName',
      'emergencyPhone',
      'phone',
      'stay',
    ]);
    expect(made.answers).toMatchObject({ name: goodAnswers(300)['name'], chronic: 'yes' });
  });

  it('control 42: are stored sealed, with their history', async () => {
    const made = await add(301);
    await root.put(`${PATH}/${made.id}`, { answers: { ...visible(made), phone: '13911112222' }, rev: 1 });
    const stored = JSON.stringify(await submissionModel(t.deps.mongo).findById(made.id).lean());
    const { phone, emergencyPhone, birthDate } = goodAnswers(301) as Record<string, string>;
    for (const value of [
      phone,
      '13911112222',
      emergencyPhone,
      birthDate,
      (goodAnswers(301)['document'] as { number: string }).number,
    ])
      expect(stored).not.toContain(value);
  });

  it('are found by form, status, name, receipt number, phone, document, days and answers', async () => {
    const made = await add(302, {
      name: '诸葛孔明',
      phone: '13622223333',
      travelled: 'yes',
      travelPlaces: ['abroad'],
      travelCountry: '日本',
      returnDate: '2026-11-20',
    });
    const queries = [
      'q=诸葛',
      `q=${made.receiptNumber}`,
      'phone=136 2222 3333',
      `document=${(goodAnswers(302)['document'] as { number: string }).number}`,
      `form=${DEMO_FORM}&facet=travelled:yes&q=诸葛`,
      'q=诸葛&from=2026-11-21&to=2026-11-21&status=submitted&source=staff',
    ];
    for (const query of queries) expect(await found(query)).toEqual([made.id]);
    for (const query of [
      'q=孔明',
      'q=诸葛&to=2026-11-20',
      'q=诸葛&status=withdrawn',
      `form=${DEMO_FORM}&facet=travelled:no&q=诸葛`,
      `form=${DEMO_FORM}&facet=travelled:yes,contact:yes&q=诸葛`,
      'form=other&q=诸葛',
    ]) {
      expect(await found(query)).toEqual([]);
    }
    for (const query of [
      'facet=travelled:yes',
      `form=${DEMO_FORM}&facet=name:x`,
      `form=${DEMO_FORM}&facet=$where:1`,
      'from=2026-13-45',
      'status=x',
      'limit=201',
      'unknown=1',
      'q=a&q=b',
      'cursor=W10',
    ]) {
      expect([400, 422]).toContain((await root.get(`${PATH}?${query}`)).status);
    }
  });

  it('come in pages that hold still while others come in', async () => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await root.get(`${PATH}?limit=1${cursor && `&cursor=${cursor}`}`);
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      if (seen.length === 1) await add(303);
      cursor = body.nextCursor ?? '';
    } while (cursor);
    expect(seen.length).toBeGreaterThan(2);
    expect(new Set(seen).size).toBe(seen.length);
  });
});

describe('changing a submission', () => {
  it('keeps masked answers that are left out and tells what changed', async () => {
    const made = await add(310);
    const edited = await root.put(`${PATH}/${made.id}`, {
      answers: { ...visible(made), phone: '13911112223', remark: '电话已更正' },
      rev: 1,
    });
    expect(edited.body).toMatchObject({
      rev: 2,
      answers: { phone: '139****2223', document: made.answers['document'], remark: '电话已更正' },
    });
    expect(edited.body.history[0]).toMatchObject({ action: 'edited', by: { kind: 'staff', name: 'root' } });
    expect(edited.body.history[0].changes).toEqual([
      { key: 'phone', before: made.answers['phone'], after: '139****2223' },
      { key: 'remark', before: null, after: '电话已更正' },
    ]);
    const gone = await root.put(`${PATH}/${made.id}`, { answers: { ...visible(made), phone: null }, rev: 2 });
    expect(gone.body.issues).toMatchObject([{ path: 'answers.phone', code: 'required' }]);
    expect((await root.put(`${PATH}/${made.id}`, { answers: visible(made), rev: 1 })).body.code).toBe('edit_conflict');
  });

  it('holds to the form’s rule: one active submission per document, through edit, recycle bin and back', async () => {
    const [one, two] = [await add(311), await add(312)];
    const document = goodAnswers(311)['document'];
    expect((await root.put(`${PATH}/${two.id}`, { answers: { ...visible(two), document }, rev: 1 })).body.code).toBe(
      'already_submitted',
    );
    expect((await root.delete(`${PATH}/${one.id}`, { reason: '重复' })).status).toBe(204);
    expect(await found('deleted=true')).toContain(one.id);
    expect((await root.put(`${PATH}/${one.id}`, { answers: visible(one), rev: 2 })).status).toBe(404);
    const third = await add(311);
    expect((await root.post(`${PATH}/${one.id}/restore`)).body.code).toBe('already_submitted');
    await root.delete(`${PATH}/${third.id}`, { reason: '重复' });
    const back = await root.post(`${PATH}/${one.id}/restore`);
    expect(back.body).toMatchObject({ deletedAt: null, status: 'submitted' });
    expect(
      back.body.history.map(({ action, reason }: { action: string; reason: string | null }) => [action, reason]),
    ).toEqual([
      ['restored', null],
      ['deleted', '重复'],
      ['submitted', null],
    ]);
    const actions = await auditModel(t.deps.mongo).find({ 'object.id': one.id }).sort({ _id: 1 }).lean();
    expect(actions.map(({ action }) => action)).toEqual([
      'submission.created',
      'submission.deleted',
      'submission.restored',
    ]);
  });

  it('reveals sensitive answers only, for a reason, recorded', async () => {
    const made = await add(313);
    const shown = await root.post(`${PATH}/${made.id}/reveal`, { fields: ['phone', 'stay'], reason: '上门核实' });
    expect(shown.body.values).toEqual({ phone: goodAnswers(313)['phone'], stay: goodAnswers(313)['stay'] });
    expect(await auditModel(t.deps.mongo).countDocuments({ 'object.id': made.id, action: 'submission.revealed' })).toBe(
      1,
    );
    const bad = await root.post(`${PATH}/${made.id}/reveal`, { fields: ['phone', 'gender'], reason: '上门核实' });
    expect(bad.body.issues).toMatchObject([{ path: 'body.fields.1', code: 'unknown_option' }]);
  });

  it('control 26: takes no field that is not the caller’s to set', async () => {
    for (const extra of ['status', 'scope', 'accountId', 'personId', '_id', 'createdBy', 'dedupeKey', 'history']) {
      expect((await root.post(PATH, { form: DEMO_FORM, answers: goodAnswers(314), [extra]: 'x' })).status).toBe(422);
      expect((await root.post(PATH, { form: DEMO_FORM, answers: { ...goodAnswers(314), [extra]: 'x' } })).status).toBe(
        422,
      );
    }
  });

  it('controls 27, 28: takes no operators and no prototype keys in answers', async () => {
    for (const answers of [
      '{"$gt":1}',
      '{"__proto__":{"x":1}}',
      '{"constructor":{"prototype":{"x":1}}}',
      '{"a.b":1}',
    ]) {
      expect((await root.post(PATH, `{"form":"${DEMO_FORM}","answers":${answers}}`)).status).toBe(400);
    }
    for (const name of [{ length: 3 }, ['王'], 5, true])
      expect((await root.post(PATH, { form: DEMO_FORM, answers: goodAnswers(314, { name }) })).status).toBe(422);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });
});
