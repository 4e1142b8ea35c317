import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { join } from 'node:path';
import Koa from 'koa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setSecurityHeaders } from '../server/src/http/security-headers.ts';
import { serveWeb } from '../server/src/http/static.ts';
import { PORTS, startHost, type TestHost } from './test/host.ts';
import { ask, type Answer } from './test/http.ts';

const SCRIPT = `export const text = '${'登记 '.repeat(2_000)}';`;
/** What the server sends with pages and nginx must send too. */
const SAME = [
  'cache-control',
  'content-security-policy',
  'x-content-type-options',
  'x-frame-options',
  'referrer-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'permissions-policy',
  'strict-transport-security',
];

describe('pages', () => {
  let host: TestHost;
  let node: ReturnType<typeof createServer>;
  const fromNginx = (path: string, more: object = {}) =>
    ask({ host: host.settings.address, port: PORTS.https, path, ...more });
  const fromNode = (path: string) => ask({ host: '127.0.0.1', port: (node.address() as AddressInfo).port, path });

  beforeAll(async () => {
    host = await startHost();
    for (const folder of ['current/web/dist/assets', 'assets']) host.write(`${folder}/citizen/main-abc.js`, SCRIPT);
    host.write('current/web/dist/system/help.txt', 'help');
    host.write('current/web/dist/MP_verify_Ab12Cd34.txt', 'Ab12Cd34');
    host.write('assets/citizen/old-release.js', 'old');
    const app = new Koa();
    app.silent = true;
    app.use((ctx, next) => {
      setSecurityHeaders(ctx, 'page', true);
      return next();
    });
    app.use(serveWeb(join(host.root, 'current/web/dist')));
    node = createServer(app.callback());
    await new Promise<void>((resolve) => {
      node.listen(0, '127.0.0.1', resolve);
    });
  });
  afterAll(async () => {
    node?.close();
    await host?.stop();
  });

  it('are found at the same paths, with the same headers, as node serves them without nginx', async () => {
    const paths = [
      ...['/', '/register', '/register/', '/register/index.html', '/register/forms/health', '/register/a.b/c'],
      ...['/business', '/business/people/1?tab=history', '/system/jobs', '/system/help.txt', '/system/none.txt'],
      ...[
        '/assets/citizen/main-abc.js',
        '/assets/citizen/none.js',
        '/assets/',
        '/assets/citizen',
        '/registers',
        '/none',
      ],
      ...[
        '/register/.env',
        '/register/../../release.json',
        '/%2e%2e/release.json',
        '/register/%2e%2e/%2e%2e/release.json',
      ],
      ...['/rendered/nginx/nginx.conf', '/current/web/dist/register/index.html', '/env/dengji.env', '/state/lock.json'],
    ];
    const wrong: unknown[] = [];
    for (const path of paths) {
      const [nginx, koa] = [await fromNginx(path), await fromNode(path)];
      const told = (answer: Answer) => ({
        // nginx says of some paths that they are none at all, where node says that nothing is there.
        status: answer.status === 400 ? 404 : answer.status,
        location: answer.headers.location,
        ...(answer.status === 200 ? { body: answer.body, type: answer.headers['content-type']?.split(';')[0] } : {}),
      });
      if (JSON.stringify(told(nginx)) !== JSON.stringify(told(koa))) wrong.push([path, told(nginx), told(koa)]);
      if (koa.status !== 200) continue;
      for (const name of SAME)
        if (nginx.headers[name] !== koa.headers[name]) wrong.push([path, name, nginx.headers[name], koa.headers[name]]);
    }
    expect(wrong).toEqual([]);
  });

  it('HTML is never stored; an asset is for ever, of whatever release; one that is not there is not remembered', async () => {
    expect((await fromNginx('/register/x')).headers['cache-control']).toBe('no-store');
    expect((await fromNginx('/version.json')).headers['cache-control']).toBe('no-store');
    const old = await fromNginx('/assets/citizen/old-release.js');
    expect([old.body, old.headers['cache-control']]).toEqual(['old', 'public, max-age=31536000, immutable']);
    const gone = await fromNginx('/assets/citizen/gone.js');
    expect([gone.status, gone.headers['cache-control']]).toEqual([404, 'no-store']);
  });

  it('the file that WeChat verifies the domain by is at the root, without a redirect', async () => {
    for (const ask of [fromNginx, fromNode]) {
      const found = await ask('/MP_verify_Ab12Cd34.txt');
      expect([found.status, found.body, found.headers['content-type']?.split(';')[0]]).toEqual([
        200,
        'Ab12Cd34',
        'text/plain',
      ]);
      expect((await ask('/MP_verify_other.txt')).status).toBe(404);
    }
  });

  it('assets come compressed as the browser likes', async () => {
    for (const [encoding, unpack] of [
      ['br', brotliDecompressSync],
      ['gzip', gunzipSync],
    ] as const) {
      const url = `http://${host.settings.address}:${PORTS.https}/assets/citizen/main-abc.js`;
      const raw = await rawBody(url, encoding);
      expect(raw.encoding).toBe(encoding);
      expect(raw.vary).toContain('Accept-Encoding');
      expect(unpack(raw.body).toString()).toBe(SCRIPT);
      expect(raw.body.length).toBeLessThan(1_000);
    }
  });

  it('what nginx refuses by itself has the form and the headers of the API', async () => {
    const answers = [
      await fromNginx('/none'),
      await fromNginx('/register/', { method: 'POST', body: 'x' }),
      await fromNginx('/api/x', { method: 'POST', body: 'x'.repeat(3_000_000) }),
      await fromNginx('/api/x', { headers: { 'Accept-Language': 'en-GB' } }),
    ];
    expect(answers.map(({ body }) => JSON.parse(body))).toMatchObject([
      { status: 404, code: 'not_found', title: '没有找到' },
      { status: 405, code: 'method_not_allowed' },
      { status: 413, code: 'payload_too_large' },
      { status: 502, code: 'unavailable', title: 'The system is busy' },
    ]);
    for (const { headers } of answers) {
      expect(headers['content-type']).toContain('application/problem+json');
      expect(headers['strict-transport-security']).toBe('max-age=63072000; includeSubDomains');
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['server']).toBe('nginx');
    }
    expect(answers[3]!.headers['retry-after']).toBe('2');
  });
});

/** The body as it came over the wire. */
async function rawBody(url: string, encoding: string) {
  const { request } = await import('node:http');
  return new Promise<{ encoding?: string | undefined; vary?: string | undefined; body: Buffer }>((resolve, reject) => {
    const req = request(url, { headers: { 'Accept-Encoding': encoding }, agent: false }, (res) => {
      const parts: Buffer[] = [];
      res.on('data', (part: Buffer) => parts.push(part));
      res.on('end', () =>
        resolve({ encoding: res.headers['content-encoding'], vary: res.headers.vary, body: Buffer.concat(parts) }),
      );
    });
    req.on('error', reject).end();
  });
}
