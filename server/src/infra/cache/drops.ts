import type { Redis } from 'ioredis';
import { randomId } from '../crypto/index.ts';
import type { Log } from '../logger/index.ts';
import { DROP } from './scripts.ts';

/** No load that began before a drop is younger than this; a generation outlives every such load. */
export const GENERATION_MS = 48 * 3_600_000;

export const keysOf = (key: string) => [`cache:${key}`, `cache-generation:${key}`, `cache-hold:${key}`] as const;

/** Drops that Redis could not take yet; they are repeated when it is back. Meanwhile this process doesn't read those keys. */
export function createDrops(redis: Redis, log: Log, holdMs: number) {
  const pending = new Set<string>();

  const drop = async (key: string) => {
    pending.add(key);
    await redis.eval(DROP, 3, ...keysOf(key), randomId(), GENERATION_MS, holdMs);
    pending.delete(key);
  };

  redis.on('ready', () => {
    for (const key of pending) void drop(key).catch(() => undefined);
  });

  return {
    pending: (key: string) => pending.has(key),
    async drop(keys: string[]): Promise<void> {
      const results = await Promise.allSettled(keys.map(drop));
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) log.warn('cache.drop_delayed', { count: pending.size, err: failed.reason });
    },
  };
}
