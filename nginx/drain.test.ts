import { randomBytes } from 'node:crypto';
import { Agent } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ownAddress } from './test/address.ts';
import { PORTS, startHost, until, type TestHost } from './test/host.ts';
import { ask, sha256, startUpstream, type Seen, type Upstream } from './test/http.ts';

describe('a host that is drained', () => {
  const peer = ownAddress();
  let host: TestHost;
  let own: Upstream;
  let other: Upstream;
  const at = () => ({ host: host.settings.address, port: PORTS.https });
  const seenBy = async (path: string, more: object = {}) =>
    JSON.parse((await ask({ ...at(), path, ...more })).body) as Seen;

  beforeAll(async () => {
    host = await startHost({ peers: [{ name: 'h2', address: peer }] });
    own = await startUpstream(host.settings.address, PORTS.api, 'own');
    other = await startUpstream(peer, PORTS.api, 'peer');
    host.write('assets/citizen/a.js', 'a');
  });
  beforeEach(() => host.drain(false));
  afterAll(async () => {
    await Promise.all([own?.stop(), other?.stop(), host?.stop()]);
  });

  it('is not ready from the moment the flag is there, without asking node', async () => {
    expect(await ask({ ...at(), path: '/health/ready' })).toMatchObject({ status: 200 });
    const before = own.seen.length;
    host.drain(true);
    const answer = await ask({ ...at(), path: '/health/ready' });
    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.body)).toEqual({ status: 'draining' });
    expect(own.seen).toHaveLength(before);
    const lines = await host.lines('health', 2);
    expect(lines.slice(-2).map(({ status }) => status)).toEqual([200, 503]);
    expect(lines.at(-1)).toMatchObject({ prober: '127.0.0.1', t: expect.any(Number) });
  });

  it('is not ready at once when node hangs, and no other host answers for it', async () => {
    const alone = await startHost({ peers: [{ name: 'h2', address: peer }] });
    const hanging = await startUpstream(alone.settings.address, PORTS.api, 'hanging', () => undefined);
    const health = { host: alone.settings.address, port: PORTS.https, path: '/health/ready' };
    const asked = other.seen.length;
    // Without the flag the answer comes when the host's patience with node is over.
    expect((await ask(health)).status).toBe(503);
    alone.drain(true);
    const started = performance.now();
    expect((await ask(health)).status).toBe(503);
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(other.seen).toHaveLength(asked);
    alone.drain(false);
    await hanging.stop();
    expect((await ask(health)).status).toBe(503);
    expect(other.seen).toHaveLength(asked);
    await alone.stop();
  });

  it('hands a write of 1 MB to its peer unharmed, with its method, and closes the connection', async () => {
    host.drain(true);
    for (const [method, path] of [
      ['POST', '/api/citizen/submissions?a=1'],
      ['PUT', '/api/business/people/1'],
      ['DELETE', '/api/business/people/1'],
      ['POST', '/api/business/imports'],
    ] as const) {
      const body = randomBytes(1024 * 1024);
      const headers = { 'Content-Length': body.length, 'Idempotency-Key': 'k1', Cookie: 'citizen=abc' };
      const answer = await ask({ ...at(), path, method, body, headers });
      expect(JSON.parse(answer.body)).toMatchObject({ by: 'peer', method, url: path, sha256: sha256(body) });
      expect(answer.headers['connection']).toBe('close');
      const seen = other.seen.at(-1)!;
      expect(seen.headers).toMatchObject({ 'idempotency-key': 'k1', cookie: 'citizen=abc' });
    }
  });

  it('takes an upload whose sender waits to be asked for it (Expect) and one without a length', async () => {
    host.drain(true);
    const body = randomBytes(300_000);
    for (const path of ['/api/x', '/api/business/imports']) {
      const expecting = { Expect: '100-continue', 'Content-Length': body.length };
      expect(await seenBy(path, { method: 'POST', headers: expecting, body })).toMatchObject({
        by: 'peer',
        sha256: sha256(body),
      });
      const chunked = { 'Transfer-Encoding': 'chunked' };
      expect(await seenBy(path, { method: 'POST', headers: chunked, body })).toMatchObject({
        by: 'peer',
        sha256: sha256(body),
      });
    }
  });

  it('serves pages and assets itself, and closes the connection after each', async () => {
    host.drain(true);
    for (const path of [
      '/register/',
      '/register',
      '/business/people/1',
      '/assets/citizen/a.js',
      '/version.json',
      '/nowhere',
    ]) {
      const answer = await ask({ ...at(), path, headers: { Connection: 'keep-alive' } });
      expect([path, answer.status, answer.headers['connection']]).toEqual([
        path,
        path === '/nowhere' ? 404 : path === '/register' ? 302 : 200,
        'close',
      ]);
    }
  });

  it('loses none of 200 idle clients: their next write goes to the peer, once', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 200 });
    const all = Array.from({ length: 200 }, (_, n) => n);
    const send = (n: number) => ask({ ...at(), agent, path: `/api/write/${n}`, method: 'POST', body: `body ${n}` });
    await Promise.all(all.map(send));
    await until('200 idle connections', () =>
      Object.values(agent.freeSockets).flat().length >= 200 ? true : undefined,
    );
    const before = { own: own.seen.length, peer: other.seen.length };
    host.drain(true);
    const answers = await Promise.all(all.map(send));
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(own.seen).toHaveLength(before.own);
    expect(
      other.seen
        .slice(before.peer)
        .map(({ url }) => url)
        .toSorted(),
    ).toEqual(all.map((n) => `/api/write/${n}`).toSorted());
    agent.destroy();
  });

  it('asks its own API when no peer is there', async () => {
    const lonely = await startHost({ peers: [{ name: 'h2', address: ownAddress() }] });
    const api = await startUpstream(lonely.settings.address, PORTS.api, 'own');
    lonely.drain(true);
    const answer = await ask({
      host: lonely.settings.address,
      port: PORTS.https,
      path: '/api/x',
      method: 'POST',
      body: 'x',
    });
    expect(JSON.parse(answer.body)).toMatchObject({ by: 'own', bytes: 1 });
    await Promise.all([api.stop(), lonely.stop()]);
  });
});
