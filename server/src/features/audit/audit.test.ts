import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeApp, type TestApp } from '../../../test/app.ts';
import type { Browser } from '../../../test/browser.ts';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { logInCitizen, logInStaff, makeStaff, PASSWORD } from '../../../test/logins.ts';
import { transact } from '../../infra/mongo/index.ts';
import { AUDIT_ACTIONS } from './index.ts';

interface Item {
  action: string;
  at: string;
  ip: string;
  outcome: string;
  actor: { kind: string; accountId: string | null; name: string | null };
  object: { type: string; id: string } | null;
  detail: Record<string, unknown> | null;
}

let t: TestDeps;
let app: TestApp;
let boss: Browser;
const list = async (browser: Browser, query = ''): Promise<Item[]> =>
  (await browser.get(`/api/system/audit?limit=200${query}`)).body.items;

beforeAll(async () => {
  t = await makeDeps();
  app = await makeApp(t.deps);
  await makeStaff(t.deps, app.features, { name: 'boss', can: 'superAdmin' });
  boss = await logInStaff(app, 'boss');
});
afterAll(async () => {
  await app.close();
  await t.close();
});

describe('control 45: what people did is on record, with who, when, whence, what and how it ended', () => {
  /** Does something, and gives the records that it left. */
  const after = async (work: () => Promise<unknown>): Promise<Item[]> => {
    const before = (await list(boss)).length;
    await work();
    await sleep(30);
    const items = await list(boss);
    return items.slice(0, items.length - before);
  };
  const actions = async (work: () => Promise<unknown>) => (await after(work)).map(({ action }) => action).reverse();

  it('log-ins, failures, locks and log-outs of staff', async () => {
    await makeStaff(t.deps, app.features, { name: 'clerk', can: ['account.read'] });
    let clerk!: Browser;
    const [record] = await after(async () => (clerk = await logInStaff(app, 'clerk')));
    expect(record).toMatchObject({
      action: 'login.succeeded',
      outcome: 'done',
      ip: '127.0.0.1',
      actor: { kind: 'staff', name: 'clerk' },
      object: { type: 'account' },
    });
    expect(record!.at).toBe(t.clock().toISOString());
    const wrong = () => app.browser().post('/api/staff/session', { name: 'clerk', password: 'wrong' });
    expect(await after(wrong)).toMatchObject([
      {
        action: 'login.failed',
        outcome: 'refused',
        actor: { kind: 'anonymous' },
        object: { id: record!.actor.accountId },
        detail: { reason: 'wrong' },
      },
    ]);
    for (let i = 0; i < 3; i++) await wrong();
    expect((await actions(wrong)).sort()).toEqual(['login.failed', 'login.locked']);
    expect(await actions(() => clerk.delete('/api/staff/session'))).toEqual(['logout.one']);
    expect(
      await actions(() => app.browser().post('/api/staff/session', { name: 'unknown-name', password: 'x' })),
    ).toEqual(['login.failed']);
  });

  it('log-ins of citizens, without their phones', async () => {
    const records = await after(() => logInCitizen(app, t.sentCodes, '13812345678'));
    expect(records.map(({ action }) => action)).toEqual(['login.succeeded', 'login.code_sent']);
    expect(JSON.stringify(records)).not.toContain('13812345678');
    expect(records[1]!.detail).toEqual({ phone: '138****5678' });
    expect(
      await actions(() =>
        app
          .browser()
          .post('/api/citizen/session', { loginCodeId: 'a'.repeat(22), phone: '13812345678', code: '000000' }),
      ),
    ).toEqual(['login.failed']);
  });

  it('refusals for lack of rights', async () => {
    await makeStaff(t.deps, app.features, { name: 'narrow', can: ['account.read'] });
    const narrow = await logInStaff(app, 'narrow');
    const [record] = await after(() => narrow.get('/api/system/roles'));
    expect(record).toMatchObject({
      action: 'access.denied',
      outcome: 'refused',
      actor: { name: 'narrow' },
      detail: { operationId: 'listRoles', code: 'forbidden' },
    });
  });

  it('administration, with what was before and after', async () => {
    const role = { key: 'temp', label: { 'zh-CN': '临时' }, permissions: ['person.read'] };
    expect(await actions(() => boss.post('/api/system/roles', role))).toEqual(['role.created']);
    const [changed] = await after(() =>
      boss.put('/api/system/roles/temp', { label: role.label, permissions: [], rev: 1 }),
    );
    expect(changed).toMatchObject({
      action: 'role.changed',
      object: { type: 'role', id: 'temp' },
      detail: { before: { permissions: ['person.read'] }, after: { permissions: [] } },
    });
    expect(await actions(() => boss.delete('/api/system/roles/temp'))).toEqual(['role.deleted']);
    let id = '';
    expect(
      await actions(
        async () =>
          (id = (await boss.post('/api/system/organisations', { name: '市卫生局', parent: null, region: '440300' }))
            .body.id),
      ),
    ).toEqual(['organisation.created']);
    expect(await actions(() => boss.put(`/api/system/organisations/${id}`, { name: '市卫健委', rev: 1 }))).toEqual([
      'organisation.changed',
    ]);
    let account!: { id: string };
    const [created] = await after(
      async () =>
        (account = (await boss.post('/api/system/accounts', { name: 'temp', displayName: '临时', grants: [] })).body
          .account),
    );
    expect(created).toMatchObject({
      action: 'account.created',
      object: { type: 'account', id: account.id },
      actor: { name: 'boss' },
    });
    const path = `/api/system/accounts/${account.id}`;
    expect(await actions(() => boss.put(path, { displayName: '临时二', grants: [], disabled: false, rev: 1 }))).toEqual(
      ['account.changed'],
    );
    expect(await actions(() => boss.post(`${path}/unlock`))).toEqual(['account.unlocked']);
    expect(await actions(() => boss.post(`${path}/end-sessions`))).toEqual(['account.sessions_ended']);
    const [reset] = await after(() => boss.post(`${path}/reset-password`));
    expect(reset).toMatchObject({ action: 'password.reset', detail: null });
  });

  it('changes of the own password, also refused ones', async () => {
    await makeStaff(t.deps, app.features, { name: 'changer', can: ['account.read'] });
    const changer = await logInStaff(app, 'changer');
    expect(await actions(() => changer.post('/api/staff/password', { current: PASSWORD, next: 'short' }))).toEqual([
      'password.refused',
    ]);
    expect(
      await actions(() => changer.post('/api/staff/password', { current: PASSWORD, next: 'Blau-Tanne-88-zog' })),
    ).toEqual(['password.changed']);
    expect(await actions(() => changer.delete('/api/staff/sessions'))).toEqual(['logout.all']);
  });

  it('every action has a label in both languages', () => {
    for (const label of Object.values(AUDIT_ACTIONS)) expect(label['zh-CN'] && label.en).toBeTruthy();
  });
});

describe('the list', () => {
  it('filters and pages without loss or repeat', async () => {
    const all = await list(boss);
    const read: Item[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body }: { body: { items: Item[]; nextCursor: string | null } } = await boss.get(
        `/api/system/audit?limit=7${cursor && `&cursor=${cursor}`}`,
      );
      read.push(...body.items);
      cursor = body.nextCursor;
    }
    expect(read).toEqual(all);
    const failed = all.filter(({ action }) => action === 'login.failed');
    expect(await list(boss, '&action=login.failed')).toEqual(failed);
    expect(await list(boss, '&outcome=refused')).toEqual(all.filter(({ outcome }) => outcome === 'refused'));
    expect(await list(boss, '&objectType=role&objectId=temp')).toHaveLength(3);
    const actor = all.find(({ actor: { name } }) => name === 'narrow')!.actor.accountId!;
    expect(await list(boss, `&actor=${actor}`)).toEqual(all.filter(({ actor: { accountId } }) => accountId === actor));
    expect(await list(boss, `&to=${t.clock().toISOString()}`)).toEqual([]);
    for (const bad of [
      'cursor=AAAA',
      `cursor=${Buffer.from('[1e99,"x"]').toString('base64url')}`,
      'from=yesterday',
      'action=none',
      'actor[$ne]=x',
    ]) {
      expect([400, 422]).toContain((await boss.get(`/api/system/audit?${bad}`)).status);
    }
  });

  it('control 24: within a scope shows only what accounts inside it did', async () => {
    await makeStaff(t.deps, app.features, { name: 'gdaudit', can: ['audit.read'], region: '440000' });
    await makeStaff(t.deps, app.features, { name: 'szclerk', can: ['person.read'], region: '440300' });
    await makeStaff(t.deps, app.features, { name: 'bjclerk', can: ['person.read'], region: '110000' });
    for (const name of ['szclerk', 'bjclerk']) await logInStaff(app, name);
    const gd = await logInStaff(app, 'gdaudit');
    const names = new Set((await list(gd)).map(({ actor: { name } }) => name));
    expect([...names].sort()).toEqual(['gdaudit', 'szclerk']);
    const bj = (await list(boss)).find(({ actor: { name } }) => name === 'bjclerk')!;
    expect(await list(gd, `&actor=${bj.actor.accountId}`)).toEqual([]);
    expect(await list(gd, `&objectType=account&objectId=${bj.actor.accountId}`)).toEqual([]);
  });
});

describe('writing', () => {
  const system = { kind: 'system' } as const;
  const count = (id: string) => t.deps.mongo.collection('audit').countDocuments({ 'object.id': id });

  it('a record joins its transaction; one of a refusal outlives it', async () => {
    const work = transact(t.deps.mongo, async () => {
      await app.features.audit.record({
        caller: system,
        action: 'role.changed',
        object: { type: 'role', id: 'rolled-back' },
      });
      await app.features.audit.recordOutside({
        caller: system,
        action: 'access.denied',
        object: { type: 'role', id: 'kept' },
      });
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect([await count('rolled-back'), await count('kept')]).toEqual([0, 1]);
  });

  it('details are sealed where they are stored, and there is no way to change a record', async () => {
    await app.features.audit.record({
      caller: system,
      action: 'role.changed',
      object: { type: 'role', id: 'sealed' },
      detail: { before: 'a-known-value' },
    });
    const [row] = await t.deps.mongo.collection('audit').find({ 'object.id': 'sealed' }).toArray();
    expect(JSON.stringify(row)).not.toContain('a-known-value');
    const { jobs: _retention, ...writers } = app.features.audit;
    expect(Object.keys(writers).sort()).toEqual(['record', 'recordOutside', 'recordRefusal']);
    expect(app.routes.filter(({ path, method }) => path.includes('audit') && method !== 'GET')).toEqual([]);
  });
});
