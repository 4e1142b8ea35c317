import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { createFakeWechat, type FakeWechat } from '../../../test/fakes/wechat.ts';
import { createWechat, WechatError, type WechatFault } from './index.ts';

const PHONE = '13812345678';
let t: TestDeps;
let fake: FakeWechat;
beforeAll(async () => {
  t = await makeDeps();
});
beforeEach(async () => {
  await t.deps.redis.flushdb();
  fake = await createFakeWechat({ clock: t.clock });
  return () => fake.close();
});
afterAll(() => t.close());

/** As in a process of its own: only Redis is shared. */
const adapter = (change: Partial<FakeWechat['config']> = {}, timeoutMs = 3_000) =>
  createWechat({ ...fake.config, ...change }, { ...t.deps, timeoutMs });
const counted = (call: string, force?: boolean) =>
  fake.calls.filter((one) => one.call === call && (force === undefined || one.force === force)).length;

const faultOf = async (work: Promise<unknown>): Promise<WechatFault | null> =>
  work.then(
    () => null,
    (error: unknown) => {
      expect(error).toBeInstanceOf(WechatError);
      expect(JSON.stringify([error, String((error as Error).stack)])).not.toMatch(
        /login-\d|phone-\d|TOKEN-|ef012345678/,
      );
      return (error as WechatError).fault;
    },
  );

describe('code2Session', () => {
  it('says who it is, with and without a unionid, and nothing of the session key', async () => {
    expect(await adapter().identify(fake.loginCode('openid-of-one'))).toEqual({
      openid: 'openid-of-one',
      unionid: null,
    });
    expect(await adapter().identify(fake.loginCode('openid-of-two', 'unionid-two'))).toEqual({
      openid: 'openid-of-two',
      unionid: 'unionid-two',
    });
  });

  it('refuses codes that are invented, used or too old', async () => {
    const wechat = adapter();
    expect(await faultOf(wechat.identify('login-1-invented'))).toBe('refused');
    const code = fake.loginCode('openid-of-one');
    await wechat.identify(code);
    expect(await faultOf(wechat.identify(code))).toBe('refused');
    const old = fake.loginCode('openid-of-one');
    t.clock.advance(5 * 60_000);
    expect(await faultOf(wechat.identify(old))).toBe('refused');
  });

  it.each([
    [40029, 'refused'],
    [40163, 'refused'],
    [40226, 'refused'],
    [-1, 'busy'],
    [45009, 'busy'],
    [45011, 'busy'],
    [40013, 'misconfigured'],
    [40125, 'misconfigured'],
    [40164, 'misconfigured'],
    [99999, 'unavailable'],
    ['html', 'unavailable'],
    ['hangup', 'unavailable'],
    ['redirect', 'unavailable'],
    ['status', 'unavailable'],
  ] as const)('%s is %s', async (mode, fault) => {
    fake.behave('jscode2session', mode);
    expect(await faultOf(adapter().identify(fake.loginCode('openid-of-one')))).toBe(fault);
    expect(fake.calls).toHaveLength(1);
  });

  it.each(['silent', 'half'] as const)('does not wait for a server that is %s', async (mode) => {
    fake.behave('jscode2session', mode);
    expect(await faultOf(adapter({}, 200).identify('login-1-any'))).toBe('unavailable');
  });

  it('an app id or secret that is wrong, or none at all, is for an operator', async () => {
    expect(await faultOf(adapter({ appId: 'wx-another' }).identify('login-1-x'))).toBe('misconfigured');
    expect(await faultOf(adapter({ appSecret: 'another-secret-123' }).identify('login-1-x'))).toBe('misconfigured');
    expect(await faultOf(createWechat(null, t.deps).identify('login-1-x'))).toBe('misconfigured');
  });
});

describe('the phone behind a code', () => {
  it('comes from the phone component of this mini-program only', async () => {
    const wechat = adapter();
    expect(await wechat.phone(fake.phoneCode(PHONE))).toEqual({ phone: PHONE, countryCode: '86' });
    expect(await wechat.phone(fake.phoneCode('447700900', { countryCode: '44' }))).toMatchObject({ countryCode: '44' });
    expect(await faultOf(wechat.phone(fake.phoneCode(PHONE, { appid: 'wx-another' })))).toBe('refused');
    expect(await faultOf(wechat.phone(fake.loginCode('openid-of-one')))).toBe('refused');
    expect(await faultOf(wechat.phone('phone-1-invented'))).toBe('refused');
  });

  it.each([
    [40029, 'refused'],
    [40163, 'refused'],
    [-1, 'busy'],
    [45009, 'busy'],
    [45011, 'busy'],
    [48001, 'misconfigured'],
  ] as const)('%s is %s, and the token is not renewed for it', async (mode, fault) => {
    fake.behave('getuserphonenumber', mode);
    expect(await faultOf(adapter().phone(fake.phoneCode(PHONE)))).toBe(fault);
    expect(counted('stable_token')).toBe(1);
    expect(counted('getuserphonenumber')).toBe(1);
  });
});

describe('the access token', () => {
  const phones = (adapters: ReturnType<typeof adapter>[]) =>
    Promise.all(adapters.map((one) => one.phone(fake.phoneCode(PHONE))));

  it('is asked for by one of twelve processes that need it at once, and kept for all', async () => {
    fake.slowTokens(150);
    const adapters = Array.from({ length: 12 }, () => adapter());
    expect(await phones([...adapters, ...adapters])).toHaveLength(24);
    expect(counted('stable_token')).toBe(1);
    await phones([adapter()]);
    expect(counted('stable_token')).toBe(1);
  });

  it('is renewed five minutes before its end, by one', async () => {
    await adapter().phone(fake.phoneCode(PHONE));
    t.clock.advance((7_200 - 301) * 1_000);
    await adapter().phone(fake.phoneCode(PHONE));
    expect(counted('stable_token')).toBe(1);
    t.clock.advance(2_000);
    await phones(Array.from({ length: 5 }, () => adapter()));
    expect(counted('stable_token')).toBe(2);
    expect(counted('stable_token', true)).toBe(0);
  });

  it('refused by WeChat (42001) although it hands out the same: forced once for all, each call repeated once', async () => {
    const adapters = Array.from({ length: 8 }, () => adapter());
    await phones(adapters);
    fake.spoilToken();
    fake.slowTokens(50);
    expect(await phones(adapters)).toHaveLength(8);
    expect(counted('stable_token', true)).toBe(1);
    expect(counted('getuserphonenumber')).toBe(8 + 16);
  });

  it('ended by somebody else, who has made a new one: nothing is forced', async () => {
    const wechat = adapter();
    await wechat.phone(fake.phoneCode(PHONE));
    fake.spoilToken(true);
    expect(await wechat.phone(fake.phoneCode(PHONE))).toMatchObject({ phone: PHONE });
    expect(counted('stable_token', true)).toBe(0);
  });

  it.each([40001, 40014, 42001])('%i for ever: one renewal, one more try, then no', async (errcode) => {
    fake.behave('getuserphonenumber', errcode);
    expect(await faultOf(adapter().phone(fake.phoneCode(PHONE)))).toBe('unavailable');
    expect(counted('getuserphonenumber')).toBe(2);
    expect(counted('stable_token', true)).toBe(1);
  });

  it.each([
    [-1, 'busy'],
    [45009, 'busy'],
    [45011, 'busy'],
    [40164, 'misconfigured'],
    ['hangup', 'unavailable'],
  ] as const)('not to be had (%s): %s, and the next one may try at once', async (mode, fault) => {
    fake.behave('stable_token', mode, 1);
    expect(await faultOf(adapter().phone(fake.phoneCode(PHONE)))).toBe(fault);
    expect(await adapter().phone(fake.phoneCode(PHONE))).toMatchObject({ phone: PHONE });
  });

  it('goes on when the process that renews it has died: its lock ends', async () => {
    await t.deps.redis.set(`wechat:token-lock:${fake.config.appId}`, 'dead', 'PX', 300);
    expect(await adapter().phone(fake.phoneCode(PHONE))).toMatchObject({ phone: PHONE });
    expect(counted('stable_token')).toBe(1);
  });

  it('lies sealed in Redis, and is in no log', async () => {
    await adapter().phone(fake.phoneCode(PHONE));
    const [key = ''] = await t.deps.redis.keys('wechat:token:*');
    expect(await t.deps.redis.get(key)).not.toContain('TOKEN-');
    const logged = JSON.stringify(t.logged);
    expect(logged).toContain('wechat.token_renewed');
    expect(logged).toContain('wechat.failed');
    expect(logged).not.toMatch(/TOKEN-|13812345678|openid-of|login-\d|phone-\d|0123456789abcdef0123/);
  });
});
