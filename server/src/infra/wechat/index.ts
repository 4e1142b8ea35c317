import type { Redis } from 'ioredis';
import type { Cipher } from '../crypto/index.ts';
import type { Log } from '../logger/index.ts';
import { assertDone, isTokenFault } from './errcodes.ts';
import { createWechatCall } from './http.ts';
import { createTokens } from './tokens.ts';
import { WechatError, type Wechat, type WechatConfig, type WechatPhone, type WechatUser } from './types.ts';

export {
  WechatError,
  type Wechat,
  type WechatConfig,
  type WechatFault,
  type WechatPhone,
  type WechatUser,
} from './types.ts';

export interface WechatDeps {
  redis: Redis;
  cipher: Cipher;
  clock: () => Date;
  log: Log;
  fetch?: typeof fetch;
  timeoutMs?: number;
}

/** openid and unionid as WeChat writes them. */
const USER_ID = /^[\w-]{6,64}$/;
const isUserId = (value: unknown): value is string => typeof value === 'string' && USER_ID.test(value);

/** WeChat for an installation that has a mini-program; without one every call says `misconfigured`. Logs outcomes, never codes, ids or phones. */
export function createWechat(config: WechatConfig | null, deps: WechatDeps): Wechat {
  const driver = config ? createDriver(config, deps) : NONE;
  const told =
    <T>(call: string, work: (code: string) => Promise<T>) =>
    async (code: string): Promise<T> => {
      try {
        return await work(code);
      } catch (error) {
        if (error instanceof WechatError) {
          const level = error.fault === 'refused' ? 'info' : error.fault === 'misconfigured' ? 'error' : 'warn';
          deps.log[level]('wechat.failed', { call, fault: error.fault, errcode: error.errcode });
        }
        throw error;
      }
    };
  return { identify: told('identify', driver.identify), phone: told('phone', driver.phone) };
}

const none = (): Promise<never> => Promise.reject(new WechatError('misconfigured', 'no mini-program is configured'));
const NONE: Wechat = { identify: none, phone: none };

function createDriver(config: WechatConfig, deps: WechatDeps): Wechat {
  const call = createWechatCall(config.url, deps);
  const tokens = createTokens({ ...deps, config, call });

  return {
    async identify(code): Promise<WechatUser> {
      const { appId: appid, appSecret: secret } = config;
      const { errcode, openid, unionid } = await call({
        path: '/sns/jscode2session',
        query: { appid, secret, js_code: code, grant_type: 'authorization_code' },
      });
      assertDone('jscode2session', errcode);
      // The session key that comes along opens data of the user that we have no use for: it is not kept.
      if (!isUserId(openid)) throw new WechatError('unavailable', 'jscode2session answered no openid');
      return { openid, unionid: isUserId(unionid) ? unionid : null };
    },

    async phone(code): Promise<WechatPhone> {
      const ask = (token: string) =>
        call({ path: '/wxa/business/getuserphonenumber', query: { access_token: token }, body: { code } });
      const token = await tokens.get();
      let answer = await ask(token);
      if (isTokenFault(answer.errcode)) answer = await ask(await tokens.get(token));
      assertDone('getuserphonenumber', answer.errcode);
      const { purePhoneNumber, countryCode, watermark } = (answer['phone_info'] ?? {}) as Record<string, unknown>;
      // What was made for another mini-program says nothing to this one.
      if ((watermark as { appid?: unknown } | undefined)?.appid !== config.appId)
        throw new WechatError('refused', 'the phone was given to another mini-program');
      if (typeof purePhoneNumber !== 'string' || !/^\d{4,20}$/.test(purePhoneNumber))
        throw new WechatError('unavailable', 'getuserphonenumber answered no phone');
      return { phone: purePhoneNumber, countryCode: String(countryCode) };
    },
  };
}
