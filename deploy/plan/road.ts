import { hostCommands as commands } from '../commands/host-program.ts';
import type { Host } from '../config/schema.ts';
import { EXIT, Fault } from '../faults.ts';
import { type Answer, textOf } from '../steps/answer.ts';
import { isFenced } from '../steps/remote.ts';
import type { Session } from '../steps/session.ts';
import { waitDrained, waitSlb } from '../steps/wait.ts';
import { stopping } from './parts.ts';

/**
 * Brings one host to a release without one failed request: out of the SLB, empty, swapped, tested, in again. When a step
 * fails the host heals (the new release if its smoke test passes, else the old one) and the plan ends.
 * @throws what failed, after the host was put back in service
 */
export async function bring(session: Session, host: Host, id: string, fresh = false): Promise<void> {
  const { fence } = session;
  const walk = (name: string, args: readonly string[], options = {}) =>
    session.step(host, name, () => session.call(host, args, options));
  session.interrupt.check();
  session.recorder.avoid(host);
  session.recorder.add('deploying', { host: host.name, step: 'begun' });
  const started = performance.now();
  try {
    await walk('drain', commands.drain(fence, id));
    // A new host serves nobody yet, and its nginx may not even run.
    if (!fresh) await leave(session, host);
    // From here on a Ctrl-C lets the host arrive first: half-way is nowhere.
    await walk('stop', commands.stop(fence, fresh), patience(session, STOP_S));
    await walk('switch', commands.switch(fence, id));
    await walk('start', commands.start(fence));
    await walk('smoke', commands.smoke(fence, id));
    await walk('join', commands.join(fence));
    await session.step(host, 'in', () => waitSlb(session, host, 'in'));
  } catch (error) {
    throw await afterHealing(session, host, error);
  } finally {
    session.recorder.avoid(undefined);
  }
  const durationMs = Math.round(performance.now() - started);
  session.recorder.add('verifying', { host: host.name, step: 'in service', durationMs });
}

/** Out of the SLB and empty. A Ctrl-C ends the waiting; nothing has been stopped yet, so the host just joins again. */
async function leave(session: Session, host: Host): Promise<void> {
  const signal = stopping(session);
  await session.step(host, 'out', () => waitSlb(session, host, 'out', signal));
  await session.step(host, 'drained', () => waitDrained(session, host, signal));
}

/** Longest that processes may take to stop (pm2's kill_timeout is 170 s), and what healing adds to it: start and smoke test. */
const STOP_S = 200;
const HEAL_S = 2 * STOP_S;

/** Never less patient than the host itself: it would go on while the plan believes that it failed. */
const patience = ({ environment }: Session, least: number) => ({ timeoutS: Math.max(environment.limits.stepS, least) });

/** Puts a host back in service, on the release that it can serve. */
export async function healHost(session: Session, host: Host): Promise<Answer> {
  const options = patience(session, HEAL_S);
  return await session.step(host, 'heal', () => session.call(host, commands.heal(session.fence), options));
}

/** @returns the fault to end with: the first one, and what became of the host */
async function afterHealing(session: Session, host: Host, error: unknown): Promise<unknown> {
  // Another operator has the hosts now, or the watchdog: nothing here may be touched.
  if (session.signal.aborted || isFenced(error)) return error;
  const exit = error instanceof Fault ? error.exit : EXIT.failed;
  const why = (error as Error).message;
  try {
    const healed = await healHost(session, host);
    await session.step(host, 'in', () => waitSlb(session, host, 'in'));
    return new Fault(
      `${why}\n${host.name} is back in service on ${textOf(healed['release'], 'the release it had')}.`,
      exit,
    );
  } catch (second) {
    const rest = `${host.name} could not be put back at once (${(second as Error).message}); its watchdog goes on trying.`;
    return new Fault(`${why}\n${rest}`, isFenced(second) ? EXIT.fenced : EXIT.failed);
  }
}

/** A host that is to be brought to a release. `fresh`: it has none yet. */
export interface Todo {
  host: Host;
  fresh: boolean;
}

/** One host after the other; the first failure ends the plan. */
export async function bringAll(session: Session, todo: readonly Todo[], id: string): Promise<void> {
  for (const { host, fresh } of todo) await bring(session, host, id, fresh);
}
