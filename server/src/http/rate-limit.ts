import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Redis } from 'ioredis';
import { Problem } from './problem.ts';

/**
 * Burst limits: points per seconds, counted per caller, or per address for who is not logged in. They soften waves; what
 * must hold for ever (lockouts, SMS quotas) lives in MongoDB. `shared` ones are counted in Redis over all processes and fall
 * back to this process's memory when Redis is away.
 */
export const LIMITS = {
  read: { points: 600, seconds: 60, shared: false },
  write: { points: 120, seconds: 60, shared: true },
  login: { points: 20, seconds: 600, shared: true },
  /** Another system's receipts come from few addresses, and many at once. */
  callback: { points: 6_000, seconds: 60, shared: true },
  upload: { points: 30, seconds: 600, shared: true },
} as const satisfies Record<string, { points: number; seconds: number; shared: boolean }>;
export type LimitName = keyof typeof LIMITS;

export type RateLimiter = (name: LimitName, who: string) => Promise<void>;

/** `factor` scales all limits (tests and load benches raise it). */
export function createRateLimiter(redis: Redis, factor = 1): RateLimiter {
  const limiters = Object.fromEntries(
    Object.entries(LIMITS).map(([name, { points, seconds, shared }]) => {
      const options = { keyPrefix: `burst:${name}`, points: Math.ceil(points * factor), duration: seconds };
      const memory = new RateLimiterMemory(options);
      return [
        name,
        shared ? new RateLimiterRedis({ ...options, storeClient: redis, insuranceLimiter: memory }) : memory,
      ];
    }),
  ) as unknown as Record<LimitName, RateLimiterAbstract>;
  return async (name, who) => {
    try {
      await limiters[name].consume(who);
    } catch (err) {
      if (!(err instanceof RateLimiterRes)) throw err;
      throw new Problem('too_many_requests', { retryAfter: Math.max(1, Math.ceil(err.msBeforeNext / 1000)) });
    }
  };
}
