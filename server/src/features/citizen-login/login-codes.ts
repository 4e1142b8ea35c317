import type { Deps } from '../../deps.ts';
import { randomDigits, randomId } from '../../infra/crypto/index.ts';

export const CODE_SECONDS = 300;
const TRIES = 5;

/**
 * Judges a code in one step, so that of many tries at once no sixth is looked at and only one can win. KEYS code; ARGV mac, now ms.
 * The TTL is by Redis's clock and cleans up; the stored end is by ours and decides.
 */
const JUDGE = `
local row = redis.call('hmget', KEYS[1], 'mac', 'expiresAt')
if not row[1] then return 0 end
if tonumber(ARGV[2]) >= tonumber(row[2]) then redis.call('del', KEYS[1]) return 0 end
if redis.call('hincrby', KEYS[1], 'tries', 1) > tonumber(ARGV[3]) then return 0 end
if row[1] ~= ARGV[1] then return 0 end
redis.call('del', KEYS[1])
return 1`;

/**
 * Log-in codes: six digits, five minutes, five tries, once. Redis holds a keyed HMAC over the request's id, the phone and the
 * code, never the code: it fits no other request and no other phone, and whoever reads Redis can't tell it.
 */
export function createLoginCodes(deps: Pick<Deps, 'redis' | 'cipher' | 'clock'>) {
  const key = (loginCodeId: string) => `login-code:${loginCodeId}`;
  const macOf = (loginCodeId: string, phone: string, code: string) =>
    deps.cipher.index('login-code', `${loginCodeId}\n${phone}\n${code}`);
  return {
    /** Throws when Redis does not answer: ask before anything is counted or sent. */
    assertReady: async (): Promise<void> => void (await deps.redis.ping()),

    /** Makes a code and remembers it. The code itself exists only in what is returned. */
    async issue(phone: string): Promise<{ loginCodeId: string; code: string }> {
      const loginCodeId = randomId();
      const code = randomDigits(6);
      const expiresAt = deps.clock().getTime() + CODE_SECONDS * 1000;
      const row = { mac: macOf(loginCodeId, phone, code), expiresAt, tries: 0 };
      const results = await deps.redis
        .multi()
        .hset(key(loginCodeId), row)
        .expire(key(loginCodeId), CODE_SECONDS + 60)
        .exec();
      const failed = results?.find(([error]) => error);
      if (failed?.[0]) throw failed[0];
      return { loginCodeId, code };
    },

    /** Uses up the code if it is right, still good and has tries left. Everything else is a no, without a reason. */
    async redeem(loginCodeId: string, phone: string, code: string): Promise<boolean> {
      const mac = macOf(loginCodeId, phone, code);
      return (await deps.redis.eval(JUDGE, 1, key(loginCodeId), mac, deps.clock().getTime(), TRIES)) === 1;
    },

    /** Forgets a code that was not sent. */
    forget: async (loginCodeId: string): Promise<void> => void (await deps.redis.del(key(loginCodeId))),
  };
}
