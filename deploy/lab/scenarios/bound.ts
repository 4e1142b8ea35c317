import type { Lab } from '../lab.ts';
import type { Step } from '../steps.ts';

/** The longest request of the load, ms: an upload takes ten seconds, and may have begun as the host was drained. */
const LONGEST_MS = 20_000;

/**
 * What a release of a fleet can't do without: on each host the SLB must notice twice, what is in flight must end, and processes
 * must start. Building and shipping happen before, while everything serves.
 * @returns `overhead` = what it took on the hosts / the bound
 */
export function boundOf(steps: readonly Step[], { hosts, timing }: Pick<Lab, 'hosts' | 'timing'>) {
  const { intervalS, fall, rise } = timing.check;
  const names = hosts.map(({ name }) => name);
  const took = (host: string, step: string) =>
    steps.filter((one) => one.host === host && one.step === step).reduce((sum, { ms }) => sum + ms, 0);
  const rows: [string, string, number, number][] = [];
  for (const host of names) {
    const start = took(host, 'start');
    const bounds: [string, string[], number][] = [
      ['out', ['drain', 'out'], fall * intervalS * 1_000],
      ['drained', ['drained'], Math.min(took(host, 'drained'), Math.max(0, LONGEST_MS - fall * intervalS * 1_000))],
      ['swap', ['stop', 'switch', 'start', 'smoke'], start],
      ['in', ['join', 'in'], rise * intervalS * 1_000],
    ];
    for (const [name, parts, bound] of bounds)
      rows.push([host, name, parts.reduce((sum, part) => sum + took(host, part), 0), bound]);
  }
  const all = rows.reduce((sum, [, , ms]) => sum + ms, 0);
  const bound = rows.reduce((sum, [, , , least]) => sum + least, 0);
  const line = (cells: string[]) => cells.map((cell, at) => (at < 2 ? cell.padEnd(10) : cell.padStart(10))).join('');
  const seconds = (ms: number) => (ms / 1_000).toFixed(1);
  const table = [
    line(['host', 'part', 'took s', 'bound s']),
    ...rows.map(([host, name, ms, least]) => line([host, name, seconds(ms), seconds(least)])),
    line(['all', '', seconds(all), seconds(bound)]),
  ].join('\n');
  return { overhead: all / bound, table };
}
