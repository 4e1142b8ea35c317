import { setTimeout as sleep } from 'node:timers/promises';
import { canaryToken } from '../../nginx/canary-token.mjs';
import { hostCommands } from '../commands/host-program.ts';
import { EXIT, Fault } from '../faults.ts';
import { canaryAbort, canaryPromote, canarySet, canaryStart, type Share } from '../plan/canary.ts';
import type { Answer } from '../steps/answer.ts';
import { factsOfAll } from '../steps/check.ts';
import { type Context, putPrograms } from '../steps/session.ts';
import { table } from '../steps/terminal.ts';
import type { Command } from './command.ts';
import { hostNamed } from './fleet.ts';
import { number, type Parsed, text } from './options.ts';
import { summary } from './summary.ts';

export const canary: Command = {
  usage: 'canary REF | promote | abort | set | status | cookie',
  summary: 'runs a release beside the running one for a share of the citizens, then takes or drops it',
  help: `
canary REF        builds, ships, migrates (expand) and starts REF beside the running release, then watches both sides
canary set        changes who is served by it
canary status     error rate and latency of both sides, from nginx's log
canary promote    brings it to all hosts, as a release does, and stops the processes beside
canary abort      leads everybody back and stops them
canary cookie     prints the signed cookie (and header) that chooses a side for its bearer
  --percent N     share of the citizens, 0 to 100; the same person always has the same side (default 5)
  --host HOST     runs on this host only; the share counts for what comes to it (default there 100)
  --cookie        nobody but bearers of the signed cookie or header (--percent 0)
  --minutes N     how long canary REF and canary status watch; Ctrl-C ends the watching, the canary goes on (default 10, 0)
  --since MIN     canary status: figures of the last MIN minutes (default 15)
  --side SIDE     canary cookie: canary or main (default canary)
  --days N        canary cookie: how long it holds, 1 to 90 (default 1)`,
  options: {
    percent: { type: 'string' },
    host: { type: 'string' },
    cookie: { type: 'boolean' },
    minutes: { type: 'string' },
    since: { type: 'string' },
    side: { type: 'string' },
    days: { type: 'string' },
  },
  words: { min: 1, max: 1 },
  async run(context, parsed) {
    const [word = ''] = parsed.words;
    if (word === 'promote') return summary(await canaryPromote(context));
    if (word === 'abort') return summary(await canaryAbort(context));
    if (word === 'set') return summary(await canarySet(context, shareOf(context, parsed, true)));
    if (word === 'cookie') return cookie(context, parsed);
    if (word === 'status') return await status(context, parsed);
    const begun = Date.now();
    const told = summary(await canaryStart(context, word, shareOf(context, parsed, false)));
    if (!context.remote.dry) await watch(context, begun, number(parsed, 'minutes', 0, 1440) ?? 10);
    return told;
  },
};

function shareOf(context: Context, parsed: Parsed, must: boolean): Share {
  const only = text(parsed, 'host');
  const percent = parsed.flags['cookie'] === true ? 0 : number(parsed, 'percent', 0, 100);
  if (must && percent === undefined) throw new Fault('canary set needs --percent N or --cookie.', EXIT.usage);
  if (only !== undefined) hostNamed(context, only);
  return { percent: percent ?? (only === undefined ? 5 : 100), ...(only === undefined ? {} : { only }) };
}

async function status(context: Context, parsed: Parsed): Promise<object> {
  await putPrograms(context);
  const facts = await factsOfAll(context);
  for (const { host, next, canary: share } of facts) {
    const who = share ? `${share.percent} % are served by it, on ${share.hosts.join(', ')}` : 'nobody is led to it';
    context.terminal.block(`  ${host}: ${next ? `${next}, ${who}` : 'no canary'}`);
  }
  const since = Date.now() - (number(parsed, 'since', 1, 1440) ?? 15) * 60_000;
  const minutes = number(parsed, 'minutes', 0, 1440) ?? 0;
  if (minutes > 0) return await watch(context, since, minutes);
  return await show(context, since);
}

/** Shows both sides every ten seconds until the time is over or somebody presses Ctrl-C; the canary goes on. */
async function watch(context: Context, since: number, minutes: number): Promise<object> {
  const { interrupt, terminal } = context;
  const end = Date.now() + minutes * 60_000;
  let last: object = {};
  if (minutes > 0) terminal.say(`watching for ${minutes} min; Ctrl-C ends the watching, the canary goes on`);
  while (Date.now() < end && !interrupt.signal.aborted) {
    await sleep(Math.min(10_000, Math.max(0, end - Date.now())), undefined, { signal: interrupt.signal }).catch(
      () => undefined,
    );
    if (!interrupt.signal.aborted) last = await show(context, since);
  }
  terminal.say('then: canary promote, canary abort or canary set --percent N');
  return last;
}

interface Side {
  requests: number;
  errors: number;
  p50: number;
  p95: number;
  p99: number;
}

async function show(context: Context, since: number): Promise<{ sides: Record<string, Record<string, Side>> }> {
  const args = hostCommands.canaryFigures(since);
  const answers = await Promise.all(context.hosts.map((host) => context.remote.call(host, args, { timeoutS: 60 })));
  const sides: Record<string, Record<string, Side>> = {};
  const rows = [['host', 'side', 'requests', '5xx', 'p50', 'p95', 'p99']];
  context.hosts.forEach(({ name }, at) => {
    const own = figuresIn(answers[at]);
    sides[name] = own;
    for (const [side, one] of Object.entries(own)) {
      const share = one.requests === 0 ? '' : ` (${((100 * one.errors) / one.requests).toFixed(2)} %)`;
      rows.push([
        name,
        side,
        `${one.requests}`,
        `${one.errors}${share}`,
        `${one.p50} ms`,
        `${one.p95} ms`,
        `${one.p99} ms`,
      ]);
    }
  });
  context.terminal.block(table(rows));
  return { sides };
}

const figuresIn = (answer: Answer | undefined) => (answer?.['figures'] ?? {}) as Record<string, Side>;

function cookie(context: Context, parsed: Parsed): object {
  const side = text(parsed, 'side') ?? 'canary';
  if (side !== 'canary' && side !== 'main') throw new Fault('--side is canary or main.', EXIT.usage);
  const expires = Math.floor(Date.now() / 1000) + (number(parsed, 'days', 1, 90) ?? 1) * 86_400;
  const token = canaryToken({ key: context.loaded.canaryKey, side, expires });
  context.terminal.block(
    `cookie:  canary=${token}\nheader:  X-Canary: ${token}\nin a browser's console:  document.cookie = 'canary=${token}; path=/; secure'\n`,
  );
  return { token };
}
