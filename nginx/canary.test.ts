import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { canaryToken } from './canary-token.mjs';
import { ownAddress } from './test/address.ts';
import { CANARY_KEY, PORTS, startHost, type TestHost } from './test/host.ts';
import { ask, startUpstream, type Seen, type Upstream } from './test/http.ts';

describe('the canary side', () => {
  const peer = ownAddress();
  let host: TestHost;
  let upstreams: Upstream[];
  const now = () => Math.floor(Date.now() / 1000);
  const token = (side: 'canary' | 'main' = 'canary', expires = now() + 60, key = CANARY_KEY) =>
    canaryToken({ key, side, expires });
  const state = (percent: number, hosts = [peer], release = 'r2') =>
    host.write('state/canary.json', JSON.stringify({ release, percent, hosts }));
  const get = (headers: Record<string, string> = {}, path = '/api/x') =>
    ask({ host: host.settings.address, port: PORTS.https, path, headers });
  const sideOf = async (headers: Record<string, string> = {}) => (JSON.parse((await get(headers)).body) as Seen).by;

  beforeAll(async () => {
    host = await startHost({ peers: [{ name: 'h2', address: peer }] });
    const { address } = host.settings;
    upstreams = await Promise.all([
      startUpstream(address, PORTS.api, 'main'),
      startUpstream(peer, PORTS.api, 'main of peer'),
      startUpstream(peer, PORTS.canaryApi, 'canary'),
    ]);
    host.write('next/web/dist/register/index.html', '<p>register r2</p>');
    host.write('next/rendered/nginx/version.json', '{"build":"r2"}');
  });
  beforeEach(() => {
    host.drain(false);
    rmSync(join(host.root, 'state/canary.json'), { force: true });
  });
  afterAll(async () => {
    await Promise.all([...upstreams, host].map((one) => one.stop()));
  });

  it('is reached by a signed cookie or header, without a reload, and only while there is a canary', async () => {
    expect(await sideOf({ 'X-Canary': token() })).toBe('main');
    state(0);
    expect(await sideOf({ 'X-Canary': token() })).toBe('canary');
    expect(await sideOf({ Cookie: `a=b; canary=${token()}; c=d` })).toBe('canary');
    expect(await sideOf()).toBe('main');
    rmSync(join(host.root, 'state/canary.json'));
    expect(await sideOf({ 'X-Canary': token() })).toBe('main');
  });

  it('believes no token that is forged, expired, or signed with another key', async () => {
    state(0);
    const good = token();
    const bad = [
      token('canary', now() - 1),
      token('canary', now() + 60, `${CANARY_KEY}x`),
      good
        .replace(/^canary/, 'main')
        .replace('main', 'canary ')
        .trim()
        .replace(/.$/, (c) => (c === '0' ? '1' : '0')),
      good.replace(/\.\d+\./, `.${now() + 9_999}.`),
      good.slice(0, -1),
      `${good}0`,
      good.toUpperCase(),
      `canary.${now() + 60}.`,
      'canary',
      '',
    ];
    const sides = await Promise.all(bad.map((one) => sideOf({ 'X-Canary': one })));
    expect(sides.filter((side) => side !== 'main')).toEqual([]);
    state(100);
    expect(await sideOf({ 'X-Canary': token('main') })).toBe('main');
  });

  it('gets its share of the citizens, each of whom stays on his side', async () => {
    state(20);
    const citizens = Array.from({ length: 500 }, (_, n) => ({ Cookie: `__Host-citizen=session-number-${n}` }));
    const sides = await Promise.all(citizens.map(sideOf));
    const share = sides.filter((side) => side === 'canary').length;
    expect(share).toBeGreaterThan(60);
    expect(share).toBeLessThan(140);
    expect(await Promise.all(citizens.map(sideOf))).toEqual(sides);
    // More of them: nobody goes back.
    state(60);
    const later = await Promise.all(citizens.map(sideOf));
    expect(sides.filter((side, n) => side === 'canary' && later[n] !== 'canary')).toEqual([]);
    state(100);
    expect(await sideOf()).toBe('canary');
    state(0);
    expect(await sideOf()).toBe('main');
  });

  it('serves the pages of its release, and those that it lacks from the current one', async () => {
    state(0);
    const headers = { 'X-Canary': token() };
    expect((await get(headers, '/register/forms/1')).body).toBe('<p>register r2</p>');
    expect((await get({}, '/register/forms/1')).body).toBe('<p>register r1</p>');
    expect((await get(headers, '/business/')).body).toBe('<p>business r1</p>');
    expect(JSON.parse((await get(headers, '/version.json')).body)).toEqual({ build: 'r2' });
    expect(JSON.parse((await get({}, '/version.json')).body)).toEqual({ build: 'r1' });
  });

  it('a state that is broken, of another shape or names a stranger is no canary', async () => {
    const headers = { 'X-Canary': token() };
    const broken = [
      '',
      '{',
      'null',
      '[]',
      '{}',
      '{"release":"r2","percent":100,"hosts":[]}',
      '{"release":1,"percent":100}',
    ];
    for (const text of broken) {
      host.write('state/canary.json', text);
      expect([text, await sideOf(headers)]).toEqual([text, 'main']);
    }
    state(100, ['203.0.113.99']);
    expect(await sideOf(headers)).toBe('main');
    expect(host.errors()).not.toContain('js exception');
  });

  it('a canary that is not there costs no request', async () => {
    state(100, [host.settings.address]);
    const answers = await Promise.all(Array.from({ length: 50 }, () => get()));
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    const lines = await host.lines('access', 1, (line) => String(line['upstream']).includes(`:${PORTS.canaryApi}, `));
    expect(lines.at(-1)).toMatchObject({ side: 'canary', status: 200 });
  });

  it('goes on while this host is drained, and falls back on the peer then', async () => {
    state(100);
    host.drain(true);
    expect(await sideOf()).toBe('canary');
    state(100, [host.settings.address]);
    expect(await sideOf()).toBe('main of peer');
  });

  it('its side is in the access log', async () => {
    state(0);
    await get({ 'X-Canary': token() }, '/api/of-canary');
    await get({}, '/api/of-main');
    const [canary] = await host.lines('access', 1, (line) => line['path'] === '/api/of-canary');
    const [main] = await host.lines('access', 1, (line) => line['path'] === '/api/of-main');
    expect([canary!['side'], main!['side']]).toEqual(['canary', 'main']);
  });
});
