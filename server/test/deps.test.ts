import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDeps, type TestDeps } from './deps.ts';

let made: TestDeps;
beforeAll(async () => {
  made = await makeDeps();
});
afterAll(() => made.close());

describe('makeDeps', () => {
  it('gives real parts that work', async () => {
    const { deps, clock } = made;
    await deps.redis.set('a', '1');
    expect(await deps.redis.get('a')).toBe('1');
    await deps.sms.send({ phone: '13800138000', template: 'login-code', params: { code: '123456' } });
    expect(await made.sentCodes('13800138000')).toEqual(['123456']);
    expect(await made.sentCodes('13900139000')).toEqual([]);
    const file = await deps.storage.put(Readable.from([Buffer.from('x'.repeat(700_000))]), {
      name: 'a.txt',
      contentType: 'text/plain',
      maxBytes: 1e6,
      purpose: 'test',
    });
    expect((await text(await deps.storage.open(file.id))).length).toBe(700_000);
    expect(await deps.cache.get('k', { ttl: 60, load: async () => ({ a: 1 }) })).toEqual({ a: 1 });
    expect(await deps.cache.get('k', { ttl: 60, load: async () => ({ a: 2 }) })).toEqual({ a: 1 });
    const before = clock();
    clock.advance(1000);
    expect(deps.clock().getTime() - before.getTime()).toBe(1000);
    expect(made.logged.map((line) => line['event'])).toContain('migration.applied');
  });

  it('keeps two apart', async () => {
    const other = await makeDeps();
    await other.deps.redis.set('b', '1');
    expect(await made.deps.redis.get('b')).toBeNull();
    expect(other.deps.mongo.name).not.toBe(made.deps.mongo.name);
    await other.close();
  });
});
