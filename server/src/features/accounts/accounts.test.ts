import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeApp, type TestApp } from '../../../test/app.ts';
import type { Browser } from '../../../test/browser.ts';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { logInStaff, makeStaff, PASSWORD } from '../../../test/logins.ts';
import { PERMISSION_NAMES, type Permission } from '../../../shared/permissions.ts';
import { accountModel } from './index.ts';

const MANAGE: Permission[] = ['account.read', 'account.write', 'role.read', 'person.read'];
let t: TestDeps;
let app: TestApp;
let boss: Browser;
let gd: Browser;

const url = '/api/system/accounts';
const everywhere = { region: null, organisation: null, own: false };
const idOf = async (name: string) => String((await accountModel(t.deps.mongo).findOne({ name }).lean())!._id);
const current = async (name: string) => (await boss.get(`${url}/${await idOf(name)}`)).body;
const change = async (browser: Browser, name: string, patch: object) => {
  const { grants, displayName, disabled, rev } = await current(name);
  return browser.put(`${url}/${await idOf(name)}`, { grants, displayName, disabled, rev, ...patch });
};

beforeAll(async () => {
  t = await makeDeps();
  app = await makeApp(t.deps);
  const staff = (name: string, can: Permission[] | string, region?: string) =>
    makeStaff(t.deps, app.features, { name, can, ...(region ? { region } : {}) });
  await staff('boss', 'superAdmin');
  await staff('gd', MANAGE, '440000');
  await staff('reader', ['person.read']);
  await staff('shenzhen', ['person.read'], '440300');
  await staff('beijing', ['person.read'], '110000');
  await staff('strong', ['person.read', 'person.write'], '440300');
  await makeStaff(t.deps, app.features, { name: 'both', can: ['person.read'], region: '440300' }, [
    { can: ['person.read'], region: '110000' },
  ]);
  boss = await logInStaff(app, 'boss');
  gd = await logInStaff(app, 'gd');
});
afterAll(async () => {
  await app.close();
  await t.close();
});

describe('control 24: accounts within an administrator’s region', () => {
  it('he sees those whose rights all lie inside, and no others', async () => {
    const names = (await gd.get(`${url}?limit=200`)).body.items.map(({ name }: { name: string }) => name);
    expect(names).toEqual(['gd', 'shenzhen', 'strong']);
    expect((await gd.get(`${url}?q=both`)).body.items).toEqual([]);
    for (const name of ['boss', 'beijing', 'both', 'reader']) {
      expect((await gd.get(`${url}/${await idOf(name)}`)).status).toBe(404);
      expect((await change(gd, name, { displayName: 'mine' })).status).toBe(404);
      for (const act of ['reset-password', 'unlock', 'end-sessions'])
        expect((await gd.post(`${url}/${await idOf(name)}/${act}`)).status).toBe(404);
    }
  });

  it('citizens’ accounts are nobody’s to administer', async () => {
    const { accountId } = await app.features.accounts.ensureCitizen('13700000001');
    expect((await boss.get(`${url}/${accountId}`)).status).toBe(404);
  });
});

describe('nobody gives more than he holds', () => {
  const create = (browser: Browser, name: string, grants: object[]) =>
    browser.post(url, { name, displayName: name, grants });

  it('not a permission, not a place, not everything', async () => {
    const reads = { role: 'ofshenzhen0', organisation: null, own: false };
    expect((await create(gd, 'g1', [{ ...reads, region: '440300' }])).status).toBe(201);
    expect((await create(gd, 'g2', [{ ...reads, region: '110000' }])).status).toBe(403);
    expect((await create(gd, 'g3', [{ ...reads, region: null }])).status).toBe(403);
    expect(
      (await create(gd, 'g4', [{ role: 'ofstrong0', region: '440300', organisation: null, own: false }])).status,
    ).toBe(403);
    expect(
      (await create(gd, 'g5', [{ role: 'superAdmin', region: '440300', organisation: null, own: true }])).status,
    ).toBe(403);
    expect((await change(gd, 'gd', { grants: [{ role: 'superAdmin', ...everywhere }] })).status).toBe(403);
    expect(
      (
        await change(gd, 'shenzhen', {
          grants: [{ role: 'ofstrong0', region: '440300', organisation: null, own: false }],
        })
      ).status,
    ).toBe(403);
  });

  it('nor takes over an account that may do more than he', async () => {
    expect((await gd.get(`${url}/${await idOf('strong')}`)).status).toBe(200);
    for (const act of ['reset-password', 'unlock', 'end-sessions'])
      expect((await gd.post(`${url}/${await idOf('strong')}/${act}`)).status).toBe(403);
    expect((await change(gd, 'strong', { disabled: true })).status).toBe(403);
  });

  it('what counts only for one’s own can’t be passed on', async () => {
    await makeStaff(t.deps, app.features, { name: 'owner', can: MANAGE, region: '440000', own: true });
    const owner = await logInStaff(app, 'owner');
    expect(
      (await create(owner, 'o1', [{ role: 'ofshenzhen0', region: '440300', organisation: null, own: true }])).status,
    ).toBe(403);
    expect((await create(owner, 'o2', [])).status).toBe(201);
    expect((await owner.get(url)).body.items.map(({ name }: { name: string }) => name)).toEqual(['o2']);
  });

  it('a role grows only in hands that hold it everywhere', async () => {
    await makeStaff(t.deps, app.features, { name: 'roles', can: ['role.read', 'role.write', 'person.read'] });
    await makeStaff(t.deps, app.features, {
      name: 'localroles',
      can: ['role.read', 'role.write', 'person.read'],
      region: '440000',
    });
    const [roles, local] = [await logInStaff(app, 'roles'), await logInStaff(app, 'localroles')];
    const role = { key: 'fresh', label: { 'zh-CN': '新角色' }, permissions: ['person.read'] };
    expect((await local.post('/api/system/roles', role)).status).toBe(403);
    expect((await roles.post('/api/system/roles', role)).status).toBe(201);
    expect((await roles.post('/api/system/roles', role)).body.code).toBe('name_taken');
    const edit = (key: string, permissions: string[], rev = 1) =>
      roles.put(`/api/system/roles/${key}`, { label: role.label, permissions, rev });
    expect((await edit('fresh', ['person.read', 'personal.reveal'])).status).toBe(403);
    expect((await edit('ofroles0', [...PERMISSION_NAMES])).status).toBe(403);
    expect((await edit('ofstrong0', [])).status).toBe(403);
    expect((await edit('superAdmin', ['person.read'])).status).toBe(403);
    expect((await edit('fresh', [])).status).toBe(200);
    expect((await edit('fresh', ['person.read'])).body.code).toBe('edit_conflict');
    expect((await roles.delete('/api/system/roles/ofroles0')).body.code).toBe('in_use');
    expect((await roles.delete('/api/system/roles/fresh')).status).toBe(204);
    expect((await boss.delete('/api/system/roles/superAdmin')).status).toBe(403);
  });

  it('roles, regions and organisations that do not exist are refused by path, and grant nothing if they are stored', async () => {
    const bad = await create(boss, 'x1', [
      { role: 'nothing', region: '999999', organisation: '65f0c0ffee0ddba11ca7b0a7', own: false },
    ]);
    expect(bad.status).toBe(422);
    expect(bad.body.issues.map(({ path }: { path: string }) => path)).toEqual([
      'body.grants.0.role',
      'body.grants.0.region',
      'body.grants.0.organisation',
    ]);
    await makeStaff(t.deps, app.features, { name: 'ghost', can: 'goneRole' });
    const ghost = await logInStaff(app, 'ghost');
    expect((await ghost.get('/api/staff/session')).body).toMatchObject({ permissions: [], grants: [] });
    expect((await ghost.get(url)).status).toBe(403);
  });
});

describe('the life of an account', () => {
  it('is made with a first password, which is never shown again, and told twice only for the same key', async () => {
    const body = { name: 'New.Comer', displayName: '新来的', grants: [] };
    const key = { 'idempotency-key': 'create-newcomer-1' };
    const made = await boss.post(url, body, key);
    expect(made.status).toBe(201);
    expect((await boss.post(url, body, key)).body).toEqual(made.body);
    expect(made.body.account).toMatchObject({ name: 'new.comer', mustChangePassword: true });
    expect((await boss.post(url, body)).body.code).toBe('name_taken');
    expect(
      (await app.browser().post('/api/staff/session', { name: 'NEW.comer ', password: made.body.password })).body
        .mustChangePassword,
    ).toBe(true);
    const shown = JSON.stringify(await current('new.comer'));
    expect(shown.includes(made.body.password) || shown.includes('argon2')).toBe(false);
  });

  it('loses rights in open sessions within a second', async () => {
    await makeStaff(t.deps, app.features, { name: 'demoted', can: ['account.read'] });
    const browser = await logInStaff(app, 'demoted');
    expect((await browser.get(url)).status).toBe(200);
    expect((await change(boss, 'demoted', { grants: [] })).status).toBe(200);
    await sleep(700);
    expect((await browser.get(url)).status).toBe(403);
  });

  it('is unlocked, and gets a new first password that ends its sessions', async () => {
    await makeStaff(t.deps, app.features, { name: 'unlucky', can: ['account.read'] });
    const before = await logInStaff(app, 'unlucky');
    for (let i = 0; i < 5; i++) await app.browser().post('/api/staff/session', { name: 'unlucky', password: 'wrong' });
    expect((await current('unlucky')).locked).toBe(true);
    expect((await boss.post(`${url}/${await idOf('unlucky')}/unlock`)).status).toBe(204);
    expect((await current('unlucky')).locked).toBe(false);
    await logInStaff(app, 'unlucky');
    const { body } = await boss.post(`${url}/${await idOf('unlucky')}/reset-password`);
    await sleep(700);
    expect((await before.get('/api/staff/session')).status).toBe(401);
    expect((await app.browser().post('/api/staff/session', { name: 'unlucky', password: PASSWORD })).status).toBe(401);
    const again = await logInStaff(app, 'unlucky', body.password);
    expect((await again.get(url)).body.code).toBe('password_change_required');
  });

  it('can’t disable itself, and an older page can’t overwrite a newer change', async () => {
    expect((await change(boss, 'boss', { disabled: true })).status).toBe(403);
    const { grants, displayName, rev } = await current('reader');
    expect(
      (await boss.put(`${url}/${await idOf('reader')}`, { grants, displayName, disabled: false, rev })).status,
    ).toBe(200);
    expect(
      (await boss.put(`${url}/${await idOf('reader')}`, { grants, displayName, disabled: false, rev })).body.code,
    ).toBe('edit_conflict');
  });
});

it('one super administrator remains, even when two remove each other at once', async () => {
  expect((await change(boss, 'boss', { grants: [] })).body.code).toBe('last_administrator');
  for (let round = 0; round < 3; round++) {
    const rival = `rival${round}`;
    await makeStaff(t.deps, app.features, { name: rival, can: 'superAdmin' });
    const other = await logInStaff(app, rival);
    const statuses = (
      await Promise.all([change(boss, rival, { grants: [] }), change(other, 'boss', { disabled: true })])
    ).map(({ status }) => status);
    const left = await accountModel(t.deps.mongo).countDocuments({ disabled: false, 'grants.role': 'superAdmin' });
    expect([statuses.filter((status) => status === 200).length, left]).toEqual([1, 1]);
    if ((await accountModel(t.deps.mongo).findOne({ name: 'boss' }).lean())!.disabled) {
      await accountModel(t.deps.mongo).updateOne({ name: 'boss' }, { $set: { disabled: false } });
      await accountModel(t.deps.mongo).updateOne({ name: rival }, { $set: { disabled: true } });
      boss = await logInStaff(app, 'boss');
    }
  }
});

it('the name, phone and list look-ups run on indexes', async () => {
  const model = accountModel(t.deps.mongo);
  for (const query of [
    model.find({ name: 'boss' }),
    model.find({ phoneIndex: 'x' }),
    model
      .find({ kind: 'staff', name: { $gt: '' } })
      .sort({ name: 1 })
      .limit(51),
  ]) {
    expect(JSON.stringify(await query.explain('queryPlanner'))).toMatch(/IXSCAN/);
  }
});
