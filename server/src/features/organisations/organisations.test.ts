import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeApp, type TestApp } from '../../../test/app.ts';
import type { Browser } from '../../../test/browser.ts';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { logInStaff, makeStaff } from '../../../test/logins.ts';

const url = '/api/system/organisations';
let t: TestDeps;
let app: TestApp;
let boss: Browser;
let root = '';
let child = '';
const make = async (browser: Browser, name: string, parent: string | null, region: string | null = null) =>
  browser.post(url, { name, parent, region });
const names = async (browser: Browser) => (await browser.get(url)).body.items.map(({ name }: { name: string }) => name);

beforeAll(async () => {
  t = await makeDeps();
  app = await makeApp(t.deps);
  await makeStaff(t.deps, app.features, { name: 'boss', can: 'superAdmin' });
  boss = await logInStaff(app, 'boss');
  root = (await make(boss, '广东省卫健委', null, '440000')).body.id;
  child = (await make(boss, '深圳市卫健委', root, '440300')).body.id;
  await make(boss, '北京市卫健委', null, '110000');
});
afterAll(async () => {
  await app.close();
  await t.close();
});

it('knows the path to an organisation, and none to what is no organisation', async () => {
  expect(await app.features.organisations.orgPath(child)).toEqual([root, child]);
  for (const none of ['', 'x', '65f0c0ffee0ddba11ca7b0a7'])
    expect(await app.features.organisations.orgPath(none)).toEqual([]);
});

it('takes the region of its parent unless told', async () => {
  const { status, body } = await make(boss, '信息中心', child);
  expect([status, body.region, body.path.slice(0, 2)]).toEqual([201, '440300', [root, child]]);
});

it('refuses a parent or region that does not exist, and a name twice below one parent, also at once', async () => {
  expect((await make(boss, 'a', '65f0c0ffee0ddba11ca7b0a7')).body.issues[0].path).toBe('body.parent');
  expect((await make(boss, 'a', null, '999999')).body.issues[0].path).toBe('body.region');
  const statuses = (await Promise.all([1, 2, 3].map(() => make(boss, '同名', root)))).map(({ status }) => status);
  expect(statuses.sort()).toEqual([201, 409, 409]);
});

it('control 24: within a region or a branch one sees, makes and renames only what lies there', async () => {
  const can = ['organisation.read', 'organisation.write'] as const;
  await makeStaff(t.deps, app.features, { name: 'gd', can: [...can], region: '440000' });
  await makeStaff(t.deps, app.features, { name: 'branch', can: [...can], organisation: child });
  const [gd, branch] = [await logInStaff(app, 'gd'), await logInStaff(app, 'branch')];
  expect(await names(gd)).toEqual(['广东省卫健委', '深圳市卫健委', '信息中心', '同名']);
  expect(await names(branch)).toEqual(['深圳市卫健委', '信息中心']);
  expect((await make(gd, '新机构', null, '110000')).status).toBe(403);
  expect((await make(gd, '新机构', null)).status).toBe(403);
  expect((await make(gd, '新机构', null, '440100')).status).toBe(201);
  expect((await make(branch, '科室', child)).status).toBe(201);
  expect((await make(branch, '科室', root)).status).toBe(422);
  expect((await branch.put(`${url}/${root}`, { name: 'mine', rev: 1 })).status).toBe(404);
  expect((await branch.put(`${url}/${child}`, { name: '深圳市卫生健康委员会', rev: 1 })).body).toMatchObject({
    name: '深圳市卫生健康委员会',
    rev: 2,
  });
  expect((await branch.put(`${url}/${child}`, { name: 'again', rev: 1 })).body.code).toBe('edit_conflict');
});
