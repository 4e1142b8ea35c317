import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FormContent } from '../../../shared/fields/index.ts';
import type { Browser } from '../../../test/browser.ts';
import { makeWorld, newKey, type World } from '../../../test/factories.ts';
import { logInStaff } from '../../../test/logins.ts';
import { auditModel } from '../audit/audit.model.ts';
import { formVersionModel } from './forms.model.ts';
import { proposalModel } from './proposals.model.ts';

const PATH = '/api/business/forms';
const HOUR_MS = 3_600_000;

let world: World;
let root: Browser;
let other: Browser;
let someone: Browser;

beforeAll(async () => {
  world = await makeWorld();
  root = await world.staff({ name: 'root' });
  other = await world.staff({ name: 'other' });
  someone = world.anonymous();
});
afterAll(() => world.close());

const content = (...fields: Record<string, unknown>[]): FormContent => ({
  title: { 'zh-CN': '来访登记' },
  steps: [
    {
      key: 'one',
      title: { 'zh-CN': '一' },
      fields: fields.map((field) => ({ kind: 'text', label: { 'zh-CN': String(field['key']) }, ...field }) as never),
    },
  ],
});
const NAME = { key: 'name', required: true };
const MAIL = { key: 'mail', min: 5 };
const radio = (...codes: string[]) => ({
  key: 'colour',
  kind: 'radio',
  options: codes.map((code) => ({ code, label: { 'zh-CN': code } })),
});

/** A form with these versions, each with its options. */
async function formOf(key: string, ...versions: [FormContent, object?][]): Promise<void> {
  for (const [at, [version, options]] of versions.entries()) {
    const made =
      at === 0
        ? await root.post(PATH, { key, title: { 'zh-CN': key }, content: version })
        : await root.put(`${PATH}/${key}/working-version`, { content: version, rev: at });
    expect(made.status).toBeLessThan(300);
    const published = await root.post(`${PATH}/${key}/publish`, { rev: at + 1, ...options });
    expect(published.body).toMatchObject({ currentVersion: at + 1 });
  }
}
const send = (citizen: Browser, form: string, version: number, answers: object) =>
  citizen.post(`/api/citizen/forms/${form}/submissions`, { version, answers }, { 'idempotency-key': newKey() });
const propose = (by: Browser, key: string, input: object) => by.post(`${PATH}/${key}/proposals`, input);
const actionsOf = async (key: string) =>
  (await auditModel(world.deps.mongo).find({ 'object.id': key }).sort({ _id: 1 }).lean()).map(({ action }) => action);
/** Turns the clock; staff who were idle for so long log in again. */
async function at(moment: Date | string): Promise<void> {
  world.clock.set(moment);
  root = await logInStaff(world.app, 'root');
  other = await logInStaff(world.app, 'other');
}
const later = (ms: number) => at(new Date(world.clock().getTime() + ms));
const drain = () => world.app.features.forms.worker.drain();
/** What waits says something now that today's rules refuse, as if they had been fewer when it was handed in. */
const weaken = (formKey: string) =>
  proposalModel(world.deps.mongo).updateOne(
    { formKey, waiting: true },
    { $set: { content: content(NAME, { key: 'slow', pattern: '(a+)+b' }) } },
  );

describe('a version that another person has to look at', () => {
  it('is handed in, approved by somebody else, and published with both names', async () => {
    await root.post(PATH, { key: 'reviewed', title: { 'zh-CN': '审' }, content: content(NAME) });
    expect((await root.put(`${PATH}/reviewed/review-rule`, { reviewed: true })).body).toMatchObject({ reviewed: true });
    expect((await root.post(`${PATH}/reviewed/publish`, { rev: 1 })).body.code).toBe('review_needed');

    const handed = await propose(root, 'reviewed', { rev: 1, note: '第一版' });
    expect(handed).toMatchObject({
      status: 201,
      body: { proposal: { state: 'review', proposedBy: 'root', actions: ['return', 'cancel'] } },
    });
    const { id } = handed.body.proposal;
    expect((await propose(root, 'reviewed', { rev: 1 })).body.code).toBe('conflict');
    expect((await root.post(`${PATH}/reviewed/proposals/${id}/approve`)).body.code).toBe('own_proposal');
    expect((await someone.get('/api/citizen/forms/reviewed')).status).toBe(404);

    // Work goes on meanwhile; what was handed in is what is published.
    await root.put(`${PATH}/reviewed/working-version`, { content: content(NAME, { key: 'later' }), rev: 1 });
    expect((await other.get(`${PATH}/reviewed/proposals/${id}`)).body).toMatchObject({
      actions: ['approve', 'return', 'cancel'],
      content: content(NAME),
      diff: null,
    });
    expect((await other.post(`${PATH}/reviewed/proposals/${id}/approve`)).body).toMatchObject({
      currentVersion: 1,
      proposal: null,
      versions: [{ number: 1, publishedBy: 'root', reviewedBy: 'other', note: '第一版', state: 'current' }],
    });
    expect((await someone.get('/api/citizen/forms/reviewed')).body.content).toEqual(content(NAME));
    expect((await other.post(`${PATH}/reviewed/proposals/${id}/approve`)).body.code).toBe('conflict');
    expect((await root.get(`${PATH}/reviewed/proposals`)).body.items).toMatchObject([
      { state: 'published', number: 1 },
    ]);
    expect(await actionsOf('reviewed')).toEqual(
      expect.arrayContaining(['form.review_rule', 'form.proposed', 'form.published', 'form.proposal_approved']),
    );
  });

  it('goes back to its author with a reason, or is taken back', async () => {
    const second = await propose(root, 'reviewed', { rev: 2 });
    const { id } = second.body.proposal;
    const returned = await other.post(`${PATH}/reviewed/proposals/${id}/return`, { reason: '请补充英文' });
    expect(returned.body.proposal).toBeNull();
    expect((await root.get(`${PATH}/reviewed/proposals`)).body.items[0]).toMatchObject({
      state: 'returned',
      reason: '请补充英文',
      reviewedBy: 'other',
    });
    const third = await propose(root, 'reviewed', { rev: 2 });
    expect((await root.post(`${PATH}/reviewed/proposals/${third.body.proposal.id}/cancel`)).body.proposal).toBeNull();
  });

  it('can’t be had without the other person by turning the rule off in one region', async () => {
    await root.post(PATH, { key: 'southern', title: { 'zh-CN': '南' }, content: content(NAME), region: '440000' });
    const south = await world.staff({
      name: 'south',
      can: ['form.read', 'form.write', 'form.publish'],
      region: '440000',
    });
    expect((await south.put(`${PATH}/southern/review-rule`, { reviewed: true })).status).toBe(200);
    expect((await south.put(`${PATH}/southern/review-rule`, { reviewed: false })).body.code).toBe('forbidden');
    expect((await root.put(`${PATH}/southern/review-rule`, { reviewed: false })).status).toBe(200);
    expect((await south.put(`${PATH}/reviewed/review-rule`, { reviewed: false })).body.code).toBe('forbidden');
  });

  it('is handed in by who may edit, and looked at by who may publish', async () => {
    const writer = await world.staff({ name: 'writer', can: ['form.read', 'form.write'] });
    const handed = await propose(writer, 'reviewed', { rev: 2 });
    expect(handed.body.proposal).toMatchObject({ state: 'review', proposedBy: 'writer', actions: ['cancel'] });
    const at = `${PATH}/reviewed/proposals/${handed.body.proposal.id}`;
    expect((await writer.post(`${at}/approve`)).body.code).toBe('forbidden');
    expect((await writer.post(`${at}/cancel`)).status).toBe(200);
  });

  it('is judged again when it is approved: rules may have become stricter since', async () => {
    const { body } = await propose(root, 'reviewed', { rev: 2 });
    const at = `${PATH}/reviewed/proposals/${body.proposal.id}`;
    await weaken('reviewed');
    expect((await other.post(`${at}/approve`)).body).toMatchObject({
      code: 'invalid_input',
      issues: [{ path: 'content.steps.0.fields.1.pattern', code: 'pattern_slow' }],
    });
    expect((await root.get(at)).body.state).toBe('review');
    expect((await root.post(`${at}/cancel`)).status).toBe(200);
  });

  it('is approved once when two approve at once', async () => {
    const { body } = await propose(root, 'reviewed', { rev: 2 });
    const approve = () => other.post(`${PATH}/reviewed/proposals/${body.proposal.id}/approve`);
    const answers = await Promise.all([approve(), approve(), approve()]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await formVersionModel(world.deps.mongo).countDocuments({ formKey: 'reviewed' })).toBe(2);
  });
});

describe('publishing at a time', () => {
  it('happens then, once, and not before', async () => {
    await formOf('timed', [content(NAME)]);
    await root.put(`${PATH}/timed/working-version`, { content: content(NAME, { key: 'more' }), rev: 1 });
    const publishAt = new Date(world.clock().getTime() + HOUR_MS).toISOString();
    expect((await propose(root, 'timed', { rev: 2 })).body.issues).toMatchObject([{ path: 'body.publishAt' }]);
    expect((await propose(root, 'timed', { rev: 2, publishAt })).body).toMatchObject({
      proposal: { state: 'scheduled', publishAt },
    });
    await drain();
    expect((await someone.get('/api/citizen/forms/timed')).body.version).toBe(1);
    await later(HOUR_MS);
    await Promise.all([drain(), drain()]);
    expect((await someone.get('/api/citizen/forms/timed')).body).toMatchObject({ version: 2 });
    expect((await root.get(`${PATH}/timed`)).body).toMatchObject({ proposal: null, currentVersion: 2 });
    expect(await formVersionModel(world.deps.mongo).countDocuments({ formKey: 'timed' })).toBe(2);
  });

  it('does not put an old idea over a newer version: it fails, on record', async () => {
    await formOf('overtaken', [content(NAME)]);
    const publishAt = new Date(world.clock().getTime() + HOUR_MS).toISOString();
    await propose(root, 'overtaken', { rev: 1, publishAt });
    await root.post(`${PATH}/overtaken/publish`, { rev: 1 });
    await later(HOUR_MS);
    await drain();
    expect((await root.get(`${PATH}/overtaken/proposals`)).body.items).toMatchObject([
      { state: 'failed', reason: 'edit_conflict' },
    ]);
    expect((await root.get(`${PATH}/overtaken`)).body.currentVersion).toBe(2);
    expect(await proposalModel(world.deps.mongo).countDocuments({ waiting: true })).toBe(0);
    expect(await actionsOf('overtaken')).toContain('form.publish_failed');
  });
});

describe('at its time it is judged again', () => {
  const inAnHour = () => new Date(world.clock().getTime() + HOUR_MS).toISOString();
  const ends = async (key: string) => (await root.get(`${PATH}/${key}/proposals`)).body.items;

  it('by the rules of then', async () => {
    await formOf('judged', [content(NAME)]);
    await propose(root, 'judged', { rev: 1, publishAt: inAnHour() });
    await weaken('judged');
    await later(HOUR_MS);
    await drain();
    expect(await ends('judged')).toMatchObject([{ state: 'failed', reason: 'invalid_input' }]);
    expect((await root.get(`${PATH}/judged`)).body.currentVersion).toBe(1);
    expect(await actionsOf('judged')).toContain('form.publish_failed');
  });

  it('whether somebody has looked at it, where that is asked for by now', async () => {
    await formOf('unseen', [content(NAME)]);
    await propose(root, 'unseen', { rev: 1, publishAt: inAnHour() });
    await root.put(`${PATH}/unseen/review-rule`, { reviewed: true });
    await later(HOUR_MS);
    await drain();
    expect(await ends('unseen')).toMatchObject([{ state: 'failed', reason: 'review_needed' }]);
    expect((await root.get(`${PATH}/unseen`)).body.currentVersion).toBe(1);
  });

  it('and what is published is what was approved, whatever was worked on since', async () => {
    await formOf('approved', [content(NAME)]);
    await root.put(`${PATH}/approved/review-rule`, { reviewed: true });
    await root.put(`${PATH}/approved/working-version`, { content: content(NAME, { key: 'seen' }), rev: 1 });
    const { body } = await propose(root, 'approved', { rev: 2, publishAt: inAnHour() });
    const approve = await other.post(`${PATH}/approved/proposals/${body.proposal.id}/approve`);
    expect(approve.body).toMatchObject({ currentVersion: 1, proposal: { state: 'scheduled', reviewedBy: 'other' } });
    await root.put(`${PATH}/approved/working-version`, { content: content(NAME, { key: 'unseen' }), rev: 2 });
    await later(HOUR_MS);
    await drain();
    expect((await someone.get('/api/citizen/forms/approved')).body).toMatchObject({
      version: 2,
      content: content(NAME, { key: 'seen' }),
    });
  });

  it('takes the right to publish to set a time without anybody’s look', async () => {
    await formOf('alone', [content(NAME)]);
    const writer = await world.staff({ can: ['form.read', 'form.write'] });
    expect((await propose(writer, 'alone', { rev: 1, publishAt: inAnHour() })).body.code).toBe('forbidden');
    expect((await propose(writer, 'alone', { rev: 1 })).body.issues).toMatchObject([{ path: 'body.publishAt' }]);
  });
});

describe('the grace time', () => {
  it('is what was said at publishing: answers are judged by the version that they were begun on, and then no more', async () => {
    const citizen = await world.citizen();
    await formOf('grace', [content(NAME, radio('red', 'blue'))], [content(NAME, radio('red')), { graceHours: 2 }]);
    const late = { name: '张三', colour: 'blue' };
    expect((await root.get(`${PATH}/grace`)).body.versions).toMatchObject([
      { number: 2, state: 'current', graceHours: 2, acceptedUntil: null },
      { number: 1, state: 'grace' },
    ]);
    await later(HOUR_MS);
    expect(await send(citizen, 'grace', 1, late)).toMatchObject({ status: 201, body: { version: 1 } });
    expect((await send(citizen, 'grace', 2, late)).body.issues).toMatchObject([{ code: 'unknown_option' }]);
    await later(HOUR_MS);
    const refused = await send(citizen, 'grace', 1, late);
    expect(refused.body).toMatchObject({ status: 409, code: 'version_outdated' });
    expect((await root.get(`${PATH}/grace`)).body.versions).toMatchObject([{}, { number: 1, state: 'retired' }]);
  });

  it('of nothing ends all earlier ones at once', async () => {
    const citizen = await world.citizen();
    await formOf('strict', [content(NAME)], [content(NAME, { key: 'a' }), { graceHours: 48 }]);
    expect((await send(citizen, 'strict', 1, { name: '甲' })).status).toBe(201);
    await root.put(`${PATH}/strict/working-version`, { content: content(NAME, { key: 'b' }), rev: 2 });
    await root.post(`${PATH}/strict/publish`, { rev: 3, graceHours: 0 });
    for (const version of [1, 2])
      expect((await send(citizen, 'strict', version, { name: '甲' })).body.code).toBe('version_outdated');
  });

  it('can be ended early, of an earlier version only', async () => {
    const citizen = await world.citizen();
    await formOf('cut', [content(NAME)], [content(NAME, { key: 'a' })]);
    expect((await root.post(`${PATH}/cut/versions/2/retire`)).body.code).toBe('conflict');
    expect((await root.post(`${PATH}/cut/versions/9/retire`)).status).toBe(404);
    expect((await root.post(`${PATH}/cut/versions/1/retire`)).body.versions[1]).toMatchObject({ state: 'retired' });
    expect((await send(citizen, 'cut', 1, { name: '甲' })).body.code).toBe('version_outdated');
  });

  it('after it the citizen is told what changed, and keeps what still fits', async () => {
    const citizen = await world.citizen();
    await formOf(
      'carried',
      [content(NAME, MAIL, { key: 'tel', label: { 'zh-CN': '电话' } }, radio('red', 'blue'), { key: 'gone' })],
      [
        content(NAME, MAIL, { key: 'phone', label: { 'zh-CN': '电话' } }, radio('red'), {
          key: 'fresh',
          required: true,
        }),
        { mappings: [{ op: 'rename', from: 'tel', to: 'phone' }] },
      ],
    );
    const answers = { name: '张三', tel: '123', colour: 'blue', gone: 'x' };
    const { body } = await citizen.post('/api/citizen/forms/carried/carry', { version: 1, answers });
    expect(body).toMatchObject({ version: 2, answers: { name: '张三', phone: '123' } });
    expect(body.lost.map(({ key, code }: { key: string; code: string }) => `${key} ${code}`).sort()).toEqual([
      'colour unknown_option',
      'gone field_removed',
    ]);
    expect(body.changes.map((words: { 'zh-CN': string }) => words['zh-CN'])).toEqual(
      expect.arrayContaining(['字段“fresh”新增', '“colour”的选项“blue”删除', '字段“gone”删除']),
    );
    // Half typed, and the question is the same.
    const half = await citizen.post('/api/citizen/forms/carried/carry', {
      version: 1,
      answers: { ...answers, mail: 'a@' },
    });
    expect(half.body.answers.mail).toBe('a@');
    expect((await citizen.post('/api/citizen/forms/carried/carry', { version: 7, answers })).status).toBe(404);
    expect((await someone.post('/api/citizen/forms/carried/carry', { version: 1, answers })).status).toBe(401);
  });
});

describe('what is known of versions', () => {
  it('differences, classed, between any two and what is being worked on', async () => {
    await formOf('compared', [content(NAME, radio('red', 'blue'))], [content(NAME, radio('red'))]);
    await root.put(`${PATH}/compared/working-version`, { content: content(NAME), rev: 2 });
    const diff = async (from: string, to: string) =>
      (await root.get(`${PATH}/compared/diff?from=${from}&to=${to}`)).body;
    expect(await diff('1', '2')).toMatchObject({
      class: 'lossy',
      changes: [{ of: 'option', key: 'blue', field: 'colour', class: 'lossy', reason: 'option_removed' }],
    });
    expect(await diff('2', 'working')).toMatchObject({ changes: [{ key: 'colour', reason: 'field_removed' }] });
    expect(await diff('2', '2')).toMatchObject({ class: 'safe', changes: [] });
    expect((await root.get(`${PATH}/compared/diff?from=1&to=9`)).status).toBe(404);
  });

  it('which rules held on a day', async () => {
    await at('2026-12-01T02:00:00Z');
    await formOf('days', [content(NAME)]);
    await at('2026-12-05T02:00:00Z');
    await root.put(`${PATH}/days/working-version`, { content: content(NAME, { key: 'a' }), rev: 1 });
    await root.post(`${PATH}/days/publish`, { rev: 2, graceHours: 24 });
    const on = async (day: string) =>
      (await root.get(`${PATH}/days/rules?day=${day}`)).body.items.map(
        ({ number, current }: { number: number; current: boolean }) => `${number}${current ? '*' : ''}`,
      );
    expect(await on('2026-11-30')).toEqual([]);
    expect(await on('2026-12-02')).toEqual(['1*']);
    expect(await on('2026-12-05')).toEqual(['2*', '1']);
    expect(await on('2026-12-06')).toEqual(['2*', '1']);
    expect(await on('2026-12-07')).toEqual(['2*']);
  });

  it('a retired form is closed for good, until somebody takes it back', async () => {
    const citizen = await world.citizen();
    await formOf('old', [content(NAME)]);
    expect((await root.put(`${PATH}/old/status`, { status: 'retired' })).body.status).toBe('retired');
    expect((await someone.get('/api/citizen/forms/old')).body.code).toBe('form_closed');
    expect((await send(citizen, 'old', 1, { name: '甲' })).body.code).toBe('form_closed');
    expect((await root.put(`${PATH}/old/status`, { status: 'open' })).body.status).toBe('open');
    expect((await send(citizen, 'old', 1, { name: '甲' })).status).toBe(201);
  });

  it('a published version never changes, whatever is done after it', async () => {
    const versions = () =>
      formVersionModel(world.deps.mongo)
        .find({ formKey: 'cut' }, { content: 1, publishedAt: 1, publishedBy: 1 })
        .lean();
    const before = await versions();
    await root.put(`${PATH}/cut/working-version`, { content: content(NAME, { key: 'z' }), rev: 2 });
    await root.post(`${PATH}/cut/publish`, { rev: 3 });
    await root.post(`${PATH}/cut/publish`, { rev: 3, rollBackTo: 1 });
    expect((await versions()).slice(0, 2)).toEqual(before);
    expect((await root.get(`${PATH}/cut`)).body.versions[0]).toMatchObject({ number: 4, rollBackTo: 1 });
  });
});
