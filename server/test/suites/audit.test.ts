import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUDIT_ACTION_NAMES } from '../../shared/audit-actions.ts';
import type { AuditRecord } from '../../src/features/audit/audit.model.ts';
import type { Answer, Browser } from '../browser.ts';
import { makeWorld, must, newKey, SHENZHEN_NANSHAN, type World } from '../factories.ts';
import { logInStaff, PASSWORD } from '../logins.ts';
import { tableForm } from '../operations.ts';

const REASON = { reason: '核对身份' };

/** One thing done, and what must be on record of it afterwards. */
interface Done {
  what: string;
  act: () => Promise<Answer>;
  status: number;
  action: string;
  outcome?: string;
  /** Kind of the actor; default staff. */
  actor?: string;
  /** Type of the object, when there is one. */
  object?: string;
  /** More records that belong to the same deed. */
  more?: string[];
}

describe('audit: every deed leaves one record with time, actor, address, action, object and outcome (45)', () => {
  let world: World;
  let root: Browser;
  let clerk: Browser;
  let citizen: Browser;
  let phone: string;
  const seen = new Set<string>();
  const ids: Record<string, string> = {};
  const keep = async (name: string, answer: Promise<Answer>, id: (body: any) => string = ({ id }) => id) => {
    const got = await answer;
    if (got.status < 300) ids[name] = id(got.body);
    return got;
  };

  beforeAll(async () => {
    world = await makeWorld();
    await world.form();
    root = await world.staff({ name: 'root' });
    clerk = await world.staff({ name: 'clerk', can: ['form.read'] });
    phone = '13544440001';
    citizen = await world.citizen('13544440002');
  }, 60_000);
  afterAll(() => world.close());

  const records = () => world.deps.mongo.collection<AuditRecord>('audit');

  /** Does it, a second after what was before, and looks what has been added. */
  async function check({
    what,
    act,
    status,
    action,
    outcome = 'done',
    actor = 'staff',
    object,
    more = [],
  }: Done): Promise<void> {
    world.clock.advance(1_000);
    const before = await records().countDocuments();
    const answer = await act();
    expect(answer.status, `${what}: ${JSON.stringify(answer.body)?.slice(0, 300)}`).toBe(status);
    // Refusals are written beside the answer, not before it.
    const expected = [action, ...more].toSorted();
    await expect
      .poll(() => records().countDocuments(), { message: what, timeout: 5_000 })
      .toBeGreaterThanOrEqual(before + expected.length);
    const added = await records().find().sort({ _id: 1 }).skip(before).toArray();
    expect(added.map((one) => one.action).toSorted(), what).toEqual(expected);
    const record = added.find((one) => one.action === action)!;
    expect(record, what).toMatchObject({ outcome, ip: '127.0.0.1', actor: { kind: actor } });
    expect(record.at.getTime(), what).toBe(world.clock().getTime());
    if (actor === 'staff') expect(record.actor.name, what).toBeTruthy();
    if (actor !== 'anonymous') expect(record.actor.accountId, what).toMatch(/^[0-9a-f]{24}$/);
    if (object) expect(record.object, what).toMatchObject({ type: object, id: expect.stringMatching(/.+/) });
    seen.add(action);
  }

  async function all(deeds: Done[]): Promise<void> {
    for (const deed of deeds) await check(deed);
  }

  it('logging in and out, right and wrong', async () => {
    let session: Browser;
    const logIn = async (name: string, password: string, browser = world.anonymous()) => {
      session = browser;
      return browser.post('/api/staff/session', { name, password });
    };
    let code: Answer;
    await all([
      { what: 'staff logs in', act: () => logIn('clerk', PASSWORD), status: 200, action: 'login.succeeded' },
      { what: 'staff logs out', act: () => session.delete('/api/staff/session'), status: 204, action: 'logout.one' },
      {
        what: 'wrong password',
        act: () => logIn('clerk', 'wrong'),
        status: 401,
        action: 'login.failed',
        outcome: 'refused',
        actor: 'anonymous',
      },
      {
        what: 'unknown name',
        act: () => logIn('nobody', 'wrong'),
        status: 401,
        action: 'login.failed',
        outcome: 'refused',
        actor: 'anonymous',
      },
      {
        what: 'code asked for',
        act: async () => (code = await world.anonymous().post('/api/citizen/login-codes', { phone })),
        status: 202,
        action: 'login.code_sent',
        actor: 'anonymous',
      },
      {
        what: 'wrong code',
        act: async () =>
          world.anonymous().post('/api/citizen/session', {
            loginCodeId: code.body.loginCodeId,
            phone,
            code: (await world.sentCodes(phone)).at(-1) === '000000' ? '111111' : '000000',
          }),
        status: 401,
        action: 'login.failed',
        outcome: 'refused',
        actor: 'anonymous',
      },
      {
        what: 'citizen logs in',
        act: async () =>
          (session = world.anonymous()).post('/api/citizen/session', {
            loginCodeId: code.body.loginCodeId,
            phone,
            code: (await world.sentCodes(phone)).at(-1),
          }),
        status: 200,
        action: 'login.succeeded',
        actor: 'citizen',
      },
      {
        what: 'citizen logs out everywhere',
        act: () => session.delete('/api/citizen/sessions'),
        status: 204,
        action: 'logout.all',
        actor: 'citizen',
      },
    ]);
    session = await logInStaff(world.app, 'clerk');
    await check({
      what: 'staff logs out everywhere',
      act: () => session.delete('/api/staff/sessions'),
      status: 204,
      action: 'logout.all',
    });
    clerk = await logInStaff(world.app, 'clerk');
  });

  it('refusals for lack of rights', async () => {
    await all([
      {
        what: 'without the permission',
        act: () => clerk.get('/api/business/people'),
        status: 403,
        action: 'access.denied',
        outcome: 'refused',
      },
      {
        what: 'a write without it',
        act: () => clerk.post('/api/system/roles', {}),
        status: 403,
        action: 'access.denied',
        outcome: 'refused',
      },
      {
        what: 'from another site',
        act: () => root.delete('/api/staff/session', undefined, { origin: 'https://evil.example' }),
        status: 403,
        action: 'access.denied',
        outcome: 'refused',
        actor: 'anonymous',
      },
    ]);
  });

  it('accounts, roles, organisations, passwords', async () => {
    const at = (what: string) => `/api/system/accounts/${ids['account']}${what}`;
    await all([
      {
        what: 'role made',
        act: () =>
          root.post('/api/system/roles', { key: 'helper', label: { 'zh-CN': '助手' }, permissions: ['form.read'] }),
        status: 201,
        action: 'role.created',
        object: 'role',
      },
      {
        what: 'role changed',
        act: () => root.put('/api/system/roles/helper', { label: { 'zh-CN': '助手' }, permissions: [], rev: 1 }),
        status: 200,
        action: 'role.changed',
        object: 'role',
      },
      {
        what: 'role deleted',
        act: () => root.delete('/api/system/roles/helper'),
        status: 204,
        action: 'role.deleted',
        object: 'role',
      },
      {
        what: 'organisation made',
        act: () =>
          keep('organisation', root.post('/api/system/organisations', { name: '卫生院', parent: null, region: null })),
        status: 201,
        action: 'organisation.created',
        object: 'organisation',
      },
      {
        what: 'organisation renamed',
        act: () => root.put(`/api/system/organisations/${ids['organisation']}`, { name: '新卫生院', rev: 1 }),
        status: 200,
        action: 'organisation.changed',
        object: 'organisation',
      },
      {
        what: 'account made',
        act: () =>
          keep(
            'account',
            root.post('/api/system/accounts', { name: 'newone', displayName: '新人', grants: [] }),
            ({ account }) => account.id,
          ),
        status: 201,
        action: 'account.created',
        object: 'account',
      },
      {
        what: 'account changed',
        act: () => root.put(at(''), { displayName: '新人二', grants: [], disabled: false, rev: 1 }),
        status: 200,
        action: 'account.changed',
        object: 'account',
      },
      {
        what: 'password reset',
        act: () => root.post(at('/reset-password')),
        status: 200,
        action: 'password.reset',
        object: 'account',
      },
      {
        what: 'account unlocked',
        act: () => root.post(at('/unlock')),
        status: 204,
        action: 'account.unlocked',
        object: 'account',
      },
      {
        what: 'sessions ended',
        act: () => root.post(at('/end-sessions')),
        status: 204,
        action: 'account.sessions_ended',
        object: 'account',
      },
      {
        what: 'weak password',
        act: () => clerk.post('/api/staff/password', { current: PASSWORD, next: 'password' }),
        status: 422,
        action: 'password.refused',
        outcome: 'refused',
      },
      {
        what: 'password changed',
        act: () => clerk.post('/api/staff/password', { current: PASSWORD, next: 'Zk8-morpel-Tiv3' }),
        status: 204,
        action: 'password.changed',
      },
    ]);
  });

  it('forms', async () => {
    const content = {
      title: { 'zh-CN': '短表' },
      steps: [
        {
          key: 'one',
          title: { 'zh-CN': '一' },
          fields: [
            { key: 'name', kind: 'text', label: { 'zh-CN': '姓名' }, required: true, max: 20, maps: 'person.name' },
          ],
        },
      ],
    };
    await all([
      {
        what: 'form made',
        act: () => root.post('/api/business/forms', { key: 'short', title: content.title, content }),
        status: 201,
        action: 'form.created',
        object: 'form',
      },
      {
        what: 'working version saved',
        act: () => root.put('/api/business/forms/short/working-version', { content, rev: 1 }),
        status: 200,
        action: 'form.saved',
        object: 'form',
      },
      {
        what: 'published',
        act: () => root.post('/api/business/forms/short/publish', { rev: 2 }),
        status: 200,
        action: 'form.published',
        object: 'form',
      },
      {
        what: 'closed',
        act: () => root.put('/api/business/forms/short/status', { status: 'closed' }),
        status: 200,
        action: 'form.closed',
        object: 'form',
      },
    ]);
  });

  it('people', async () => {
    const at = (what = '') => `/api/business/people/${ids['person']}${what}`;
    await all([
      {
        what: 'added',
        act: () => keep('person', world.person(root, { name: '王一', region: SHENZHEN_NANSHAN })),
        status: 201,
        action: 'person.created',
        object: 'person',
      },
      {
        what: 'changed',
        act: () => root.put(at(), { name: '王二', rev: 1 }),
        status: 200,
        action: 'person.changed',
        object: 'person',
      },
      {
        what: 'revealed',
        act: () => root.post(at('/reveal'), { fields: ['phone'], ...REASON }),
        status: 200,
        action: 'person.revealed',
        object: 'person',
      },
      {
        what: 'deleted',
        act: () => root.delete(at(), REASON),
        status: 204,
        action: 'person.deleted',
        object: 'person',
      },
      {
        what: 'restored',
        act: () => root.post(at('/restore')),
        status: 200,
        action: 'person.restored',
        object: 'person',
      },
    ]);
  });

  it('submissions', async () => {
    const at = (what = '') => `/api/business/submissions/${ids['submission']}${what}`;
    const answers = world.answers({ region: SHENZHEN_NANSHAN });
    const first = { form: 'healthDeclaration', answers };
    await all([
      {
        what: 'a citizen submits',
        act: () => keep('own', world.submit(citizen)),
        status: 201,
        action: 'submission.created',
        actor: 'citizen',
        object: 'submission',
        more: ['person.linked'],
      },
      {
        what: 'a citizen withdraws',
        act: () => citizen.post(`/api/citizen/submissions/${ids['own']}/withdraw`),
        status: 200,
        action: 'submission.withdrawn',
        actor: 'citizen',
        object: 'submission',
      },
      {
        what: 'staff adds',
        act: () => keep('submission', root.post('/api/business/submissions', first)),
        status: 201,
        action: 'submission.created',
        object: 'submission',
      },
      {
        what: 'changed',
        act: () => root.put(at(), { answers: { ...answers, name: '改名' }, rev: 1 }),
        status: 200,
        action: 'submission.changed',
        object: 'submission',
      },
      {
        what: 'revealed',
        act: () => root.post(at('/reveal'), { fields: ['phone'], ...REASON }),
        status: 200,
        action: 'submission.revealed',
        object: 'submission',
      },
      {
        what: 'deleted',
        act: () => root.delete(at(), REASON),
        status: 204,
        action: 'submission.deleted',
        object: 'submission',
      },
      {
        what: 'restored',
        act: () => root.post(at('/restore')),
        status: 200,
        action: 'submission.restored',
        object: 'submission',
      },
    ]);
  });

  it('files in and out', async () => {
    const upload = (name: string) =>
      keep(name, root.post('/api/business/imports', tableForm(), { 'idempotency-key': newKey() }));
    await all([
      { what: 'upload', act: () => upload('import'), status: 202, action: 'import.accepted', object: 'import' },
      {
        what: 'cancelled',
        act: () => root.post(`/api/business/imports/${ids['import']}/cancel`),
        status: 200,
        action: 'import.cancelled',
        object: 'import',
      },
      {
        what: 'people exported',
        act: () => root.get('/api/business/people/export'),
        status: 200,
        action: 'export.started',
        more: ['export.finished'],
      },
      {
        what: 'an export asked for',
        act: () => keep('export', root.post('/api/business/exports', { list: 'people', ...REASON })),
        status: 202,
        action: 'export.requested',
        object: 'export',
      },
      {
        what: 'an export given up',
        act: () => root.post(`/api/business/exports/${ids['export']}/cancel`),
        status: 200,
        action: 'export.cancelled',
        object: 'export',
      },
      {
        what: 'submissions exported in clear',
        act: () => root.get('/api/business/submissions/export?clear=true&reason=check'),
        status: 200,
        action: 'export.started',
        more: ['export.finished'],
      },
    ]);
    must(await keep('ready', root.post('/api/business/exports', { list: 'people', ...REASON })), 202);
    await world.app.features.exports.worker().drain();
    const { url } = must(await root.post(`/api/business/exports/${ids['ready']}/link`), 200).body as { url: string };
    must(await root.get(url), 200);
    const deeds = await records().find({ 'object.id': ids['ready']! }).sort({ _id: 1 }).toArray();
    const exported = ['export.requested', 'export.finished', 'export.linked', 'export.downloaded'];
    expect(deeds.map(({ action }) => action)).toEqual(exported);

    must(await upload('second'), 202);
    const failed = await records().countDocuments({ action: 'import.failed' });
    await world.app.features.imports.worker.drain();
    // A table that is none of the form's.
    expect(await records().countDocuments({ action: 'import.failed', 'object.id': ids['second']! })).toBe(failed + 1);
  });

  it('a repeated request under its key is one deed', async () => {
    const key = newKey();
    const answers = world.answers();
    const send = () =>
      citizen.post(
        '/api/citizen/forms/healthDeclaration/submissions',
        { version: 1, answers },
        { 'idempotency-key': key },
      );
    const one = must(await send(), 201).body.id as string;
    expect(must(await send(), 201).body.id).toBe(one);
    expect(await records().countDocuments({ action: 'submission.created', 'object.id': one })).toBe(1);
  });

  it('what is shown to the auditor is what was recorded, and it was thirty kinds and more of deeds', async () => {
    const { body } = must(await root.get('/api/system/audit?limit=200'), 200);
    expect(body.items.length).toBeGreaterThan(45);
    for (const item of body.items) expect(item.label['zh-CN']).toBeTruthy();
    expect([...seen].filter((action) => !(AUDIT_ACTION_NAMES as readonly string[]).includes(action))).toEqual([]);
    expect(seen.size).toBeGreaterThanOrEqual(30);
  });
});
