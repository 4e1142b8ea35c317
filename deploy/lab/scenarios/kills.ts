import { readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../lab.ts';
import type { Running } from '../operator.ts';
import { stepOf } from '../steps.ts';
import { addVariant } from '../variants.ts';
import { until } from '../wait.ts';

/** The steps of a release in their order: the operator dies as soon as one has been told, while it is at the next. */
export const STEPS: readonly (readonly [host: string, step: string])[] = [
  ...['check', 'ship', 'publish', 'migrate'].map((step) => ['all', step] as const),
  ...['h1', 'h2'].flatMap((host) =>
    ['drain', 'out', 'drained', 'stop', 'switch', 'start', 'smoke', 'join'].map((step) => [host, step] as const),
  ),
];

/** Waits until a running plan has told the end of a step. @throws Error when it ends before */
export async function toldStep(running: Running, host: string, step: string): Promise<void> {
  let over = false;
  void running.ended.then(() => (over = true));
  await until(
    `${host} ${step}`,
    () => {
      const there = running.said.some((one) => {
        const found = stepOf(one);
        return found?.host === host && found.step === step;
      });
      if (over && !there)
        throw new Error(`the plan ended before ${host} ${step}:\n${running.said.map(({ line }) => line).join('\n')}`);
      return there;
    },
    600_000,
    10,
  );
}

/** What each host serves, as its own links say. */
export const currents = (lab: Lab): (string | null)[] =>
  lab.hosts.map(({ root }) => {
    try {
      return basename(readlinkSync(join(root, 'current')));
    } catch {
      return null;
    }
  });

/** Waits until nobody holds the lock any more: an operator who was killed keeps it until its lease ends. */
export const leaseOver = (lab: Lab): Promise<void> => sleep((lab.timing.leaseS + 3) * 1_000);

/**
 * Kills the operator with -9 at every step in turn. Every other time somebody resumes, else nobody comes: the host must be back
 * in service by itself.
 * @returns what was wrong
 */
export async function diesAtEveryStep(lab: Lab, say: (text: string) => void, steps = STEPS): Promise<string[]> {
  const wrong: string[] = [];
  const tags = ['killA', 'killB'];
  for (const tag of tags) addVariant(lab.repository, 'plain', tag);
  for (const [at, [host, step]] of steps.entries()) {
    const what = `killed after ${host} ${step}`;
    try {
      const running = lab.operator(['release', tags[at % 2]!, '--again'], { name: 'dying' });
      await toldStep(running, host, step);
      running.signal('SIGKILL');
      await running.ended;
      wrong.push(...(await afterDeath(lab, what, at % 2 === 0)));
      say(`${what}, ${at % 2 === 0 ? 'resumed' : 'nobody came'}: ${currents(lab).join(' ')}`);
    } catch (error) {
      wrong.push(`${what}: ${(error as Error).message}`);
      say(wrong.at(-1)!);
      await leaseOver(lab);
    }
  }
  return wrong;
}

async function afterDeath(lab: Lab, what: string, resume: boolean): Promise<string[]> {
  const wrong: string[] = [];
  const began = Date.now();
  const status = await lab.operator(['status'], { name: 'second' }).ended;
  for (const id of currents(lab))
    if (id && !status.text.includes(id)) wrong.push(`${what}: status does not name ${id}:\n${status.text}`);
  if (resume) {
    // While the lease lasts nobody else may touch anything; who asks too late finds it ended.
    const early = await lab.operator(['resume'], { name: 'second' }).ended;
    if (early.code !== 73 && early.code !== 0) wrong.push(`${what}: an early resume ended with ${early.code}`);
    if (early.code !== 0) {
      await leaseOver(lab);
      await lab.deploy(['resume'], { name: 'second' });
    }
    if (new Set(currents(lab)).size > 1) wrong.push(`${what}: resume left ${currents(lab).join(' and ')}`);
  } else {
    await leaseOver(lab);
  }
  // Healing drains, stops and starts; then the SLB has to see it.
  await lab.untilUp();
  const seconds = Math.round((Date.now() - began) / 1_000);
  if (!resume && seconds > lab.timing.leaseS + 120) wrong.push(`${what}: in service only after ${seconds} s`);
  return wrong;
}

/**
 * An operator falls asleep in the middle of a host, another one takes over, the first wakes up.
 * @returns what was wrong
 */
export async function wakesUpTooLate(lab: Lab, say: (text: string) => void): Promise<string[]> {
  const wrong: string[] = [];
  addVariant(lab.repository, 'plain', 'asleep');
  const sleeping = lab.operator(['release', 'asleep'], { name: 'sleeping' });
  await toldStep(sleeping, 'h1', 'drained');
  sleeping.signal('SIGSTOP');
  await leaseOver(lab);
  await lab.deploy(['resume', '--back'], { name: 'second' });
  await lab.untilSettled();
  const before = currents(lab);
  const changes = lab.view.events.length;
  sleeping.signal('SIGCONT');
  const { code, text } = await sleeping.ended;
  if (code !== 75) wrong.push(`an operator who woke up ended with ${code}:\n${text}`);
  if (String(currents(lab)) !== String(before)) wrong.push(`who woke up changed ${before} to ${currents(lab)}`);
  if (lab.view.events.length !== changes) wrong.push('who woke up moved a host out of the SLB');
  say(`an operator who woke up after a take-over ended with ${code} and changed nothing`);
  return wrong;
}
