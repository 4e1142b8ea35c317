import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeApp, type TestApp } from '../../../test/app.ts';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { logInCitizen } from '../../../test/logins.ts';
import { SmsError } from '../../infra/sms/index.ts';
import { randomDigits } from '../../infra/crypto/index.ts';
import { accountModel } from '../accounts/index.ts';
import { addressGroup } from './address.ts';
import { createQuotas } from './quotas.ts';

const MINUTE = 60_000;
let t: TestDeps;
let app: TestApp;
let next = 10_000_000;
const newPhone = () => `138${++next}`;
const ask = (phone: string, host = app) => host.browser().post('/api/citizen/login-codes', { phone });
const use = (loginCodeId: string, phone: string, code: string) =>
  app.browser().post('/api/citizen/session', { loginCodeId, phone, code });
const issue = async (phone = newPhone()) => {
  const { body, status } = await ask(phone);
  expect(status).toBe(202);
  return { phone, loginCodeId: body.loginCodeId as string, code: (await t.sentCodes(phone)).at(-1)! };
};
const wrong = (code: string) => (code === '000000' ? '000001' : '000000');

beforeAll(async () => {
  t = await makeDeps();
  app = await makeApp(t.deps);
});
// Every test has the address's hour to itself.
beforeEach(() => t.clock.advance(61 * MINUTE));
afterAll(async () => {
  await app.close();
  await t.close();
});

describe('control 8: a code', () => {
  it('logs in once, and once only', async () => {
    const { phone, loginCodeId, code } = await issue();
    expect(code).toMatch(/^\d{6}$/);
    const first = await use(loginCodeId, phone, code);
    expect(first.status).toBe(200);
    expect(first.body.phone).toBe(`138****${phone.slice(-4)}`);
    expect((await use(loginCodeId, phone, code)).body).toMatchObject({ status: 401, code: 'wrong_code' });
  });

  it('is used up by one of 20 at once', async () => {
    const { phone, loginCodeId, code } = await issue();
    const statuses = (await Promise.all(Array.from({ length: 20 }, () => use(loginCodeId, phone, code)))).map(
      ({ status }) => status,
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 401)).toHaveLength(19);
  });

  it('ends after five minutes', async () => {
    const [late, inTime] = [await issue(), await issue()];
    t.clock.advance(5 * MINUTE - 1000);
    expect((await use(inTime.loginCodeId, inTime.phone, inTime.code)).status).toBe(200);
    t.clock.advance(1000);
    expect((await use(late.loginCodeId, late.phone, late.code)).status).toBe(401);
  });

  it('is bound to its request and its phone', async () => {
    const [a, b] = [await issue(), await issue()];
    expect((await use(b.loginCodeId, b.phone, a.code)).status).toBe(a.code === b.code ? 200 : 401);
    expect((await use(a.loginCodeId, b.phone, a.code)).status).toBe(401);
    expect((await use(a.loginCodeId, a.phone, a.code)).status).toBe(200);
  });

  it('is drawn evenly: chi-square over the digits of 10,000 codes', () => {
    const counts = Array.from({ length: 6 }, () => Array.from({ length: 10 }, () => 0));
    for (let i = 0; i < 10_000; i++) [...randomDigits(6)].forEach((digit, place) => counts[place]![Number(digit)]!++);
    // 9 degrees of freedom, p = 0.001 shared out over the six places: 33.7 is p = 0.0001.
    for (const place of counts) expect(place.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)).toBeLessThan(33.7);
  });
});

describe('control 9: after five wrong tries', () => {
  it('the right code is refused', async () => {
    const { phone, loginCodeId, code } = await issue();
    for (let i = 0; i < 5; i++) expect((await use(loginCodeId, phone, wrong(code))).status).toBe(401);
    expect((await use(loginCodeId, phone, code)).status).toBe(401);
  });

  it('the fifth try may still be the right one', async () => {
    const { phone, loginCodeId, code } = await issue();
    for (let i = 0; i < 4; i++) await use(loginCodeId, phone, wrong(code));
    expect((await use(loginCodeId, phone, code)).status).toBe(200);
  });
});

it('control 10: neither the code nor its bare hash is in Redis or MongoDB', async () => {
  const { phone, loginCodeId, code } = await issue();
  const needles = ['sha256', 'sha1', 'md5'].flatMap((hash) =>
    [code, phone + code, loginCodeId + code].flatMap((text) =>
      (['hex', 'base64', 'base64url'] as const).map((form) => createHash(hash).update(text).digest(form)),
    ),
  );
  const dump: string[] = [];
  for (const key of await t.deps.redis.keys('*')) {
    const type = await t.deps.redis.type(key);
    dump.push(
      key,
      JSON.stringify(
        type === 'hash' ? await t.deps.redis.hgetall(key) : type === 'string' ? await t.deps.redis.get(key) : type,
      ),
    );
  }
  const stored = dump.find((_, at) => dump[at - 1] === `login-code:${loginCodeId}`)!;
  expect(Object.keys(JSON.parse(stored) as object).sort()).toEqual(['expiresAt', 'mac', 'tries']);
  for (const { name } of await t.deps.mongo.listCollections())
    dump.push(JSON.stringify(await t.deps.mongo.collection(name).find().toArray()));
  const all = dump.join('\n');
  for (const needle of [phone, ...needles]) expect(all.includes(needle)).toBe(false);
  // Six digits occur by chance inside numbers and hashes; as a value of its own the code must not.
  expect(all).not.toMatch(new RegExp(`"${code}"`));
});

describe('control 11: quotas', () => {
  it('one code a minute: of 300 requests at once exactly one sends', async () => {
    const phone = newPhone();
    const statuses: number[] = [];
    for (let wave = 0; wave < 3; wave++)
      statuses.push(...(await Promise.all(Array.from({ length: 100 }, () => ask(phone)))).map(({ status }) => status));
    expect(statuses.filter((status) => status === 202)).toHaveLength(1);
    // On a machine that is too busy some wait too long for a connection: that is 503, and nothing sent.
    expect(statuses.filter((status) => status === 429 || status === 503)).toHaveLength(299);
    expect(await t.sentCodes(phone)).toHaveLength(1);
    const refused = await ask(phone);
    expect(Number(refused.headers.get('retry-after'))).toBe(60);
    t.clock.advance(MINUTE);
    expect((await ask(phone)).status).toBe(202);
  });

  it('of 10,000 askers in four processes at once one begins the pause', async () => {
    const processes = [1, 2, 3, 4].map(() => createQuotas(t.deps));
    const waits = await Promise.all(
      Array.from({ length: 10_000 }, (_, at) => processes[at % 4]!.pause('test', 'somebody', 60)),
    );
    expect(waits.filter((wait) => wait === 0)).toHaveLength(1);
    expect(waits.every((wait) => wait === 0 || wait === 60)).toBe(true);
  });

  it('of 200 takers in four processes at once a window serves as many as it has', async () => {
    const processes = [1, 2, 3, 4].map(() => createQuotas(t.deps));
    const window = { what: 'test', whom: 'everybody', per: 'hour', max: 7 } as const;
    const waits = await Promise.all(Array.from({ length: 200 }, (_, at) => processes[at % 4]!.take(window)));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(7);
  });

  it('ten a day for a phone, also after Redis has lost everything', async () => {
    t.clock.set('2026-11-23T00:00:00+08:00');
    const phone = newPhone();
    for (let i = 0; i < 12; i++) {
      await t.deps.redis.flushdb();
      const { status, headers } = await ask(phone);
      expect(status).toBe(i < 10 ? 202 : 429);
      if (i >= 10) expect(Number(headers.get('retry-after'))).toBeGreaterThan(3600);
      t.clock.advance(61 * MINUTE);
    }
    expect(await t.sentCodes(phone)).toHaveLength(10);
    t.clock.set('2026-11-24T00:00:01+08:00');
    expect((await ask(phone)).status).toBe(202);
  });

  it('so many an hour for an address and for the site; what was not sent is not counted', async () => {
    const limited = await makeDeps({
      config: { sms: { ...t.deps.config.sms, perAddressPerHour: 3, perSitePerHour: 5 } },
      now: '2026-12-01T02:00:00Z',
    });
    const host = await makeApp({ ...limited.deps, config: { ...limited.deps.config, trustedProxies: ['127.0.0.1'] } });
    const from = (ip: string) =>
      host.browser().post('/api/citizen/login-codes', { phone: newPhone() }, { 'x-forwarded-for': ip });
    const statuses = [];
    for (const ip of [
      '203.0.113.1',
      '203.0.113.1',
      '203.0.113.1',
      '203.0.113.1',
      '203.0.113.2',
      '203.0.113.3',
      '203.0.113.4',
    ])
      statuses.push((await from(ip)).status);
    expect(statuses).toEqual([202, 202, 202, 429, 202, 202, 429]);
    // 203.0.113.4 was refused by the site's quota; its own is whole in the next hour, and so is the site's.
    limited.clock.advance(60 * MINUTE);
    expect((await from('203.0.113.4')).status).toBe(202);
    await host.close();
    await limited.close();
  });

  it('counts an IPv6 customer as one, and an IPv4 address as one', () => {
    expect(addressGroup('2001:db8:1:2:3:4:5:6')).toBe(addressGroup('2001:db8:1:2::9'));
    expect(addressGroup('2001:db8:1:2::1')).not.toBe(addressGroup('2001:db8:1:3::1'));
    expect(addressGroup('::1')).toBe('0:0:0:0');
    expect(addressGroup('203.0.113.9')).toBe('203.0.113.9');
  });

  it('fails closed: Redis away is 503 and nothing is sent', async () => {
    const cut = t.deps.redis.duplicate({
      lazyConnect: true,
      enableOfflineQueue: false,
      retryStrategy: () => null,
      host: '127.0.0.1',
      port: 1,
    });
    cut.on('error', () => undefined);
    await cut.connect().catch(() => undefined);
    const host = await makeApp({ ...t.deps, redis: cut });
    const phone = newPhone();
    expect((await ask(phone, host)).status).toBe(503);
    expect(await t.sentCodes(phone)).toHaveLength(0);
    expect((await ask(phone)).status).toBe(202);
    await host.close();
    cut.disconnect();
  });

  it('a vendor that fails is 503, and the next try need not wait', async () => {
    let broken = true;
    const sms = {
      send: (message: Parameters<typeof t.deps.sms.send>[0]) =>
        broken ? Promise.reject(new SmsError('unavailable', 'test')) : t.deps.sms.send(message),
    };
    const host = await makeApp({ ...t.deps, sms });
    const phone = newPhone();
    expect((await ask(phone, host)).body.code).toBe('sms_unavailable');
    broken = false;
    expect((await ask(phone, host)).status).toBe(202);
    await host.close();
  });
});

describe('accounts of citizens', () => {
  it('known and unknown phones are answered alike', async () => {
    const known = newPhone();
    await logInCitizen(app, t.sentCodes, known);
    t.clock.advance(MINUTE);
    const shape = async (phone: string) => {
      const { status, body } = await ask(phone);
      return { status, body: { ...body, loginCodeId: body.loginCodeId.length } };
    };
    expect(await shape(known)).toEqual(await shape(newPhone()));
  });

  it('the same phone is the same account; two first log-ins at once make one', async () => {
    const phone = newPhone();
    const first = await issue(phone);
    t.clock.advance(MINUTE);
    const second = await issue(phone);
    const [a, b] = await Promise.all([
      use(first.loginCodeId, phone, first.code),
      use(second.loginCodeId, phone, second.code),
    ]);
    expect([a.status, b.status]).toEqual([200, 200]);
    expect(a.body.accountId).toBe(b.body.accountId);
    expect(await app.features.accounts.citizenPhone(a.body.accountId)).toBe(phone);
    expect(
      await accountModel(t.deps.mongo).countDocuments({ phoneIndex: t.deps.cipher.index('account.phone', phone) }),
    ).toBe(1);
  });

  it('a disabled one can neither log in nor go on', async () => {
    const phone = newPhone();
    const browser = await logInCitizen(app, t.sentCodes, phone);
    const { accountId } = (await browser.get('/api/citizen/session')).body;
    await accountModel(t.deps.mongo).updateOne({ _id: accountId }, { $set: { disabled: true } });
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect((await browser.get('/api/citizen/session')).status).toBe(401);
    t.clock.advance(MINUTE);
    const { loginCodeId, code } = await issue(phone);
    expect((await use(loginCodeId, phone, code)).body.code).toBe('account_disabled');
  });

  it('no log line carries a phone or a code', async () => {
    const { phone, code } = await issue();
    const lines = JSON.stringify(t.logged);
    expect(lines.includes(phone)).toBe(false);
    expect(lines.includes(`"${code}"`)).toBe(false);
  });
});
