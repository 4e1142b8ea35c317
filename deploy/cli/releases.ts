import { release as releasePlan } from '../plan/release.ts';
import { resume as resumePlan } from '../plan/resume.ts';
import { rollback as rollbackPlan } from '../plan/rollback.ts';
import type { Command } from './command.ts';
import { summary } from './summary.ts';

const again = { again: { type: 'boolean' } } as const;

export const release: Command = {
  usage: 'release REF',
  summary: 'builds a commit, tag or branch once and brings it to all hosts, one after the other',
  help: `
Locks the fleet, checks it, waits for an approval where one is required, builds, ships, publishes the hashed assets, runs the
expand migration once, then takes one host after the other out of the SLB, swaps it, tests it and puts it in again.
A failing step puts its host back in service and ends the plan.
  --again   also restarts hosts that serve this release already`,
  options: again,
  words: { min: 1, max: 1 },
  run: async (context, { words, flags }) =>
    summary(await releasePlan(context, words[0] ?? '', flags['again'] === true)),
};

export const rollback: Command = {
  usage: 'rollback [RELEASE]',
  summary: 'brings all hosts back to a release they kept: no build, no migration',
  help: `
Without RELEASE: the one before. Refuses when a contract migration ran after it, because its code can't work with the data any
more, and when a host does not keep it.
  --again   also restarts hosts that serve this release already`,
  options: again,
  words: { min: 0, max: 1 },
  run: async (context, { words, flags }) => summary(await rollbackPlan(context, words[0], flags['again'] === true)),
};

export const resume: Command = {
  usage: 'resume [--back]',
  summary: 'finishes what another operator left in the middle',
  help: `
Reads what every host is in the middle of, puts each back in service, then brings all hosts forward to the release that was
under way; with --back to the one before. Works once the other operator's lease has ended.`,
  options: { back: { type: 'boolean' } },
  words: { min: 0, max: 0 },
  run: async (context, { flags }) => summary(await resumePlan(context, flags['back'] === true)),
};
