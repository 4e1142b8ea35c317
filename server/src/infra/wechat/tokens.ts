import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { UNLOCK } from '../cache/scripts.ts';
import { randomId, type Cipher } from '../crypto/index.ts';
import type { Log } from '../logger/index.ts';
import { assertDone } from './errcodes.ts';
import type { WechatCall } from './http.ts';
import { WechatError, type WechatConfig } from './types.ts';

/** Two calls of 3 s each, and room: after this the next one takes over from a process that died. */
const LOCK_MS = 8_000;
/** Shorter than a request may take (10 s). */
const WAIT_MS = 7_000;
const POLL_MS = 25;
/** A token is given up this long before its end; WeChat hands out the next one, and both are good in that time. */
const EARLY_S = 300;

interface Held {
  token: string;
  /** ms by the process's clock. */
  expiresAt: number;
}

export interface Tokens {
  /** The access token that all processes share. `bad`: the one that WeChat has refused; another one is wanted. */
  get(bad?: string): Promise<string>;
}

/**
 * The access token: sealed in Redis, one for all processes, renewed by one of them while the others wait. It is asked for by
 * `stable_token`, which gives the present one again, so that even two renewals at once end nobody's token; by force (a
 * few a day are allowed) only when WeChat itself hands out one that it refuses.
 */
export function createTokens({
  config: { appId, appSecret },
  redis,
  cipher,
  clock,
  log,
  call,
}: {
  config: WechatConfig;
  redis: Redis;
  cipher: Cipher;
  clock: () => Date;
  log: Log;
  call: WechatCall;
}): Tokens {
  const valueKey = `wechat:token:${appId}`;
  const lockKey = `wechat:token-lock:${appId}`;
  const context = `wechat.token:${appId}`;

  const held = async (bad: string | undefined): Promise<string | null> => {
    const sealed = await redis.get(valueKey);
    if (sealed === null) return null;
    // Sealed under a key that is gone: as if there were none.
    const found = open(sealed);
    return found && found.token !== bad && found.expiresAt > clock().getTime() ? found.token : null;
  };
  const open = (sealed: string): Held | null => {
    try {
      return cipher.openJson<Held>(sealed, context);
    } catch {
      return null;
    }
  };

  const ask = async (force: boolean): Promise<{ token: string; seconds: number }> => {
    const {
      errcode,
      access_token: token,
      expires_in: seconds,
    } = await call({
      path: '/cgi-bin/stable_token',
      body: { grant_type: 'client_credential', appid: appId, secret: appSecret, force_refresh: force },
    });
    assertDone('stable_token', errcode);
    if (
      typeof token !== 'string' ||
      !/^[\x21-\x7e]{8,1024}$/.test(token) ||
      typeof seconds !== 'number' ||
      !(seconds > 0)
    )
      throw new WechatError('unavailable', 'stable_token answered no token');
    return { token, seconds };
  };

  const renew = async (bad: string | undefined): Promise<string> => {
    let answer = await ask(false);
    const force = answer.token === bad;
    if (force) answer = await ask(true);
    const { token, seconds } = answer;
    const life = Math.floor((seconds > 2 * EARLY_S ? seconds - EARLY_S : seconds / 2) * 1000);
    const value: Held = { token, expiresAt: clock().getTime() + life };
    await redis.set(valueKey, cipher.sealJson(value, context), 'PX', Math.max(1, life));
    log.info('wechat.token_renewed', { force });
    return token;
  };

  /** Whoever gets the lock renews; the others wait for what he stores, or for the lock when he could not. */
  const shared = async (bad: string | undefined): Promise<string> => {
    const mine = randomId();
    const until = performance.now() + WAIT_MS;
    for (;;) {
      const found = await held(bad);
      if (found !== null) return found;
      if ((await redis.set(lockKey, mine, 'PX', LOCK_MS, 'NX')) === 'OK') {
        try {
          // Between our look and the lock another one may have been done with it.
          return (await held(bad)) ?? (await renew(bad));
        } finally {
          void redis.eval(UNLOCK, 1, lockKey, mine).catch(() => undefined);
        }
      }
      if (performance.now() > until) throw new WechatError('busy', 'another process is renewing the access token');
      await sleep(POLL_MS);
    }
  };

  const running = new Map<string, Promise<string>>();
  return {
    get(bad) {
      const key = bad ?? '';
      const found = running.get(key);
      if (found) return found;
      const work = shared(bad).finally(() => running.delete(key));
      running.set(key, work);
      return work;
    },
  };
}
