import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type Koa from 'koa';
import { createClientIp } from '../server/src/http/client-ip.ts';
import { ownAddress } from './test/address.ts';
import { PORTS, startHost, type TestHost } from './test/host.ts';
import { startUpstream, type Upstream } from './test/http.ts';

/** Sends raw requests over one connection, as an SLB that speaks the PROXY protocol does; resolves when all are answered. */
function send(to: { host: string; port: number }, from: string, text: string, answers: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...to, localAddress: from });
    let all = '';
    socket.on('data', (part) => {
      all += part.toString();
      if (all.split('HTTP/1.1 ').length > answers) socket.end(() => resolve(all));
    });
    socket.once('error', reject);
    socket.once('close', () => resolve(all));
    socket.write(text);
  });
}

const forged = () => {
  const part = () => Math.floor(Math.random() * 256);
  const address = () => `${part()}.${part()}.${part()}.${part()}`;
  return Math.random() < 0.5 ? address() : `${address()}, ${address()}`;
};

const requests = (count: number, path = '/api/x') =>
  Array.from(
    { length: count },
    () =>
      `GET ${path} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${forged()}\r\nX-Real-IP: ${forged()}\r\nForwarded: for=${forged()}\r\n\r\n`,
  ).join('');

describe('control 21: whoever writes what into X-Forwarded-For, node learns the true address', () => {
  const slb = ownAddress();
  const client = ownAddress();
  const started: { stop(): Promise<void> }[] = [];
  const keep = <T extends { stop(): Promise<void> }>(one: T): T => {
    started.push(one);
    return one;
  };
  afterEach(async () => {
    await Promise.all(started.splice(0).map((one) => one.stop()));
  });

  /** What the server makes of the requests that arrived: its own rule, with the proxies that ecosystem.config.js names. */
  function clientsOf(upstream: Upstream, host: TestHost, socketPeer: string): string[] {
    const { address, loopback, peers } = host.settings;
    const clientIp = createClientIp([loopback, address, ...peers.map((peer) => peer.address)]);
    const read = ({ headers }: Upstream['seen'][number]) =>
      clientIp({
        req: { socket: { remoteAddress: socketPeer } },
        get: (name: string) => String(headers[name.toLowerCase()] ?? ''),
      } as unknown as Koa.Context);
    return [...new Set(upstream.seen.map(read))];
  }

  it('with the PROXY protocol: 1,000 requests', async () => {
    const host = keep(await startHost({ proxyProtocol: true, slb: { addresses: [slb] } }));
    const { address } = host.settings;
    const api = keep(await startUpstream(address, PORTS.api, 'own'));
    const to = { host: address, port: PORTS.https };
    for (let round = 0; round < 10; round += 1)
      await send(to, slb, `PROXY TCP4 203.0.113.7 ${address} 5555 443\r\n${requests(100)}`, 100);
    expect(api.seen).toHaveLength(1_000);
    expect(clientsOf(api, host, address)).toEqual(['203.0.113.7']);
    expect(new Set(api.seen.map(({ headers }) => headers['forwarded'])).size).toBe(1);
    const lines = await host.lines('access', 1_000);
    expect([...new Set(lines.map((line) => line['client']))]).toEqual(['203.0.113.7']);
  });

  it('who is not the SLB can claim nothing by the PROXY protocol', async () => {
    const host = keep(await startHost({ proxyProtocol: true, slb: { addresses: [slb] } }));
    const { address } = host.settings;
    const api = keep(await startUpstream(address, PORTS.api, 'own'));
    await send(
      { host: address, port: PORTS.https },
      client,
      `PROXY TCP4 203.0.113.7 ${address} 5 443\r\n${requests(5)}`,
      5,
    );
    expect(clientsOf(api, host, address)).toEqual([client]);
  });

  it('with an SLB that keeps the source address', async () => {
    const host = keep(await startHost({ slb: { addresses: [slb] } }));
    const { address } = host.settings;
    const api = keep(await startUpstream(address, PORTS.api, 'own'));
    await send({ host: address, port: PORTS.https }, client, requests(100), 100);
    expect(clientsOf(api, host, address)).toEqual([client]);
  });

  it('with an SLB that says the address by X-Forwarded-For: its word counts, from it alone', async () => {
    const host = keep(await startHost({ slb: { addresses: [slb], forwardedFor: true } }));
    const { address } = host.settings;
    const api = keep(await startUpstream(address, PORTS.api, 'own'));
    const get = 'GET /api/x HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 6.6.6.6, 203.0.113.7\r\n\r\n';
    await send({ host: address, port: PORTS.https }, slb, get, 1);
    expect(clientsOf(api, host, address)).toEqual(['203.0.113.7']);
    api.seen.length = 0;
    await send({ host: address, port: PORTS.https }, client, get + requests(20), 21);
    expect(clientsOf(api, host, address)).toEqual([client]);
  });

  it('when the request came over the nginx of a peer that is drained', async () => {
    const peer = ownAddress();
    const host = keep(
      await startHost({ proxyProtocol: true, slb: { addresses: [slb] }, peers: [{ name: 'h2', address: peer }] }),
    );
    const { address } = host.settings;
    const api = keep(await startUpstream(peer, PORTS.api, 'peer'));
    host.drain(true);
    await send(
      { host: address, port: PORTS.https },
      slb,
      `PROXY TCP4 203.0.113.7 ${address} 5 443\r\n${requests(1)}`,
      1,
    );
    expect(api.seen).toHaveLength(1);
    // The peer of the socket is this host, which the other one trusts as its peer.
    expect(clientsOf(api, host, address)).toEqual(['203.0.113.7']);
  });

  it('a health check names the SLB node that asks, not what it speaks for', async () => {
    const host = keep(await startHost({ proxyProtocol: true, slb: { addresses: [slb] } }));
    const { address } = host.settings;
    const text = `PROXY TCP4 198.51.100.1 ${address} 5 443\r\nGET /health/ready HTTP/1.1\r\nHost: x\r\n\r\n`;
    await send({ host: address, port: PORTS.http }, slb, text, 1);
    expect(await host.lines('health', 1)).toMatchObject([{ prober: slb, status: 503 }]);
  });
});
