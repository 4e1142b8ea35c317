import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeBrowser, type Browser } from '../../test/browser.ts';
import { makeDeps, type TestDeps } from '../../test/deps.ts';
import { loadMessages } from '../../shared/messages/index.ts';
import { createIdempotency } from '../infra/idempotency/index.ts';
import { ANONYMOUS, type Caller } from './caller.ts';
import { createClientIp } from './client-ip.ts';
import { answerErrors } from './errors.ts';
import { frame } from './frame.ts';
import { healthRoutes } from './health.ts';
import { access, body, obj, Problem, responses, routeConfig, z, type Req } from './index.ts';
import { createLifecycle } from './lifecycle.ts';
import { collectRoutes, type MountDeps } from './mount.ts';
import { buildOpenApi } from './openapi.ts';
import { createRateLimiter } from './rate-limit.ts';
import { createRouter } from './router.ts';

const Note = obj({ text: z.string().min(1).max(20) });
const Row = obj({ id: z.string(), text: z.string() });

/** Notes of a citizen: just enough of a feature to try the platform on. */
class NotesController {
  runs = 0;
  readonly testDeps: TestDeps;
  constructor(testDeps: TestDeps) {
    this.testDeps = testDeps;
  }

  @routeConfig({ method: 'post', path: '/api/citizen/notes', operationId: 'createNote', tags: ['notes'] })
  @access({ audience: 'citizen', idempotency: 'required', status: 201, errors: ['conflict'] })
  @body(Note)
  @responses(Row)
  async createNote({ body, caller, requestKey }: Req<{ body: typeof Note }, 'citizen'>) {
    this.runs++;
    const notes =
      this.testDeps.deps.mongo.models['Note'] ??
      this.testDeps.deps.mongo.model(
        'Note',
        new this.testDeps.deps.mongo.base.Schema({ text: String, by: String, requestKey: String }),
      );
    const row = (await notes.create([{ text: body.text, by: caller.accountId, requestKey }]))?.[0];
    if (body.text === 'refuse') throw new Problem('conflict');
    if (body.text === 'break') throw new Error('secret detail at /srv/app.js:1');
    return { id: String(row!._id), text: body.text };
  }

  @routeConfig({ method: 'get', path: '/api/system/things', operationId: 'things', tags: ['notes'] })
  @access({ audience: 'system', permission: 'audit.read' })
  @responses(obj({ ok: z.boolean() }))
  async things() {
    return { ok: true };
  }

  @routeConfig({ method: 'get', path: '/api/citizen/slow', operationId: 'slow', tags: ['notes'] })
  @access({ audience: 'public' })
  async slow({ ctx }: Req) {
    await new Promise((resolve) => setTimeout(resolve, Number(ctx.get('x-sleep') || 0)));
  }
}

const callers: Record<string, Caller> = {
  c1: { kind: 'citizen', accountId: 'c1', sessionId: 's' },
  clerk: {
    kind: 'staff',
    accountId: 'a1',
    sessionId: 's',
    name: 'clerk',
    permissions: new Set(),
    grants: [],
    mustChangePassword: false,
  },
  auditor: {
    kind: 'staff',
    accountId: 'a2',
    sessionId: 's',
    name: 'auditor',
    permissions: new Set(['audit.read'] as const),
    grants: [],
    mustChangePassword: false,
  },
  newcomer: {
    kind: 'staff',
    accountId: 'a3',
    sessionId: 's',
    name: 'new',
    permissions: new Set(['audit.read'] as const),
    grants: [],
    mustChangePassword: true,
  },
};

describe('mounted routes', () => {
  let test: TestDeps;
  let controller: NotesController;
  let server: ReturnType<typeof createServer>;
  let origin: string;
  const refusals: string[] = [];
  const lifecycle = createLifecycle();
  const as = (who: string): Browser => {
    const browser = makeBrowser(origin);
    return {
      ...browser,
      call: (m, p, b, h) => browser.call(m, p, b, { 'x-test-caller': who, ...h }),
      get: (p, h) => browser.get(p, { 'x-test-caller': who, ...h }),
      post: (p, b, h) => browser.post(p, b, { 'x-test-caller': who, ...h }),
    } as Browser;
  };
  const count = () => test.deps.mongo.collection('notes').countDocuments();

  beforeAll(async () => {
    test = await makeDeps();
    const { deps } = test;
    controller = new NotesController(test);
    const mountDeps: MountDeps = {
      cipher: deps.cipher,
      idempotency: createIdempotency(deps.mongo, deps.cipher, deps.clock),
      rateLimit: createRateLimiter(deps.redis),
      clientIp: createClientIp([]),
      authenticate: async (ctx) => callers[ctx.get('x-test-caller')] ?? ANONYMOUS,
      onRefusal: ({ code }) => void refusals.push(code),
      publicOrigin: undefined,
      signing: { secretOf: () => null, clock: () => new Date() },
      checkAnswers: true,
    };
    const app = new Koa();
    app.silent = true;
    app.use(frame({ log: deps.log, metrics: deps.metrics, lifecycle, https: false }));
    app.use(answerErrors(deps.log, { 'zh-CN': await loadMessages('zh-CN'), en: await loadMessages('en') }));
    app.use(createRouter(collectRoutes([controller]), healthRoutes(lifecycle, 'test'), mountDeps));
    app.use(() => {
      throw new Problem('not_found');
    });
    server = createServer(app.callback());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await test.close();
  });

  it('answers who may not call with a problem, and tells the audit', async () => {
    const anonymous = await as('nobody').get('/api/system/things', { 'accept-language': 'en' });
    expect(anonymous).toMatchObject({ status: 401, body: { code: 'not_logged_in', status: 401 } });
    expect(anonymous.headers.get('content-type')).toContain('application/problem+json');
    expect(anonymous.headers.get('x-request-id')).toBe(anonymous.body.requestId);
    expect((await as('clerk').get('/api/system/things')).body.code).toBe('forbidden');
    expect((await as('newcomer').get('/api/system/things')).body.code).toBe('password_change_required');
    expect((await as('c1').get('/api/system/things')).status).toBe(401);
    expect((await as('auditor').get('/api/system/things')).body).toEqual({ ok: true });
    expect(refusals).toContain('forbidden');
  });

  it('judges rights before it looks at the body', async () => {
    expect((await as('nobody').post('/api/citizen/notes', 'not json')).status).toBe(401);
  });

  it.each([
    ['{"text":1}', 422, 'body.text'],
    ['{"text":"a","role":"admin"}', 422, 'body.role'],
    ['{"text":{"$gt":""}}', 400, 'text.$gt'],
    ['{"text":"a","text":"b"}', 400, 'text'],
    ['nonsense', 400, ''],
  ])('control 26, 27: refuses the body %s', async (text, status, path) => {
    const answer = await as('c1').post('/api/citizen/notes', text, { 'idempotency-key': 'k'.repeat(10) });
    expect(answer.status).toBe(status);
    expect(answer.body.issues[0]).toMatchObject({ path, message: expect.stringMatching(/\p{Script=Han}/u) });
  });

  it('refuses other content types, compressed and oversized bodies', async () => {
    const key = { 'idempotency-key': 'kkkkkkkkkk' };
    expect(
      (
        await as('c1').post('/api/citizen/notes', 'text=a', {
          ...key,
          'content-type': 'application/x-www-form-urlencoded',
        })
      ).status,
    ).toBe(415);
    expect((await as('c1').post('/api/citizen/notes', '{}', { ...key, 'content-encoding': 'gzip' })).status).toBe(415);
    expect((await as('c1').post('/api/citizen/notes', JSON.stringify({ text: 'x'.repeat(600_000) }), key)).status).toBe(
      413,
    );
  });

  it('control 18: refuses a write that another site could have sent', async () => {
    const response = await fetch(`${origin}/api/citizen/notes`, {
      method: 'POST',
      headers: { 'x-test-caller': 'c1', 'content-type': 'application/json' },
      body: '{"text":"a"}',
    });
    expect(response.status).toBe(403);
  });

  it('answers unknown paths 404, other methods 405 and TRACE 405', async () => {
    expect((await as('c1').get('/api/nothing')).status).toBe(404);
    expect((await as('c1').call('DELETE', '/api/citizen/notes')).status).toBe(405);
    const status = await new Promise((resolve) =>
      request(`${origin}/api/citizen/notes`, { method: 'TRACE' }, (res) => resolve(res.statusCode)).end(),
    );
    expect(status).toBe(405);
  });

  it('control 51: one key, one record, one answer', async () => {
    const before = await count();
    const key = { 'idempotency-key': 'first-key-1' };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => as('c1').post('/api/citizen/notes', { text: 'once' }, key)),
    );
    const done = answers.filter(({ status }) => status === 201);
    expect(done.length).toBeGreaterThan(0);
    expect(answers.every(({ status, body }) => status === 201 || body.code === 'in_progress')).toBe(true);
    const again = await as('c1').post('/api/citizen/notes', { text: 'once' }, key);
    expect(again.body).toEqual(done[0]!.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await count()).toBe(before + 1);
    expect((await as('c1').post('/api/citizen/notes', { text: 'other' }, key)).body.code).toBe('key_reused');
    expect((await as('c1').post('/api/citizen/notes', { text: 'once' })).body.code).toBe('idempotency_key_missing');
  });

  it('control 51: a refusal is kept with its key and leaves nothing behind', async () => {
    const before = await count();
    const key = { 'idempotency-key': 'refused-key' };
    expect((await as('c1').post('/api/citizen/notes', { text: 'refuse' }, key)).body.code).toBe('conflict');
    const runs = controller.runs;
    expect((await as('c1').post('/api/citizen/notes', { text: 'refuse' }, key)).body.code).toBe('conflict');
    expect(controller.runs).toBe(runs);
    expect(await count()).toBe(before);
  });

  it('control 50: an unknown error says nothing of itself and may be tried again', async () => {
    const key = { 'idempotency-key': 'broken-key-1' };
    const broken = await as('c1').post('/api/citizen/notes', { text: 'break' }, key);
    expect(broken).toMatchObject({ status: 500, body: { code: 'internal_error' } });
    expect(JSON.stringify(broken.body)).not.toMatch(/secret|\.js/);
    const runs = controller.runs;
    await as('c1').post('/api/citizen/notes', { text: 'break' }, key);
    expect(controller.runs).toBe(runs + 1);
  });

  it('takes over a key whose process died after the lease', async () => {
    const idempotency = createIdempotency(test.deps.mongo, test.deps.cipher, test.deps.clock);
    expect(await idempotency.claim('dead', 'r')).toEqual({ kind: 'claimed', fence: 1 });
    expect(await idempotency.claim('dead', 'r')).toEqual({ kind: 'running' });
    test.clock.advance(16_000);
    expect(await idempotency.claim('dead', 'r')).toEqual({ kind: 'claimed', fence: 2 });
    // The one that was thought dead wakes up: its work must not be committed.
    await expect(idempotency.run('dead', 1, async () => ({ status: 201, body: {} }))).rejects.toThrow('dead');
    expect(await idempotency.run('dead', 2, async () => ({ status: 201, body: { n: 2 } }))).toEqual({
      status: 201,
      body: { n: 2 },
    });
  });

  it('control 20: sends the security headers with every answer', async () => {
    for (const path of ['/api/system/things', '/api/nothing', '/health/live', '/nowhere']) {
      const { headers } = await as('auditor').get(path);
      for (const name of ['content-security-policy', 'x-content-type-options', 'referrer-policy', 'x-request-id'])
        expect(headers.get(name), `${path} ${name}`).toBeTruthy();
      if (path.startsWith('/api')) expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  it('speaks of readiness by its own state only', async () => {
    expect((await as('x').get('/health/ready')).status).toBe(503);
    lifecycle.booted();
    expect((await as('x').get('/health/ready')).status).toBe(200);
    lifecycle.drain();
    const draining = await as('x').get('/health/ready');
    expect(draining.status).toBe(503);
    expect(draining.headers.get('connection')).toBe('close');
  });

  it('control 22: refuses to start with a route that names no audience, or a backend route without its permission', () => {
    class Bad {
      @routeConfig({ method: 'get', path: '/api/citizen/open', operationId: 'open' })
      async open() {}
    }
    class Wrong {
      @routeConfig({ method: 'get', path: '/api/business/open', operationId: 'open' })
      @access({ audience: 'public' })
      async open() {}
    }
    class Loose {
      @routeConfig({ method: 'post', path: '/api/citizen/loose', operationId: 'loose' })
      @access({ audience: 'public' })
      @body(z.object({ a: z.string() }))
      async loose() {}
    }
    expect(() => collectRoutes([new Bad()])).toThrow('@access is missing');
    expect(() => collectRoutes([new Wrong()])).toThrow('audience');
    expect(() => collectRoutes([new Loose()])).toThrow('unknown fields');
  });

  it('documents what it does', () => {
    const document = buildOpenApi(collectRoutes([controller])) as any;
    const operation = document.paths['/api/citizen/notes'].post;
    expect(Object.keys(operation.responses).sort()).toEqual([
      '201',
      '400',
      '401',
      '403',
      '409',
      '413',
      '415',
      '422',
      '429',
      '500',
      '503',
    ]);
    expect(operation.parameters.map((p: { name: string }) => p.name)).toEqual(['X-Requested-With', 'Idempotency-Key']);
  });
});
