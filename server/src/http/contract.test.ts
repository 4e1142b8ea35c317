import { afterAll, beforeAll, expect, it } from 'vitest';
import { CONTRACT } from '../../shared/contract.ts';
import { makeApp, type TestApp } from '../../test/app.ts';
import { makeDeps, type TestDeps } from '../../test/deps.ts';

let t: TestDeps;
let later: TestApp;
let today: TestApp;
beforeAll(async () => {
  t = await makeDeps();
  later = await makeApp(t.deps, { lowestContract: 3 });
  today = await makeApp(t.deps);
});
afterAll(async () => {
  await later.close();
  await today.close();
  await t.close();
});

const statusOf = async (app: TestApp, contract: string | undefined) =>
  (await app.browser().get('/api/citizen/forms', contract === undefined ? {} : { 'x-contract': contract })).status;

it('a page of a contract that is gone is told what to do, before anything else is looked at', async () => {
  for (const answer of [
    await later.browser().get('/api/citizen/forms', { 'x-contract': '2', 'x-build': '0.0.9', 'accept-language': 'en' }),
    await later.browser().get('/api/citizen/session', { 'x-contract': '2' }),
    await later.browser().post('/api/citizen/login-codes', { phone: 'none' }, { 'x-contract': '0' }),
  ]) {
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ code: 'client_outdated', params: { action: 'reload', lowest: 3 } });
  }
});

it('newer pages, and what says no number or none that can be read, are served', async () => {
  for (const said of [undefined, '3', '4', '999', '', 'x', '-1', '1e9', '2.5', '00000001', '2, 2'])
    expect([said, await statusOf(later, said)]).toEqual([said, 200]);
});

it('pages of today and of the lowest contract are served today', async () => {
  for (const said of [CONTRACT.lowest, CONTRACT.current]) expect(await statusOf(today, String(said))).toBe(200);
  expect(CONTRACT.lowest).toBeLessThanOrEqual(CONTRACT.current);
});

it('the access line says which build a page is of, and nothing else that a header may hold', async () => {
  const said = ['1.4.0', 'build-7+abc', 'x y', 'a'.repeat(41)];
  for (const build of said) await today.browser().get('/api/citizen/forms', { 'x-build': build });
  const builds = () => t.logged.map((line) => line['pageBuild']).filter((build) => build !== undefined);
  await expect.poll(() => builds().slice(-2)).toEqual(said.slice(0, 2));
});
