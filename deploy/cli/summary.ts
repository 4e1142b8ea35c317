import type { Timing } from '../steps/record.ts';
import { seconds, type Session } from '../steps/session.ts';
import { table } from '../steps/terminal.ts';

/** Prints how long each step took. @returns the same for --json: `timings: [{ host, step, ms }]` */
export function summary({ timings, terminal, remote, fence }: Session): { fence: number; timings: Timing[] } {
  if (!remote.dry)
    terminal.block(timings.length === 0 ? '\nnothing was to be done\n' : `\n${timingTable(timings)}\ndone\n`);
  return { fence, timings };
}

/** A row a step, a column a host. */
export function timingTable(timings: readonly Timing[]): string {
  const hosts = [...new Set(timings.map(({ host }) => host))];
  const steps = [...new Set(timings.map(({ step }) => step))];
  const cell = (host: string, step: string) => {
    const found = timings.filter((one) => one.host === host && one.step === step);
    return found.length === 0 ? '' : seconds(found.reduce((sum, { ms }) => sum + ms, 0));
  };
  const total = (host: string) =>
    seconds(timings.filter((one) => one.host === host).reduce((sum, { ms }) => sum + ms, 0));
  return table([
    ['step', ...hosts],
    ...steps.map((step) => [step, ...hosts.map((host) => cell(host, step))]),
    ['sum', ...hosts.map(total)],
  ]);
}
