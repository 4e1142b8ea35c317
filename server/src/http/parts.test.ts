import { describe, expect, it } from 'vitest';
import type Koa from 'koa';
import { createClientIp } from './client-ip.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { assertSameSite } from './csrf.ts';
import { localeOf } from './locale.ts';
import type { Problem } from './problem.ts';
import { parseQuery } from './query.ts';
import { assertStrict, validate } from './validate.ts';
import { obj, z } from './z.ts';

const context = (headers: Record<string, string>, peer = '127.0.0.1') =>
  ({ get: (name: string) => headers[name] ?? '', req: { socket: { remoteAddress: peer } } }) as unknown as Koa.Context;

const issuesOf = (work: () => unknown) => {
  try {
    work();
  } catch (err) {
    return (err as Problem).details.issues?.map(({ path, code }) => `${path} ${code}`);
  }
  return [];
};

describe('query', () => {
  it('reads plain parameters', () => {
    expect({ ...parseQuery('a=1&b=%E5%BC%A0+x&c') }).toEqual({ a: '1', b: '张 x', c: '' });
  });
  it('control 29: refuses duplicates and broken encoding by name', () => {
    expect(issuesOf(() => parseQuery('id=1&id=2&x=%ff'))).toEqual([
      'query.id duplicate_parameter',
      'query.x bad_encoding',
    ]);
  });
  it('control 28: keeps prototype names as plain keys', () => {
    parseQuery('__proto__=1&constructor=2');
    expect(({} as Record<string, unknown>)['1']).toBeUndefined();
  });
});

describe('client address', () => {
  it('control 21: ignores X-Forwarded-For of a stranger', () => {
    const ip = createClientIp(['10.0.0.0/8']);
    expect(ip(context({ 'x-forwarded-for': '1.2.3.4' }, '203.0.113.9'))).toBe('203.0.113.9');
    expect(createClientIp([])(context({ 'x-forwarded-for': '1.2.3.4' }, '::ffff:203.0.113.9'))).toBe('203.0.113.9');
  });
  it('control 21: believes its own proxies, and only the last hop that is not one of them', () => {
    const ip = createClientIp(['10.0.0.0/8', '::1']);
    expect(ip(context({ 'x-forwarded-for': '6.6.6.6, 198.51.100.7, 10.1.1.1' }, '10.0.0.2'))).toBe('198.51.100.7');
    expect(ip(context({ 'x-forwarded-for': 'rubbish' }, '10.0.0.2'))).toBe('10.0.0.2');
  });
});

describe('csrf', () => {
  const host = { host: 'a.example', 'x-requested-with': 'dengji' };
  it('control 18: lets our own pages through', () => {
    expect(() => assertSameSite(context({ ...host, origin: 'https://a.example' }), undefined)).not.toThrow();
    expect(() => assertSameSite(context(host), undefined)).not.toThrow();
  });
  it.each([
    { host: 'a.example' },
    { ...host, origin: 'https://evil.example' },
    { ...host, origin: 'null' },
    { ...host, 'sec-fetch-site': 'cross-site' },
  ])('control 18: refuses %o', (headers) =>
    expect(() => assertSameSite(context(headers as Record<string, string>), undefined)).toThrow('csrf_refused'),
  );
});

describe('validate', () => {
  const schema = obj({
    name: z.string().min(1).max(3),
    age: z.number().int().min(0),
    tags: z.array(obj({ a: z.string() })).max(2),
  });
  it('names every fault at once', () => {
    const issues = issuesOf(() =>
      validate(schema, { name: 'long', age: 'x', tags: [{ a: '1', role: 'admin' }], _id: 1 }, 'body'),
    );
    expect(issues).toEqual([
      'body.name too_long',
      'body.age wrong_type',
      'body.tags.0.role unknown_field',
      'body._id unknown_field',
    ]);
  });
  it('refuses schemas that would let unknown fields in', () => {
    expect(() => assertStrict(obj({ a: z.array(z.object({}).optional()) }), 'x')).toThrow('x.a');
    expect(() => assertStrict(schema, 'x')).not.toThrow();
  });
});

describe('small things', () => {
  it('chooses the language', () => {
    expect(['en-GB,zh;q=0.5', 'zh-CN,en', 'fr', undefined, 'fr,en;q=0.1', 'en;q=0,zh'].map((h) => localeOf(h))).toEqual(
      ['en', 'zh-CN', 'zh-CN', 'zh-CN', 'en', 'zh-CN'],
    );
  });
  it('keeps a cursor whole and refuses a foreign one', () => {
    expect(decodeCursor(encodeCursor([5, 'x']), ['number', 'string'])).toEqual([5, 'x']);
    for (const bad of ['', 'xx', encodeCursor([5]), encodeCursor(['5', 'x'])])
      expect(() => decodeCursor(bad, ['number', 'string'])).toThrow('invalid_input');
  });
});
