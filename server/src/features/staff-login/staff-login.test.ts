import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeApp, type TestApp } from '../../../test/app.ts';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { logInStaff, makeStaff, PASSWORD } from '../../../test/logins.ts';
import { accountModel } from '../accounts/index.ts';

const MINUTE = 60_000;
const NEXT = 'Blau-Tanne-88-zog';
let t: TestDeps;
let app: TestApp;
let otherHost: TestApp;

beforeAll(async () => {
  t = await makeDeps();
  app = await makeApp(t.deps);
  otherHost = await makeApp(t.deps);
});
afterAll(async () => {
  await app.close();
  await otherHost.close();
  await t.close();
});

let made = 0;
const newStaff = async (mustChangePassword = false) => {
  const name = `staff${++made}`;
  await makeStaff(t.deps, app.features, { name, can: ['account.read'], mustChangePassword });
  return name;
};
const tryIn = (name: string, password: string, host = app) =>
  host.browser().post('/api/staff/session', { name, password });

describe('control 1: five wrong passwords lock a name', () => {
  it('for 30 minutes, also against the right password, and nobody else', async () => {
    const [name, other] = [await newStaff(), await newStaff()];
    for (let i = 0; i < 5; i++) expect((await tryIn(name, `wrong-${i}`)).status).toBe(401);
    expect((await tryIn(name, 'wrong-6')).body).toMatchObject({ status: 423, code: 'account_locked' });
    const right = await tryIn(name, PASSWORD);
    expect(right.status).toBe(423);
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(29 * 60);
    expect((await tryIn(other, PASSWORD)).status).toBe(200);
    t.clock.advance(29 * MINUTE);
    expect((await tryIn(name, PASSWORD)).status).toBe(423);
    t.clock.advance(2 * MINUTE);
    expect((await tryIn(name, PASSWORD)).status).toBe(200);
  });

  it('gives 40 guesses at once no more than five looks', async () => {
    const name = await newStaff();
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => tryIn(name, `guess-${i}`)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    expect(statuses.filter((status) => status === 423)).toHaveLength(35);
    expect((await tryIn(name, PASSWORD)).status).toBe(423);
  });

  it('survives the loss of Redis', async () => {
    const name = await newStaff();
    for (let i = 0; i < 5; i++) await tryIn(name, 'wrong');
    await t.deps.redis.flushdb();
    expect((await tryIn(name, PASSWORD)).status).toBe(423);
  });

  it('forgets failures after a success', async () => {
    const name = await newStaff();
    for (let i = 0; i < 4; i++) await tryIn(name, 'wrong');
    expect((await tryIn(name, PASSWORD)).status).toBe(200);
    for (let i = 0; i < 4; i++) expect((await tryIn(name, 'wrong')).status).toBe(401);
    expect((await tryIn(name, PASSWORD)).status).toBe(200);
  });
});

it('control 2: one address that tries one password at 300 accounts is stopped early', async () => {
  const strict = await makeApp(t.deps, { rateFactor: 1 });
  const answers = [];
  for (let i = 0; i < 300; i++) answers.push((await tryIn(`spray${i}`, 'Summer2026!', strict)).status);
  expect(answers.filter((status) => status === 429).length).toBeGreaterThanOrEqual(0.9 * answers.length);
  expect(answers.slice(20).every((status) => status === 429)).toBe(true);
  await strict.close();
  await t.deps.redis.flushdb();
});

describe('control 3: a known and an unknown name are answered alike', () => {
  const dummies = async () =>
    (await t.deps.metrics.registry.getSingleMetric('login_dummy_verifications_total')!.get()).values[0]?.value ?? 0;
  const plain = ({ status, body }: Awaited<ReturnType<typeof tryIn>>) => ({ status, body: { ...body, requestId: '' } });

  it('with the same body, and one dummy verification for the unknown one', async () => {
    const name = await newStaff();
    const before = await dummies();
    const known = await tryIn(name, 'wrong');
    expect(await dummies()).toBe(before);
    const unknown = await tryIn('nobody-of-this-name', 'wrong');
    expect(await dummies()).toBe(before + 1);
    expect(plain(unknown)).toEqual(plain(known));
  });

  it('and the unknown one locks too', async () => {
    const name = await newStaff();
    for (let i = 0; i < 5; i++) await Promise.all([tryIn('not-there', 'wrong'), tryIn(name, 'wrong')]);
    expect(plain(await tryIn('not-there', 'wrong'))).toEqual(plain(await tryIn(name, 'wrong')));
    expect((await tryIn('not-there', 'wrong')).status).toBe(423);
  });
});

it('control 5: every stored hash is argon2id with 19 MiB, two passes and one lane', async () => {
  await newStaff();
  const rows = await accountModel(t.deps.mongo).find({ kind: 'staff' }).lean();
  expect(rows.length).toBeGreaterThan(0);
  for (const { passwordHash } of rows) {
    const [, m, passes, p] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/.exec(passwordHash!)!;
    expect(Number(m)).toBeGreaterThanOrEqual(19 * 1024);
    expect(Number(passes)).toBeGreaterThanOrEqual(2);
    expect(p).toBe('1');
  }
});

describe('control 7: the first password', () => {
  it('opens nothing but its own change', async () => {
    const name = await newStaff(true);
    const browser = await logInStaff(app, name);
    expect((await browser.get('/api/staff/session')).body).toMatchObject({ name, mustChangePassword: true });
    for (const route of app.routes) {
      const { access, method, path } = route;
      if (access.audience === 'public' || access.audience === 'citizen' || access.beforePasswordChange) continue;
      const answer = await browser.call(
        method,
        path.replace(/\{\w+\}/g, '65f0c0ffee0ddba11ca7b0a7'),
        method === 'GET' || method === 'DELETE' ? undefined : {},
      );
      expect([route.operationId, answer.status, answer.body.code]).toEqual([
        route.operationId,
        403,
        'password_change_required',
      ]);
    }
    expect((await browser.post('/api/staff/password', { current: PASSWORD, next: NEXT })).status).toBe(204);
    expect((await browser.get('/api/staff/session')).body.mustChangePassword).toBe(false);
    expect((await browser.get('/api/system/accounts')).status).toBe(200);
  });
});

describe('changing the password', () => {
  it('control 15: ends the other sessions, on every host, and keeps this one', async () => {
    const name = await newStaff();
    const [here, there] = [await logInStaff(app, name), await logInStaff(otherHost, name)];
    expect((await there.get('/api/staff/session')).status).toBe(200);
    expect((await here.post('/api/staff/password', { current: PASSWORD, next: NEXT })).status).toBe(204);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect((await there.get('/api/staff/session')).body).toMatchObject({ status: 401, code: 'session_expired' });
    expect((await here.get('/api/staff/session')).status).toBe(200);
    expect((await tryIn(name, PASSWORD)).status).toBe(401);
    expect((await tryIn(name, NEXT)).status).toBe(200);
  });

  it('needs the current one, and counts wrong ones', async () => {
    const name = await newStaff();
    const browser = await logInStaff(app, name);
    for (let i = 0; i < 5; i++)
      expect((await browser.post('/api/staff/password', { current: 'wrong', next: NEXT })).status).toBe(401);
    expect((await browser.post('/api/staff/password', { current: PASSWORD, next: NEXT })).status).toBe(423);
  });

  it('refuses weak ones with every reason, and those that were used before', async () => {
    const name = await newStaff();
    const browser = await logInStaff(app, name);
    const weak = await browser.post(
      '/api/staff/password',
      { current: PASSWORD, next: `${name}` },
      { 'accept-language': 'en' },
    );
    expect(weak.status).toBe(422);
    expect(weak.body.issues.map(({ code }: { code: string }) => code)).toEqual(
      expect.arrayContaining(['too_short', 'password_classes', 'password_name']),
    );
    expect(weak.body.issues.find(({ code }: { code: string }) => code === 'password_name').message).toMatch(
      /account’s name/,
    );
    expect((await browser.post('/api/staff/password', { current: PASSWORD, next: NEXT })).status).toBe(204);
    const again = await browser.post('/api/staff/password', { current: NEXT, next: PASSWORD });
    expect(again.body.issues).toMatchObject([{ code: 'password_used' }]);
  });
});

it('is asked for again after 90 days in the mlps profile', async () => {
  const name = await newStaff();
  t.clock.advance(91 * 24 * 60 * MINUTE);
  expect((await tryIn(name, PASSWORD)).body.mustChangePassword).toBe(true);
});
