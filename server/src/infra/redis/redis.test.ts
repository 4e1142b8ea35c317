import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Redis } from 'ioredis';
import { createCable, type Cable } from '../../../test/fakes/cable.ts';
import { ownDatabases } from '../../../test/own-databases.ts';
import { createLogger } from '../logger/index.ts';
import { connectRedis, isRedisDown } from './index.ts';

const events: string[] = [];
const write = (line: string) => void events.push((JSON.parse(line) as { event: string }).event);
const log = createLogger({ level: 'debug', name: 'test', destination: { write } });

const ready = (redis: Redis) =>
  redis.status === 'ready' ? Promise.resolve() : new Promise<void>((resolve) => redis.once('ready', () => resolve()));

/** How a command ended and how long it took. */
async function timed(work: Promise<unknown>): Promise<{ error: unknown; ms: number }> {
  const begun = Date.now();
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  return { error, ms: Date.now() - begun };
}

/** The whole process does nothing else for so many ms. */
function hold(ms: number): void {
  for (const end = Date.now() + ms; Date.now() < end;);
}

describe('connectRedis', () => {
  let cable: Cable;
  let redis: Redis;
  beforeAll(async () => {
    const { redisUrl } = await ownDatabases();
    cable = await createCable(redisUrl);
    redis = connectRedis(cable.through(redisUrl), { log });
  });
  afterAll(async () => {
    redis.disconnect();
    await cable.close();
  });

  it('takes commands before the first connection', async () => {
    expect(await redis.set('a', '1')).toBe('OK');
    expect(events).toContain('redis.connected');
  });

  it('fails within about a second when Redis is silent, and recovers', async () => {
    cable.set('silent');
    const { error, ms } = await timed(redis.get('a'));
    expect(isRedisDown(error)).toBe(true);
    expect(ms).toBeLessThan(1600);
    cable.set('pass');
    expect(await redis.get('a')).toBe('1');
  });

  it('does not take its own stall for the silence of Redis', async () => {
    const begun = [redis.get('a'), redis.pipeline().get('a').get('b').exec(), redis.multi().get('a').exec()];
    hold(1_500);
    const { error } = await timed(Promise.all(begun));
    expect(error).toBeNull();
  });

  it('fails at once while Redis is away, logs the outage once, and comes back by itself', async () => {
    events.length = 0;
    cable.set('cut');
    await timed(redis.get('a'));
    for (let i = 0; i < 20; i += 1) {
      const { error, ms } = await timed(redis.get('a'));
      expect(isRedisDown(error)).toBe(true);
      expect(ms).toBeLessThan(100);
    }
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(events.filter((event) => event.startsWith('redis.'))).toHaveLength(1);
    cable.set('pass');
    await ready(redis);
    expect(await redis.get('a')).toBe('1');
    expect(events.at(-1)).toBe('redis.connected');
  });

  it('does not hang when Redis was never there, nor log a close of ours as an outage', async () => {
    events.length = 0;
    const nobody = connectRedis('redis://127.0.0.1:9', { log });
    const { error, ms } = await timed(nobody.get('a'));
    expect(isRedisDown(error)).toBe(true);
    expect(ms).toBeLessThan(1600);
    nobody.disconnect();
    events.length = 0;
    const other = connectRedis(`redis://127.0.0.1:${cable.port}`, { log });
    await ready(other);
    await other.quit();
    expect(events).toEqual(['redis.connected']);
  });
});

describe('isRedisDown', () => {
  it('tells an outage from a fault of the program', () => {
    for (const message of [
      'LOADING Redis is loading',
      "READONLY You can't write",
      'Connection is closed.',
      'Command timed out',
    ]) {
      expect(isRedisDown(new Error(message)), message).toBe(true);
    }
    expect(isRedisDown(new Error('outer', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) }))).toBe(
      true,
    );
    for (const error of [
      new Error('WRONGTYPE Operation'),
      new Error('ERR unknown command'),
      new TypeError('x'),
      null,
      'Command timed out',
    ]) {
      expect(isRedisDown(error)).toBe(false);
    }
    const mongo = Object.assign(new Error('connect'), { name: 'MongoNetworkError', code: 'ECONNREFUSED' });
    expect(isRedisDown(mongo)).toBe(false);
  });
});
