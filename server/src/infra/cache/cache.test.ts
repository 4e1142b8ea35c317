import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Redis } from 'ioredis';
import { createCable, type Cable } from '../../../test/fakes/cable.ts';
import { ownDatabases } from '../../../test/own-databases.ts';
import { createLogger } from '../logger/index.ts';
import { connectRedis } from '../redis/index.ts';
import { createCache } from './index.ts';

const log = createLogger({ level: 'silent', name: 'test' });
let cable: Cable;
/** Two processes with a connection each; the first one's can be pulled. */
let mine: Redis;
let theirs: Redis;
beforeAll(async () => {
  const { redisUrl } = await ownDatabases();
  cable = await createCable(redisUrl);
  mine = connectRedis(cable.through(redisUrl), { log });
  theirs = connectRedis(redisUrl, { log });
});
afterAll(async () => {
  mine.disconnect();
  theirs.disconnect();
  await cable.close();
});
beforeEach(() => theirs.flushdb());

/** A source that counts its reads. */
function source<T>(value: T, ms = 0) {
  const it = {
    value,
    reads: 0,
    load: async (): Promise<T> => {
      it.reads += 1;
      const read = it.value;
      await sleep(ms);
      return read;
    },
  };
  return it;
}

describe('the cache', () => {
  it('reads the source once, also for null, until dropped', async () => {
    const [a, b] = [createCache(mine, { log, holdMs: 1 }), createCache(theirs, { log, holdMs: 1 })];
    for (const value of [{ deep: [1, '二'] }, null, 0, '', false]) {
      const data = source<unknown>(value);
      const key = `once:${JSON.stringify(value)}`;
      for (let i = 0; i < 3; i += 1) {
        expect(await a.get(key, { ttl: 60, load: data.load })).toEqual(value);
        expect(await b.get(key, { ttl: 60, load: data.load })).toEqual(value);
      }
      expect(data.reads).toBe(1);
      data.value = 'new';
      await b.drop(key);
      await sleep(5);
      expect(await a.get(key, { ttl: 60, load: data.load })).toBe('new');
    }
  });

  it('has one loader per key among all processes', async () => {
    const caches = [mine, theirs, mine, theirs].map((redis) => createCache(redis, { log }));
    const busy = Array.from({ length: 25 }, () => caches).flat();
    const data = source('v', 150);
    const got = await Promise.all(busy.map((cache) => cache.get('busy', { ttl: 60, load: data.load })));
    expect(new Set(got)).toEqual(new Set(['v']));
    expect(data.reads).toBe(1);
  });

  it('lets entries die, at different times, and null soon', async () => {
    const cache = createCache(theirs, { log });
    for (let i = 0; i < 30; i += 1) await cache.get(`life:${i}`, { ttl: 100, load: async () => i });
    await cache.get('life:none', { ttl: 1000, load: async () => null });
    const lives = await Promise.all(Array.from({ length: 30 }, (_, i) => theirs.pttl(`cache:life:${i}`)));
    expect(Math.min(...lives)).toBeGreaterThan(80_000);
    expect(Math.max(...lives)).toBeLessThanOrEqual(100_000);
    expect(new Set(lives.map((life) => Math.round(life / 1000))).size).toBeGreaterThan(4);
    expect(await theirs.pttl('cache:life:none')).toBeLessThanOrEqual(30_000);
  });

  it("passes the source's error on, keeps nothing of it, and asks once", async () => {
    const cache = createCache(mine, { log });
    let reads = 0;
    const load = async () => {
      reads += 1;
      throw new Error('source');
    };
    await expect(cache.get('bad', { ttl: 60, load })).rejects.toThrow('source');
    expect(reads).toBe(1);
    expect(await cache.get('bad', { ttl: 60, load: async () => 1 })).toBe(1);
  });
});

describe('no stale value survives a drop', () => {
  it('when the load began before the write', async () => {
    const [reader, writer] = [createCache(mine, { log, holdMs: 20 }), createCache(theirs, { log, holdMs: 20 })];
    const data = source('old', 120);
    const slow = reader.get('race', { ttl: 60, load: data.load });
    while (data.reads === 0) await sleep(1);
    data.value = 'new';
    await writer.drop('race');
    expect(await slow).toBe('old'); // It was asked before the write.
    expect(await reader.get('race', { ttl: 60, load: data.load })).toBe('new');
    expect(await writer.get('race', { ttl: 60, load: data.load })).toBe('new');
  });

  it('when the drop is made inside the transaction and a load comes before the commit', async () => {
    const cache = createCache(theirs, { log, holdMs: 150 });
    const data = source('old');
    await cache.get('tx', { ttl: 60, load: data.load });
    await cache.drop('tx');
    expect(await cache.get('tx', { ttl: 60, load: data.load })).toBe('old'); // Not committed yet.
    data.value = 'new'; // The commit.
    expect(await cache.get('tx', { ttl: 60, load: data.load })).toBe('new');
    await sleep(160);
    expect(await cache.get('tx', { ttl: 60, load: data.load })).toBe('new');
  });

  it('nor do readers of the same process join a load from before the write', async () => {
    const cache = createCache(theirs, { log, holdMs: 20 });
    const data = source('old', 100);
    const slow = cache.get('join', { ttl: 60, load: data.load });
    while (data.reads === 0) await sleep(1);
    data.value = 'new';
    await cache.drop('join');
    expect(await cache.get('join', { ttl: 60, load: data.load })).toBe('new');
    await slow;
  });

  it('under many readers and writers', async () => {
    const caches = [createCache(mine, { log, holdMs: 5 }), createCache(theirs, { log, holdMs: 5 })];
    let committed = 0;
    const load = async () => {
      const read = committed;
      await sleep(Math.random() * 6);
      return read;
    };
    for (let round = 1; round <= 60; round += 1) {
      const readers = caches.flatMap((cache) => [
        cache.get('many', { ttl: 60, load }),
        cache.get('many', { ttl: 60, load }),
      ]);
      await sleep(Math.random() * 4);
      committed = round;
      await caches[round % 2]?.drop('many');
      await Promise.all(readers);
      for (const cache of caches) expect(await cache.get('many', { ttl: 60, load })).toBe(round);
    }
  });
});

describe('Redis away', () => {
  it('goes straight to the source, quickly, and drops later what it could not drop', async () => {
    const [cut, whole] = [createCache(mine, { log, holdMs: 1 }), createCache(theirs, { log, holdMs: 1 })];
    const data = source('old');
    await cut.get('away', { ttl: 60, load: data.load });
    cable.set('cut');
    await mine.get('x').catch(() => undefined);
    data.value = 'new';
    const begun = Date.now();
    await cut.drop('away');
    expect(await cut.get('away', { ttl: 60, load: data.load })).toBe('new');
    expect(await cut.get('other', { ttl: 60, load: async () => 7 })).toBe(7);
    expect(Date.now() - begun).toBeLessThan(500);
    expect(await whole.get('away', { ttl: 60, load: data.load })).toBe('old'); // The documented price.
    cable.set('pass');
    for (let i = 0; i < 100 && (await theirs.get('cache:away')); i += 1) await sleep(50);
    await sleep(10);
    expect(await whole.get('away', { ttl: 60, load: data.load })).toBe('new');
    expect(await cut.get('away', { ttl: 60, load: data.load })).toBe('new');
  });
});
