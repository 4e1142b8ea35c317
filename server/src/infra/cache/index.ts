import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { randomId } from '../crypto/index.ts';
import type { Log } from '../logger/index.ts';
import { createDrops, GENERATION_MS, keysOf } from './drops.ts';
import { BEGIN, STORE, UNLOCK } from './scripts.ts';

export interface CacheOptions<T> {
  /** Seconds an entry may live, at most; the real life is up to 15 % shorter, so that entries don't die together. */
  ttl: number;
  /** Reads the source. null is an answer too and is kept for at most 30 s. */
  load: () => Promise<T | null>;
}

/**
 * Cache-aside over Redis for hot data that is safe to read a moment late. Values are JSON and must not be changed by
 * their readers.
 *
 * No stale value survives a drop. A loader remembers the key's generation from before its read and stores only if it is
 * still the same; a drop changes the generation, deletes the value and holds the key open for `holdMs`, while
 * everybody reads the source and nobody stores. So `drop` may be called inside the transaction that writes: a transaction
 * ends (deadline of a request) before the hold does.
 *
 * Redis away: straight to the source. A drop that could not be made then is repeated until it works; other processes
 * may see the old value for the rest of its ttl, so keep ttl at minutes.
 */
export interface Cache {
  get<T>(key: string, options: CacheOptions<T>): Promise<T | null>;
  /** Call it with every write, in the transaction or after it. Never throws. */
  drop(...keys: string[]): Promise<void>;
}

export interface CacheSettings {
  log: Log;
  /** Longest a writing transaction may go on after `drop`, ms. */
  holdMs?: number;
}

const NEGATIVE_MS = 30_000;
const LOCK_MS = 5_000;
const WAIT_MS = 2_000;
const POLL_MS = 25;

export function createCache(redis: Redis, { log, holdMs = 15_000 }: CacheSettings): Cache {
  const loading = new Map<string, Promise<unknown>>();
  const drops = createDrops(redis, log, holdMs);

  /** The value behind a miss: from whoever loads it first, among all processes. */
  async function fill<T>(key: string, options: CacheOptions<T>): Promise<T | null> {
    const [valueKey, generationKey, holdKey] = keysOf(key);
    const generation = await redis.eval(BEGIN, 2, generationKey, holdKey, randomId(), GENERATION_MS);
    if (typeof generation !== 'string') return options.load();
    const lockKey = `cache-lock:${key}`;
    const token = randomId();
    if ((await redis.set(lockKey, token, 'PX', LOCK_MS, 'NX')) !== 'OK') {
      const found = await waitFor<T>(redis, valueKey, lockKey, holdKey);
      if (found) return found.value;
      // The other loader failed, is slow or dead, or may not store what it read. Don't wait for it any longer.
    }
    try {
      const value = await options.load();
      const life = lifeOf(options.ttl, value);
      await redis
        .eval(STORE, 3, valueKey, generationKey, holdKey, JSON.stringify({ value }), life, generation)
        .catch(ignore);
      return value;
    } finally {
      void redis.eval(UNLOCK, 1, lockKey, token).catch(ignore);
    }
  }

  return {
    async get<T>(key: string, options: CacheOptions<T>): Promise<T | null> {
      if (drops.pending(key)) return options.load();
      const running = loading.get(key);
      if (running) return running as Promise<T | null>;
      // Anything that goes wrong on Redis's side falls back to the source; the source's own errors are the caller's.
      let failure: { error: unknown } | undefined;
      const load = () =>
        options.load().catch((error: unknown) => {
          failure = { error };
          throw error;
        });
      const work = read<T>(redis, keysOf(key)[0])
        .then((found) => (found ? found.value : fill(key, { ...options, load })))
        .catch((error: unknown) => {
          if (failure) throw failure.error;
          log.debug('cache.bypassed', { err: error });
          return options.load();
        });
      loading.set(key, work);
      try {
        return await work;
      } finally {
        if (loading.get(key) === work) loading.delete(key);
      }
    },
    async drop(...keys) {
      // A read that comes after the write must not join a load that began before it.
      for (const key of keys) loading.delete(key);
      await drops.drop(keys);
      for (const key of keys) loading.delete(key);
    },
  };
}

const ignore = () => undefined;

async function read<T>(redis: Redis, valueKey: string): Promise<{ value: T | null } | null> {
  const json = await redis.get(valueKey);
  return json === null ? null : (JSON.parse(json) as { value: T | null });
}

/** Waits while another loader holds the lock and what it loads may still be stored. */
async function waitFor<T>(
  redis: Redis,
  valueKey: string,
  lockKey: string,
  holdKey: string,
): Promise<{ value: T | null } | null> {
  const until = Date.now() + WAIT_MS;
  while (Date.now() < until) {
    await sleep(POLL_MS);
    const [json, lock, hold] = await redis.mget(valueKey, lockKey, holdKey);
    if (typeof json === 'string') return JSON.parse(json) as { value: T | null };
    if (lock == null || hold != null) return null;
  }
  return null;
}

function lifeOf(ttl: number, value: unknown): number {
  const most = value === null ? Math.min(ttl * 1000, NEGATIVE_MS) : ttl * 1000;
  return Math.max(1, Math.floor(most * (1 - Math.random() * 0.15)));
}
