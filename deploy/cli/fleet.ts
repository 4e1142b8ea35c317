import { hostCommands } from '../commands/host-program.ts';
import type { Host } from '../config/schema.ts';
import { EXIT, Fault } from '../faults.ts';
import { everywhere } from '../plan/parts.ts';
import { holdOut, join as joinPlan } from '../plan/hold.ts';
import type { Context } from '../steps/session.ts';
import { pruneArtifacts } from '../steps/artifacts.ts';
import { putPrograms, throwAll, underLock } from '../steps/session.ts';
import { textOf, textsOf } from '../steps/answer.ts';
import type { Command } from './command.ts';
import { number, text } from './options.ts';
import { summary } from './summary.ts';

const none = { options: {}, words: { min: 0, max: 0 } } as const;
const oneHost = { options: {}, words: { min: 1, max: 1 } } as const;

export const drain: Command = {
  ...oneHost,
  usage: 'drain HOST',
  summary: 'takes a host out for maintenance and waits until nothing is in flight; it stays out until join',
  help: `
Refuses when no other host would be left. nginx and node go on running: shut the machine down, change its disk, then join.
Nobody heals it meanwhile; releases refuse to start (or leave it out: --without HOST).`,
  run: async (context, { words }) => summary(await holdOut(context, hostNamed(context, words[0] ?? ''))),
};

export const join: Command = {
  ...oneHost,
  usage: 'join HOST',
  summary: 'puts a drained host in again, after a smoke test, and waits until the SLB has it',
  help: 'A host whose processes are down is healed first: they are started from its current release.',
  run: async (context, { words }) => summary(await joinPlan(context, hostNamed(context, words[0] ?? ''))),
};

export const prune: Command = {
  ...none,
  usage: 'prune',
  summary: 'removes old releases and assets from all hosts, old artifacts from here (keep.releases, keep.assetsDays)',
  help: `
Never what is current, previous or a canary, and no asset younger than keep.assetsDays. Versions of the host program that no kept
release carries and nobody has used for a day go too. Of artifacts on this machine those of kept releases stay, and the
newest keep.releases.`,
  run: async (context) => {
    const { releases, assetsDays } = context.loaded.environment.keep;
    const session = await underLock(context, 'prune', async (inner) => {
      const kept = new Set<string>();
      await everywhere(inner, 'prune', async (host) => {
        const gone = await inner.call(host, hostCommands.prune(inner.fence, releases, assetsDays));
        for (const id of textsOf(gone['kept'])) kept.add(id);
        const names = textsOf(gone['releases']).join(', ') || 'no release';
        const programs = textsOf(gone['programs']).length;
        inner.terminal.say(
          `${host.name.padEnd(8)} removed: ${names}; ${textOf(gone['assets'], '0')} assets; ${programs} host programs`,
        );
      });
      if (inner.remote.dry) return inner;
      const artifacts = await pruneArtifacts(inner.environment, releases, kept);
      inner.terminal.say(`${'here'.padEnd(8)} removed: ${artifacts.join(', ') || 'no artifact'}`);
      return inner;
    });
    return summary(session);
  },
};

export const lock: Command = {
  usage: 'lock [--minutes N]',
  summary: 'keeps everybody from releasing for a while, e.g. during an exam or a freeze',
  help: `
Takes the lock on all hosts under your name and ends; it is not renewed.
  --minutes N   how long it holds, 1 to 1440 (default 60)
  --why TEXT    what others read`,
  options: { minutes: { type: 'string' }, why: { type: 'string' } },
  words: { min: 0, max: 0 },
  run: async (context, parsed) => {
    const minutes = number(parsed, 'minutes', 1, 1440) ?? 60;
    const why = text(parsed, 'why') ?? 'nothing: no releases wanted';
    const session = await underLock(context, why, (inner) => Promise.resolve(inner), { holdS: minutes * 60 });
    context.terminal.say(`locked for ${minutes} min; unlock ends it earlier`);
    return { fence: session.fence };
  },
};

export const unlock: Command = {
  ...none,
  usage: 'unlock',
  summary: 'breaks the lock on all hosts; whoever held it is fenced off and can change nothing any more',
  help: `
For a lock that was taken by hand, or an operator who is known to be gone. A plan that is really running ends with code 75;
its host heals itself. Look at status first.`,
  run: async (context) => {
    await putPrograms(context);
    const { remote, terminal, hosts } = context;
    throwAll(
      await Promise.allSettled(
        hosts.map(async (host) => {
          const answer = await remote.call(host, hostCommands.lockBreak());
          const before = (answer['before'] as { holder?: { name?: string } | null } | null | undefined)?.holder;
          terminal.say(`${host.name.padEnd(8)} unlocked${before ? ` (was ${before.name ?? 'somebody'})` : ''}`);
        }),
      ),
    );
    return {};
  },
};

/** @throws Fault (usage) for a name that no host has */
export function hostNamed({ hosts }: Context, name: string): Host {
  const found = hosts.find((host) => host.name === name);
  if (found) return found;
  throw new Fault(`There is no host ${name}: ${hosts.map((host) => host.name).join(', ')}.`, EXIT.usage);
}
