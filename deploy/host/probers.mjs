import { BlockList, isIP, isIPv6 } from 'node:net';

/** A prober that was silent for so many intervals is gone. */
const SILENT_INTERVALS = 10;

/** @param {import('./paths.mjs').Settings} settings seconds */
export const silentS = (settings) => SILENT_INTERVALS * settings.slb.check.intervalS;

/**
 * What each prober was told last. @param {import('./paths.mjs').Settings} settings @param {any[]} lines
 * @returns {Record<string, number>} status by prober
 */
export function lastStatuses(settings, lines) {
  const inside = insideOf(settings.slb.addresses);
  return Object.fromEntries(lines.filter(({ prober }) => inside(prober)).map(({ prober, status }) => [prober, status]));
}

/**
 * Judges probes per prober: every node of the load balancer decides for itself, so each of them must have seen enough. (Counting
 * all probes together is seconds early when there are two nodes.)
 *
 * @param {object} how
 * @param {string[] | null} how.probers null finds them: those heard within `windowS` before now
 * @param {number} how.wanted status that counts, 503 or 200
 * @param {number} how.times so many in a row
 * @param {number} how.windowS
 * @param {string[]} how.networks addresses or CIDRs of the load balancer; others who ask are nobody's prober. Empty: all count
 */
export function proberJudge({ probers, wanted, times, windowS, networks }) {
  /**
   * By prober and port: a load balancer with a listener for http and one for https checks each of them for itself.
   * @type {Map<string, { prober: string, run: number, last: number }>}
   */
  const seen = new Map();
  const keyOf = (/** @type {any} */ { prober, port }) => `${prober} ${port ?? ''}`;
  const inside = insideOf(networks);
  return {
    /** Probes from before the change: they name probers and count for nothing. @param {any[]} lines */
    before(lines) {
      for (const line of lines) {
        const { prober, t } = line;
        if (probers ? probers.includes(prober) : inside(prober))
          seen.set(keyOf(line), { prober, run: 0, last: Math.max(t, seen.get(keyOf(line))?.last ?? 0) });
      }
    },
    /** @param {any[]} lines probes since the change */
    add(lines) {
      for (const line of lines) {
        const { prober, status, t } = line;
        if (probers ? !probers.includes(prober) : !inside(prober)) continue;
        const one = seen.get(keyOf(line)) ?? { run: 0, last: 0 };
        seen.set(keyOf(line), { prober, run: status === wanted ? one.run + 1 : 0, last: Math.max(one.last, t) });
      }
    },
    /** @param {number} now seconds @returns {{ done: boolean, probers: Record<string, number> }} the length of each one's row */
    verdict(now) {
      // A node that was switched off must not be waited for: without a list, only those still heard of count.
      const all = [...seen.values()];
      const heard = all.filter((one) => now - one.last <= windowS);
      const names = probers ?? [...new Set(heard.map((one) => one.prober))];
      // Of one that is named, what it did last counts however long ago; of its ports, the one that is furthest behind.
      const runOf = (/** @type {string} */ name) => {
        const lively = heard.filter((one) => one.prober === name);
        const own = lively.length > 0 ? lively : all.filter((one) => one.prober === name);
        return own.length > 0 ? Math.min(...own.map((one) => one.run)) : 0;
      };
      const runs = Object.fromEntries(names.map((name) => [name, runOf(name)]));
      return { done: names.length > 0 && Object.values(runs).every((run) => run >= times), probers: runs };
    },
  };
}

/** @param {string[]} networks */
function insideOf(networks) {
  const list = new BlockList();
  for (const network of networks) {
    const [address, bits] = network.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return (/** @type {string} */ address) =>
    isIP(address) > 0 && (networks.length === 0 || list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4'));
}
