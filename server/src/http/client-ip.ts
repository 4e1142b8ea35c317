import { BlockList, isIP } from 'node:net';
import type Koa from 'koa';

/**
 * Who is at the other end. X-Forwarded-For is believed only when the socket's peer is one of our proxies, and then only its
 * right-most address that is not ours: everything left of it was written by the client.
 */
export function createClientIp(trustedProxies: readonly string[]): (ctx: Koa.Context) => string {
  const trusted = new BlockList();
  for (const entry of trustedProxies) {
    const [address = '', bits] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits) trusted.addSubnet(address, Number(bits), family);
    else trusted.addAddress(address, family);
  }
  const plain = (address: string) => (address.startsWith('::ffff:') ? address.slice(7) : address);
  const ours = (address: string) =>
    isIP(address) !== 0 && trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return (ctx) => {
    const peer = plain(ctx.req.socket.remoteAddress ?? '');
    if (!trustedProxies.length || !ours(peer)) return peer;
    const hops = ctx
      .get('x-forwarded-for')
      .split(',')
      .map((hop) => plain(hop.trim()));
    const client = hops.reverse().find((hop) => isIP(hop) && !ours(hop));
    return client ?? peer;
  };
}
