import { once } from 'node:events';
import { request, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { render } from './render.mjs';
import { ownAddress } from './test/address.ts';
import { PORTS, startHost, until, type TestHost } from './test/host.ts';
import { ask, startUpstream, type Upstream } from './test/http.ts';

describe('requests on their way to node', () => {
  const peer = ownAddress();
  let host: TestHost;
  let own: Upstream;
  let other: Upstream;
  /** What the fake API does next, for tests that need more than an echo. */
  let handle: ((req: IncomingMessage, res: ServerResponse) => void) | undefined;
  const at = () => ({ host: host.settings.address, port: PORTS.https });

  beforeAll(async () => {
    host = await startHost({ peers: [{ name: 'h2', address: peer }] });
    own = await startUpstream(host.settings.address, PORTS.api, 'own', (req, res) => {
      if (handle) return handle(req, res);
      own.seen.push({ by: 'own', method: req.method!, url: req.url!, headers: req.headers, bytes: 0, sha256: '' });
      res.setHeader('Content-Type', 'application/json').setHeader('Strict-Transport-Security', 'max-age=1');
      res.end(JSON.stringify(req.headers));
    });
    other = await startUpstream(peer, PORTS.api, 'peer');
  });
  afterAll(async () => {
    await Promise.all([own?.stop(), other?.stop(), host?.stop()]);
  });

  it('carry an id, the scheme and the host, and nothing that a client invents', async () => {
    const invented = { 'X-Request-Id': 'invented-id', 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'ftp' };
    const answer = await ask({ ...at(), path: '/api/x', headers: { Host: 'reg.example.cn', ...invented } });
    const arrived = JSON.parse(answer.body) as Record<string, string>;
    expect(arrived).toMatchObject({
      host: 'reg.example.cn',
      'x-forwarded-proto': 'https',
      'x-forwarded-for': '127.0.0.1',
    });
    expect(arrived['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
    expect(arrived['x-forwarded-host']).toBeUndefined();
    expect(answer.headers['strict-transport-security']).toBe('max-age=63072000; includeSubDomains');
    const [line] = await host.lines('access', 1, ({ id }) => id === arrived['x-request-id']);
    expect(line).toMatchObject({ method: 'GET', path: '/api/x', status: 200, side: 'main', upstreamStatus: '200' });
  });

  it('leave no query, body or cookie in the log', async () => {
    const body = '{"name":"Zhang San"}';
    const headers = { Cookie: 'citizen=secret-session', Authorization: 'Bearer secret-token' };
    await ask({ ...at(), path: '/api/people?name=Zhang&phone=13800000000', method: 'POST', body, headers });
    const [line] = await host.lines('access', 1, ({ path }) => path === '/api/people');
    expect(JSON.stringify(line)).not.toMatch(/Zhang|138|secret/);
  });

  it('share a few connections that stay open', async () => {
    for (let n = 0; n < 50; n += 1) await ask({ ...at(), path: '/api/x' });
    expect(own.sockets.size).toBeLessThanOrEqual(4);
  });

  it('a write that may have happened is never made twice; one that never left is made at the peer', async () => {
    let writes = 0;
    handle = (req) => {
      req.resume().on('end', () => {
        writes += 1;
        req.socket.destroy();
      });
    };
    const before = other.seen.length;
    const lost = await ask({ ...at(), path: '/api/w', method: 'POST', body: 'x' });
    handle = undefined;
    expect([lost.status, writes, other.seen.length - before]).toEqual([502, 1, 0]);
    expect(JSON.parse(lost.body)).toMatchObject({ code: 'unavailable', status: 502 });

    const closed = await startHost({ peers: [{ name: 'h2', address: peer }] });
    const answer = await ask({
      host: closed.settings.address,
      port: PORTS.https,
      path: '/api/w',
      method: 'POST',
      body: 'x',
    });
    expect(JSON.parse(answer.body)).toMatchObject({ by: 'peer', bytes: 1 });
    await closed.stop();
  });

  it('uploads reach node while they are still being sent; other bodies only when they are whole', async () => {
    for (const [path, streamed] of [
      ['/api/business/imports', true],
      ['/api/citizen/submissions', false],
    ] as const) {
      let arrived = 0;
      handle = (req, res) => {
        req.on('data', (part: Buffer) => (arrived += part.length)).on('end', () => res.end('done'));
      };
      const req = request({ ...at(), path, method: 'POST', agent: false, headers: { 'Content-Length': 200_000 } });
      const answered = once(req, 'response') as Promise<[IncomingMessage]>;
      req.write(Buffer.alloc(100_000));
      if (streamed) await until('the first half at node', () => (arrived >= 100_000 ? true : undefined));
      else await ask({ ...at(), path: '/nothing' });
      expect(arrived).toBe(streamed ? 100_000 : 0);
      req.end(Buffer.alloc(100_000));
      const [res] = await answered;
      res.resume();
      expect([res.statusCode, arrived]).toEqual([200, 200_000]);
      handle = undefined;
    }
  });

  it('downloads and events that node marks reach the client as they are made', async () => {
    let finish = () => {};
    handle = (_req, res) => {
      res.writeHead(200, { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
      res.write('data: 1\n\n');
      finish = () => res.end('data: 2\n\n');
    };
    const req = request({ ...at(), path: '/api/events', agent: false, headers: { 'Accept-Encoding': 'gzip, br' } });
    req.end();
    const [res] = (await once(req, 'response')) as [IncomingMessage];
    const [first] = (await once(res, 'data')) as [Buffer];
    expect(first.toString()).toBe('data: 1\n\n');
    expect(res.headers['content-encoding']).toBeUndefined();
    finish();
    const [second] = (await once(res, 'data')) as [Buffer];
    expect(second.toString()).toBe('data: 2\n\n');
    handle = undefined;
  });

  it('who hammers is told to wait, and nobody else', async () => {
    const slb = ownAddress();
    const limited = await startHost({ limits: { requestsPerSecond: 1 }, slb: { addresses: [slb] } });
    const api = await startUpstream(limited.settings.address, PORTS.api, 'own');
    const to = { host: limited.settings.address, port: PORTS.https, path: '/api/x' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(to)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(10);
    expect(JSON.parse(refused[0]!.body)).toMatchObject({ code: 'too_many_requests', status: 429 });
    expect(refused[0]!.headers['retry-after']).toBe('2');
    expect((await ask({ ...to, localAddress: ownAddress() })).status).toBe(200);
    // Neither the health check nor an SLB that hides its clients is counted.
    expect((await ask({ ...to, path: '/health/ready' })).status).toBe(200);
    const hidden = await Promise.all(Array.from({ length: 20 }, () => ask({ ...to, localAddress: slb })));
    expect(hidden.filter(({ status }) => status !== 200)).toEqual([]);
    await Promise.all([api.stop(), limited.stop()]);
  });

  it('says on the status port which configuration runs, so that a reload that failed is seen', async () => {
    const one = await startHost();
    const { address } = one.settings;
    const runs = async () => (await ask({ host: address, port: PORTS.status, path: '/generation' })).body;
    const write = (over: object) => {
      const files = render({ ...one.settings, ...over });
      for (const [name, text] of Object.entries(files)) one.write(`nginx/${name}`, text);
      return /"(\w{16})"/.exec(files['generation.conf']!)![1]!;
    };
    expect(await runs()).toBe(write({}));
    const next = write({ limits: { connections: 5 } });
    await one.reload();
    await until('the new configuration', async () => ((await runs()) === next ? true : undefined));
    await one.stop();
  });

  it('control 63: nothing of the inside is reachable on the public ports', async () => {
    const inside = [
      '/metrics',
      '/health/dependencies',
      '/health/in-flight',
      '/health/live',
      '/status',
      '/stub_status',
      '/nginx_status',
    ];
    const spellings = inside.flatMap((path) => [
      path,
      `/${path}`,
      `${path}/`,
      `/.${path}`,
      path.replace('h', '%68'),
      `/api/..${path}`,
    ]);
    const before = own.seen.length;
    for (const port of [PORTS.https, PORTS.http])
      for (const path of spellings) {
        const { status } = await ask({ host: host.settings.address, port, path });
        expect([port, path, status]).toEqual([port, path, port === PORTS.http ? 308 : 404]);
      }
    expect(own.seen).toHaveLength(before);
    // nginx's counters are on the loopback address only.
    const apart = await startHost({ address: ownAddress(), loopback: ownAddress() });
    const { address, loopback } = apart.settings;
    expect((await ask({ host: loopback, port: PORTS.status, path: '/status' })).body).toContain('Active connections');
    await expect(ask({ host: address, port: PORTS.status, path: '/status' })).rejects.toThrow('ECONNREFUSED');
    await apart.stop();
  });

  it('an API that accepts and says nothing costs a bounded time (health) and no other host', async () => {
    const silent = createServer(() => undefined);
    const mute = await startHost();
    await new Promise<void>((resolve) => {
      silent.listen(PORTS.api, mute.settings.address, resolve);
    });
    const answer = await ask({ host: mute.settings.address, port: PORTS.https, path: '/health/ready' });
    expect([answer.status, JSON.parse(answer.body)]).toEqual([503, { status: 'unreachable' }]);
    silent.close();
    await mute.stop();
  });
});
