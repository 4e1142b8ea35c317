import { request } from 'node:http';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, Browser } from '../browser.ts';
import { makeWorld, newKey, type World } from '../factories.ts';
import { addressOf, operationsOf, sample, type Operation } from '../operations.ts';

type Json = Record<string, unknown>;
const STACK = /\bat .*\.(js|ts|mjs):\d|node_modules|MongoServer|BSON|CastError|ZodError|\/server\/src/;

/** Every object and every leaf of a body, by path. */
function places(value: unknown, path: (string | number)[] = []): { path: (string | number)[]; object: boolean }[] {
  if (typeof value !== 'object' || value === null) return [{ path, object: false }];
  return [
    ...(Array.isArray(value) ? [] : [{ path, object: true }]),
    ...Object.entries(value).flatMap(([key, child]) =>
      places(child, [...path, Array.isArray(value) ? Number(key) : key]),
    ),
  ];
}
/** A copy with what stands at `path` changed. */
function changed(value: unknown, path: (string | number)[], change: (old: any) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  const copy = Array.isArray(value) ? [...value] : { ...(value as Json) };
  (copy as Json)[key] = changed((copy as Json)[key], rest, change);
  return copy;
}

describe('hostile input', () => {
  let world: World;
  let folder: string;
  let browsers: Record<'citizen' | 'staff' | 'anonymous', Browser>;
  let operations: Operation[];
  let wrong: string[] = [];
  let tried = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dengji-web-'));
    await mkdir(join(folder, 'register'));
    await writeFile(join(folder, 'register', 'index.html'), '<!doctype html><title>page</title>');
    world = await makeWorld({ config: { webRoot: folder } });
    operations = operationsOf(world.app.openapi);
    await world.form();
    browsers = { citizen: await world.citizen(), staff: await world.staff(), anonymous: world.anonymous() };
  });
  afterAll(async () => {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });

  const who = ({ audience }: Operation) =>
    browsers[audience === 'public' ? 'anonymous' : audience === 'citizen' ? 'citizen' : 'staff'];
  /** What is signed is refused before it is looked at (see features/deliveries). */
  const withBody = () => operations.filter(({ body, signed }) => body && !signed);
  /** Some operations at once: the calls of a test take turns. */
  const each = async (some: Operation[], work: (operation: Operation) => Promise<void>) => {
    const waiting = [...some];
    await Promise.all(
      Array.from({ length: 6 }, async () => {
        for (let one = waiting.shift(); one; one = waiting.shift()) await work(one);
      }),
    );
  };
  const send = (
    operation: Operation,
    body: unknown,
    headers: Record<string, string> = {},
    address = addressOf(operation),
  ) =>
    who(operation).call(operation.method, address, body, {
      ...(operation.idempotency ? { 'idempotency-key': newKey() } : {}),
      ...headers,
    });

  /** A 4xx problem that names the place (when one is asked for) and nothing of our insides. */
  const refused = (what: string, { status, body, headers }: Answer, at?: string | RegExp) => {
    tried += 1;
    const type = headers.get('content-type') ?? '';
    const said = JSON.stringify(body);
    if (status < 400 || status >= 500 || !type.startsWith('application/problem+json'))
      wrong.push(`${what}: ${status} ${type} ${said.slice(0, 200)}`);
    else if (STACK.test(said)) wrong.push(`${what}: tells of our insides: ${said.slice(0, 300)}`);
    else if (
      at &&
      !(body.issues ?? []).some(({ path }: { path: string }) =>
        typeof at === 'string' ? path === at || path === `body.${at}` : at.test(path),
      )
    )
      wrong.push(`${what}: does not name ${at}: ${said.slice(0, 300)}`);
  };
  const allRefused = (atLeast: number) => {
    const [faults, count] = [wrong, tried];
    [wrong, tried] = [[], 0];
    expect(faults).toEqual([]);
    expect(count).toBeGreaterThanOrEqual(atLeast);
  };

  it('unknown and privileged fields at every level of every body (26)', async () => {
    await each(withBody(), async (operation) => {
      const body = sample(operation.body!, true);
      for (const { path } of places(body).filter(({ object }) => object)) {
        const at = path.reduce<any>(
          (schema, key) => (typeof key === 'number' ? schema?.items : schema?.properties?.[key]),
          operation.body,
        );
        if (at?.additionalProperties !== false) continue;
        for (const field of [
          'role',
          'region',
          'status',
          '_id',
          'createdBy',
          '__v',
          'permissions',
          'scope',
          'deletedAt',
          'anything',
        ]) {
          if (at.properties[field]) continue;
          refused(
            `${operation.operationId} ${path.join('.')}.${field}`,
            await send(
              operation,
              changed(body, path, (old) => ({ ...old, [field]: 'superAdmin' })),
            ),
            [...path, field].join('.'),
          );
        }
      }
    });
    allRefused(200);
  }, 120_000);

  it('operators, prototype keys and dotted keys, at every place of every body (27, 28)', async () => {
    await each(withBody(), async (operation) => {
      const body = sample(operation.body!, true);
      for (const { path } of places(body)) {
        for (const value of [
          { $gt: '' },
          { $ne: null },
          { $where: 'sleep(1000)' },
          { 'a.b': 1 },
          { constructor: { prototype: { x: 1 } } },
        ]) {
          refused(
            `${operation.operationId} ${path.join('.')} ${JSON.stringify(value)}`,
            await send(
              operation,
              changed(body, path, () => value),
            ),
          );
        }
        const raw = JSON.stringify(changed(body, path, () => '@')).replace('"@"', '{"__proto__":{"x":1}}');
        refused(`${operation.operationId} ${path.join('.')} __proto__`, await send(operation, raw), /__proto__$/);
      }
    });
    expect(({} as Json)['x']).toBeUndefined();
    allRefused(400);
  }, 120_000);

  it('wrong types, too long, too deep, at every place of every body', async () => {
    let deep: unknown = 1;
    for (let level = 0; level < 60; level += 1) deep = { a: deep };
    await each(withBody(), async (operation) => {
      const body = sample(operation.body!, true);
      for (const { path, object } of places(body)) {
        if (path.length === 0) continue;
        const old = path.reduce<any>((value, key) => value[key], body);
        const values = object
          ? ['text', 7, [[]]]
          : [{}, [], 'x'.repeat(20_000), ...(typeof old === 'string' ? [7, true] : ['text', '1e999']), deep];
        for (const value of values)
          refused(
            `${operation.operationId} ${path.join('.')} ${JSON.stringify(value).slice(0, 40)}`,
            await send(
              operation,
              changed(body, path, () => value),
            ),
            value === deep ? undefined : /./,
          );
      }
      for (const value of [[], 'text', 7, null, [body]])
        refused(`${operation.operationId} ${JSON.stringify(value)}`, await send(operation, JSON.stringify(value)));
    });
    allRefused(400);
  }, 120_000);

  it('duplicate keys, broken UTF-8, broken JSON, wrong content types, too much (29)', async () => {
    const broken = (operation: Operation, body: string | Buffer, headers: Record<string, string> = {}) => {
      const { cookies } = who(operation);
      return fetch(world.app.origin + addressOf(operation), {
        method: operation.method,
        body: body as string,
        headers: {
          'x-requested-with': 'dengji',
          'content-type': 'application/json',
          cookie: [...cookies].map((pair) => pair.join('=')).join('; '),
          'idempotency-key': newKey(),
          ...headers,
        },
      }).then(async (response) => ({
        status: response.status,
        headers: response.headers,
        body: JSON.parse(await response.text()),
      }));
    };
    await each(withBody(), async (operation) => {
      const body = JSON.stringify(sample(operation.body!, true));
      const [first] = Object.keys(operation.body!.properties!);
      refused(`${operation.operationId} twice`, await broken(operation, `{"${first}":1,${body.slice(1)}`), first);
      refused(
        `${operation.operationId} bytes`,
        await broken(
          operation,
          Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff, 0xc3, 0x28]), Buffer.from('"}')]),
        ),
      );
      for (const text of ['', '{', `${body}x`, 'undefined', '{"a":NaN}', '\u0000'])
        refused(`${operation.operationId} ${text.slice(0, 10)}`, await broken(operation, text));
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/xml',
        'application/json; charset=utf-16',
        '',
      ]) {
        const answer = await broken(operation, body, { 'content-type': type });
        refused(`${operation.operationId} as ${type}`, answer);
        if (answer.status !== 415) wrong.push(`${operation.operationId} as ${type}: ${answer.status}`);
      }
      refused(`${operation.operationId} gzip`, await broken(operation, body, { 'content-encoding': 'gzip' }));
    });
    const [operation] = withBody();
    refused('too much', await broken(operation!, `{"a":"${'x'.repeat(600_000)}"}`));
    allRefused(300);
  }, 120_000);

  it('query parameters: unknown, twice, operators, wrong, too long, broken (27, 28, 29)', async () => {
    await each(operations, async (operation) => {
      const address = addressOf(operation);
      for (const query of [
        'unknown=1',
        '__proto__=1',
        '__proto__[x]=1',
        'constructor.prototype.x=1',
        '$where=1',
        'role=superAdmin',
        'limit[$gt]=1',
        'a=%ff',
        'a=%',
        '%00=1',
      ]) {
        if ((operation.body && !operation.signed) || operation.method === 'GET')
          refused(
            `${operation.operationId}?${query}`,
            await send(operation, operation.body && sample(operation.body), {}, `${address}?${query}`),
            /^query\./,
          );
      }
      for (const { name, schema } of operation.parameters.filter((one) => one.in === 'query')) {
        const good = encodeURIComponent(String(sample(schema)));
        const bad = [
          `${name}=${good}&${name}=${good}`,
          `${name}[$ne]=x`,
          `${name}[]=x`,
          `${name}=${'x'.repeat(6_000)}`,
          `${name}=a%00b`,
        ];
        for (const query of bad)
          refused(
            `${operation.operationId}?${query.slice(0, 60)}`,
            await send(operation, undefined, {}, `${address}?${query}`),
            /^query\./,
          );
      }
    });
    allRefused(600);
  }, 120_000);

  it('cursors, days and moments that look right but are not', async () => {
    const cursors = [
      'x',
      'WyJ4Il0',
      'WzFd',
      'W10',
      'bnVsbA',
      ...[
        [9e15, 'f'.repeat(24)],
        [-1, 'x'],
        ['x', 1],
        [1.5, 'f'.repeat(24)],
        [1e300, 'f'.repeat(24)],
        [''],
        ['f'.repeat(24)],
      ].map((one) => Buffer.from(JSON.stringify(one)).toString('base64url')),
    ];
    const days = ['2026-13-45', '2026-02-30', '0000-00-00', '9999-99-99'];
    await each(
      operations.filter(({ method }) => method === 'GET'),
      async (operation) => {
        const names = operation.parameters.filter((one) => one.in === 'query').map(({ name }) => name);
        const queries = [
          ...(names.includes('cursor') ? cursors.map((value) => `cursor=${value}`) : []),
          ...['from', 'to']
            .filter((name) => names.includes(name))
            .flatMap((name) => [...days, ...days.map((day) => `${day}T99:00:00Z`)].map((value) => `${name}=${value}`)),
        ];
        for (const query of queries) {
          const { status, body } = await send(operation, undefined, {}, `${addressOf(operation)}?${query}`);
          tried += 1;
          if (status >= 500) wrong.push(`${operation.operationId}?${query}: ${status} ${body?.code}`);
        }
      },
    );
    allRefused(60);
  });

  it('path parameters that are none', async () => {
    await each(
      operations.filter(({ path }) => path.includes('{')),
      async (operation) => {
        for (const value of [
          '%24gt',
          '[object Object]',
          '__proto__',
          'constructor',
          '0',
          '-1',
          '1e9',
          '🙈',
          'ｆ'.repeat(24),
          "' or 1=1",
          '%00',
          'x'.repeat(190),
        ]) {
          const body = operation.body ? sample(operation.body) : undefined;
          const address = operation.path.replace(/\{\w+\}/g, encodeURIComponent(value));
          const answer = await send(operation, body, {}, address);
          // `constructor` is a good form key: a form of that name is simply not there.
          refused(
            `${operation.operationId} ${value}`,
            answer.status === 204
              ? {
                  ...answer,
                  status: 404,
                  headers: new Headers({ 'content-type': 'application/problem+json' }),
                  body: {},
                }
              : answer,
          );
        }
      },
    );
    allRefused(200);
  }, 120_000);

  it('path traversal on every route that serves files, in eight encodings (36)', async () => {
    const up = ['../', '..%2f', '%2e%2e/', '%2e%2e%2f', '..%252f', '..\\', '..%5c', '%c0%ae%c0%ae/'];
    const bases = [
      '/',
      '/register/',
      '/register/assets/',
      '/business/',
      '/api/docs/assets/',
      '/api/docs/',
      '/api/business/forms/healthDeclaration/versions/1/template/',
      '/api/business/imports/',
      '/api/business/people/export/',
    ];
    const { port } = new URL(world.app.origin);
    const cookie = [...browsers.staff.cookies].map((pair) => pair.join('=')).join('; ');
    for (const base of bases) {
      for (const step of up) {
        for (const path of [`${base}${step.repeat(8)}etc/passwd`, `${base}${step.repeat(8)}etc/passwd%00.html`]) {
          // Sent as it is: fetch would tidy it up.
          const text = await new Promise<string>((resolve, reject) => {
            request({ host: '127.0.0.1', port, path, headers: { cookie } }, (response) => {
              const chunks: Buffer[] = [];
              response.on('data', (chunk: Buffer) => chunks.push(chunk));
              response.on('end', () => resolve(`${response.statusCode} ${Buffer.concat(chunks).toString('latin1')}`));
            })
              .on('error', reject)
              .end();
          });
          tried += 1;
          if (text.includes('root:') || text.startsWith('5') || STACK.test(text))
            wrong.push(`${path}: ${text.slice(0, 200)}`);
        }
      }
    }
    allRefused(140);
  }, 120_000);
});
