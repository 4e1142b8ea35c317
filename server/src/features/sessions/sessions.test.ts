import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeApp, type TestApp } from '../../../test/app.ts';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { logInCitizen, logInStaff, makeStaff, PASSWORD } from '../../../test/logins.ts';
import { randomId } from '../../infra/crypto/index.ts';
import { accountModel } from '../accounts/index.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
let t: TestDeps;
let app: TestApp;
let otherHost: TestApp;
const who = '/api/staff/session';

beforeAll(async () => {
  t = await makeDeps({ config: { passwordProfile: 'asvs' } });
  app = await makeApp(t.deps);
  otherHost = await makeApp(t.deps);
  await makeStaff(t.deps, app.features, { name: 'worker', can: ['account.read'] });
});
afterAll(async () => {
  await app.close();
  await otherHost.close();
  await t.close();
});

describe('control 12: session ids', () => {
  it('10,000 have no repeat and at least 128 bits', () => {
    const ids = new Set(Array.from({ length: 10_000 }, () => randomId(32)));
    expect(ids.size).toBe(10_000);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it('are new at every log-in, and the old one is dead', async () => {
    const browser = await logInStaff(app, 'worker');
    const before = browser.cookies.get('staff')!;
    await browser.post(who, { name: 'worker', password: PASSWORD });
    expect(browser.cookies.get('staff')).not.toBe(before);
    expect((await app.browser().get(who, { cookie: `staff=${before}` })).status).toBe(401);
  });

  it('are not taken from the client', async () => {
    const chosen = randomId(32);
    const answer = await app.browser().post(who, { name: 'worker', password: PASSWORD }, { cookie: `staff=${chosen}` });
    expect(answer.headers.get('set-cookie')).not.toContain(chosen);
    expect((await app.browser().get(who, { cookie: `staff=${chosen}` })).status).toBe(401);
  });

  it('are stored only as hashes', async () => {
    const browser = await logInStaff(app, 'worker');
    const keys = await t.deps.redis.keys('session:*');
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.some((key) => key.includes(browser.cookies.get('staff')!))).toBe(false);
  });
});

describe('control 13: how long a session lives', () => {
  it('staff: 30 minutes without use', async () => {
    const browser = await logInStaff(app, 'worker');
    t.clock.advance(28 * MINUTE);
    expect((await browser.get(who)).status).toBe(200);
    t.clock.advance(28 * MINUTE);
    expect((await browser.get(who)).status).toBe(200);
    t.clock.advance(31 * MINUTE);
    expect((await browser.get(who)).body).toMatchObject({ status: 401, code: 'session_expired' });
    expect(browser.cookies.has('staff')).toBe(false);
    expect((await browser.get(who)).body.code).toBe('not_logged_in');
  });

  it('staff: what a page asks by itself is no use', async () => {
    const [polled, streamed] = [await logInStaff(app, 'worker'), await logInStaff(app, 'worker')];
    const ask = async () => [
      (await polled.get(who, { 'x-unattended': '1' })).status,
      (await streamed.get(who, { accept: 'text/event-stream' })).status,
    ];
    t.clock.advance(20 * MINUTE);
    expect(await ask()).toEqual([200, 200]);
    t.clock.advance(11 * MINUTE);
    expect(await ask()).toEqual([401, 401]);
  });

  it('staff: 12 hours with use', async () => {
    const browser = await logInStaff(app, 'worker');
    for (let at = 0; at < 35; at++) {
      t.clock.advance(20 * MINUTE);
      expect((await browser.get(who)).status).toBe(200);
    }
    t.clock.advance(20 * MINUTE);
    expect((await browser.get(who)).status).toBe(401);
  });

  it('citizens: 7 days without use, 30 days with use', async () => {
    const path = '/api/citizen/session';
    const idle = await logInCitizen(app, t.sentCodes, '13900000001');
    const busy = await logInCitizen(app, t.sentCodes, '13900000002');
    for (let at = 0; at < 4; at++) {
      t.clock.advance(6.9 * DAY);
      expect((await busy.get(path)).status).toBe(200);
    }
    expect((await idle.get(path)).status).toBe(401);
    t.clock.advance(3 * DAY);
    expect((await busy.get(path)).status).toBe(401);
  });
});

describe('control 14: ending sessions', () => {
  it('a log-out ends this session on the other host at once, and no other', async () => {
    const [one, two] = [await logInStaff(app, 'worker'), await logInStaff(app, 'worker')];
    const cookie = `staff=${one.cookies.get('staff')}`;
    expect((await otherHost.browser().get(who, { cookie })).status).toBe(200);
    expect((await one.delete(who)).status).toBe(204);
    expect((await otherHost.browser().get(who, { cookie })).status).toBe(401);
    expect((await two.get(who)).status).toBe(200);
  });

  it('logging out everywhere ends all within a second on both hosts', async () => {
    const [one, two] = [await logInStaff(app, 'worker'), await logInStaff(otherHost, 'worker')];
    expect((await two.get(who)).status).toBe(200);
    expect((await one.delete('/api/staff/sessions')).status).toBe(204);
    await sleep(700);
    expect((await two.get(who)).status).toBe(401);
    const citizen = await logInCitizen(app, t.sentCodes, '13900000003');
    expect((await citizen.delete('/api/citizen/sessions')).status).toBe(204);
    expect((await citizen.get('/api/citizen/session')).status).toBe(401);
  });

  it('disabling an account ends its sessions within a second on both hosts', async () => {
    await makeStaff(t.deps, app.features, { name: 'boss', can: 'superAdmin' });
    await makeStaff(t.deps, app.features, { name: 'leaver', can: ['account.read'] });
    const [boss, here, there] = [
      await logInStaff(app, 'boss'),
      await logInStaff(app, 'leaver'),
      await logInStaff(otherHost, 'leaver'),
    ];
    expect([(await here.get(who)).status, (await there.get(who)).status]).toEqual([200, 200]);
    const { items } = (await boss.get('/api/system/accounts?q=leaver')).body;
    const { id, grants, displayName, rev } = items[0];
    expect((await boss.put(`/api/system/accounts/${id}`, { grants, displayName, disabled: true, rev })).status).toBe(
      200,
    );
    await sleep(700);
    expect([(await here.get(who)).status, (await there.get(who)).status]).toEqual([401, 401]);
    expect((await app.browser().post(who, { name: 'leaver', password: PASSWORD })).body.code).toBe('account_disabled');
  });

  it('an ended session stays dead when Redis still has it', async () => {
    const browser = await logInStaff(app, 'worker');
    const { accountId } = (await browser.get(who)).body;
    await accountModel(t.deps.mongo).updateOne({ _id: accountId }, { $inc: { sessionEpoch: 1 } });
    await sleep(700);
    expect((await browser.get(who)).status).toBe(401);
  });
});

it('after Redis has lost everything everybody logs in again, and nothing else', async () => {
  const browser = await logInStaff(app, 'worker');
  await t.deps.redis.flushdb();
  expect((await browser.get(who)).status).toBe(401);
  expect((await browser.post(who, { name: 'worker', password: PASSWORD })).status).toBe(200);
  expect((await browser.get(who)).status).toBe(200);
});

it('a session of one kind opens nothing of the other', async () => {
  const citizen = await logInCitizen(app, t.sentCodes, '13900000004');
  const cookie = `staff=${citizen.cookies.get('citizen')}`;
  expect((await app.browser().get(who, { cookie })).status).toBe(401);
});

it('control 17: cookies are HttpOnly and SameSite, and over https Secure with the __Host- prefix', async () => {
  const plain = await app.browser().post(who, { name: 'worker', password: PASSWORD });
  expect(plain.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^staff=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/),
  ]);
  const https = await makeApp({ ...t.deps, config: { ...t.deps.config, secureCookies: true } });
  const secure = await https.browser().post(who, { name: 'worker', password: PASSWORD });
  expect(secure.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^__Host-staff=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/),
  ]);
  await https.close();
});
