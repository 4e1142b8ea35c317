import { hostCommands } from '../commands/host-program.ts';
import { EXIT, Fault } from '../faults.ts';
import { type HostFacts, factsOf } from '../steps/check.ts';
import { type Attempt, attemptsOf, isOpen } from '../steps/history.ts';
import { pendingEverywhere } from '../steps/facts.ts';
import { putPrograms, throwAll } from '../steps/session.ts';
import { table } from '../steps/terminal.ts';
import type { Command } from './command.ts';
import { hostNamed } from './fleet.ts';
import { number, text } from './options.ts';

export const status: Command = {
  usage: 'status',
  summary: 'what every host runs and is in the middle of, who holds the lock, and the last releases',
  help: "Changes nothing, needs no lock, and shows the hosts that can be reached when others can't.",
  options: {},
  words: { min: 0, max: 0 },
  async run(context) {
    const { hosts, terminal } = context;
    const there = await Promise.allSettled(
      hosts.map(async (host) => {
        await putPrograms({ ...context, hosts: [host] });
        return await factsOf(context, host);
      }),
    );
    const facts = pendingEverywhere(there.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
    const lost = there.flatMap((one) => (one.status === 'rejected' ? [(one.reason as Error).message] : []));
    if (context.remote.dry) return {};
    terminal.block(
      `\n${table([['host', 'current', 'previous', 'canary', 'state', 'SLB', 'lock'], ...facts.map(row)])}`,
    );
    for (const line of [...lost, ...facts.flatMap(notes)]) terminal.block(`  ${line}`);
    const known = hosts.filter((host) => facts.some((one) => one.host === host.name));
    const attempts = await attemptsOf({ ...context, hosts: known }, 500);
    terminal.block(
      `\n${table([['last releases', 'state', 'release', 'by', 'last heard'], ...attempts.slice(0, 8).map(attemptRow)])}`,
    );
    terminal.block(advice(facts, lost, attempts));
    return { facts, lost, attempts: attempts.slice(0, 20) };
  },
};

function row(one: HostFacts): string[] {
  const state = one.halfWay
    ? `IN THE MIDDLE (${one.phase})`
    : one.hold
      ? 'drained on purpose'
      : one.serving
        ? 'serving'
        : 'NOT SERVING';
  const probers = Object.entries(one.probers).map(([name, code]) => `${name}: ${code}`);
  const lock = one.lock?.held === true ? `${one.lock.holder}: ${one.lock.doing}` : 'free';
  return [
    one.host,
    one.current ?? '(none)',
    one.previous ?? '-',
    canaryOf(one),
    state,
    probers.join(', ') || '-',
    lock,
  ];
}

const canaryOf = ({ next, canary }: HostFacts) =>
  next === null ? '-' : `${next} ${canary ? `${canary.percent} %` : ''}`.trim();

function notes(one: HostFacts): string[] {
  return [
    ...(one.doing === null ? [] : [`${one.host}: running now: ${one.doing}`]),
    ...(one.lock?.held === true
      ? [`${one.host}: locked since ${one.lock.since}, until ${one.lock.expiresAt} unless renewed`]
      : []),
    ...(one.serves !== null && one.serves !== one.current
      ? [`${one.host}: its API says it is ${one.serves}, not ${one.current}`]
      : []),
    ...(one.pending.length > 0 ? [`${one.host}: migrations pending: ${one.pending.join(', ')}`] : []),
    ...(one.releases.length > 0 ? [`${one.host}: keeps ${one.releases.map(({ id }) => id).join(', ')}`] : []),
  ];
}

const attemptRow = ({ kind, state, target, by, at }: Attempt) => [kind, state, target, by, at];

/** What an operator does next. */
function advice(facts: readonly HostFacts[], lost: readonly string[], attempts: readonly Attempt[]): string {
  const held = facts.some((one) => one.lock?.held === true);
  const releases = new Set(facts.flatMap(({ current }) => current ?? []));
  const [newest] = attempts.filter(({ kind }) => kind !== 'canary');
  const open = facts.some(({ halfWay }) => halfWay) || releases.size > 1 || (newest !== undefined && isOpen(newest));
  if (lost.length > 0) return `\n${lost.length} host(s) can't be reached.\n`;
  if (held && open) return '\nSomebody is at work. If not: wait until the lease ends, then resume.\n';
  if (open) return '\nLeft in the middle: npm run deploy -- resume (forward) or resume --back.\n';
  return held ? '\nLocked.\n' : '\nAll hosts are at the same release.\n';
}

export const logs: Command = {
  usage: 'logs [--host HOST] [--side main|canary|nginx|host]',
  summary: 'the last lines of the logs of all hosts, or of one',
  help: `
  --host HOST      this host only
  --side SIDE      main (API and worker), canary, nginx, or host: what deployments did there (default main)
  --lines N        lines of each file, 1 to 5000 (default 50)`,
  options: { host: { type: 'string' }, side: { type: 'string' }, lines: { type: 'string' } },
  words: { min: 0, max: 0 },
  async run(context, parsed) {
    const only = text(parsed, 'host');
    const side = text(parsed, 'side') ?? 'main';
    if (!['main', 'canary', 'nginx', 'host'].includes(side))
      throw new Fault('--side is main, canary, nginx or host.', EXIT.usage);
    const hosts = only === undefined ? context.hosts : [hostNamed(context, only)];
    const args = hostCommands.logs(number(parsed, 'lines', 1, 5000) ?? 50, side);
    await putPrograms({ ...context, hosts });
    const found: Record<string, unknown> = {};
    const results = await Promise.allSettled(
      hosts.map(async (host) => {
        const files = ((await context.remote.call(host, args))['logs'] ?? {}) as Record<string, string[]>;
        found[host.name] = files;
        for (const [file, lines] of Object.entries(files)) {
          context.terminal.block(`\n== ${host.name} ${file}\n${lines.join('\n')}`);
        }
      }),
    );
    throwAll(results);
    return { logs: found };
  },
};
