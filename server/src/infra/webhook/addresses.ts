import { BlockList, isIP } from 'node:net';

/**
 * IPv4 that leads somewhere else than to a host on the public internet (IANA's registry of special-purpose addresses): this
 * network, private, carrier's (clouds keep their metadata there), loopback, link-local (metadata again), tests, multicast.
 */
const SPECIAL_4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24'],
  ...['198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
];

/** Of IPv6 only this part is the public internet; in it these are not, or carry an IPv4 address inside (Teredo, 6to4). */
const PUBLIC_6 = ['2000::/3'];
const SPECIAL_6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'];

/** `127.0.0.1`, `10.0.0.0/8`, `fd00::/8` */
function listOf(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
  }
  return list;
}

const special4 = listOf(SPECIAL_4);
const public6 = listOf(PUBLIC_6);
const special6 = listOf(SPECIAL_6);

/** An IPv4 address that is written as IPv6 (`::ffff:7f00:1`) reaches the IPv4 host; it is judged as that. null: no address. */
export function canonical(address: string): { address: string; family: 'ipv4' | 'ipv6' } | null {
  const kind = isIP(address);
  if (kind === 4) return { address, family: 'ipv4' };
  if (kind !== 6 || address.includes('%')) return null;
  const groups = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(groups);
  if (!mapped) return { address: groups, family: 'ipv6' };
  const [high, low] = [parseInt(mapped[1]!, 16), parseInt(mapped[2]!, 16)];
  return { address: [high >> 8, high & 255, low >> 8, low & 255].join('.'), family: 'ipv4' };
}

/**
 * Which addresses a webhook may go to: those of the public internet, and those that the operator allows.
 * @param allow addresses and CIDR ranges
 */
export function createAddressRule(allow: readonly string[]): (address: string) => boolean {
  const allowed = listOf(allow);
  return (given) => {
    const known = canonical(given);
    if (!known) return false;
    const { address, family } = known;
    if (allowed.check(address, family)) return true;
    return family === 'ipv4'
      ? !special4.check(address, family)
      : public6.check(address, family) && !special6.check(address, family);
  };
}
