import { hostCommands as commands } from '../commands/host-program.ts';
import type { Host } from '../config/schema.ts';
import { hostSettings } from '../config/settings.ts';
import { Fault } from '../faults.ts';
import type { Artifact, Source } from '../steps/build.ts';
import { checkFleet, type CheckOptions, type HostFacts } from '../steps/check.ts';
import { attemptsOf } from '../steps/history.ts';
import type { Kind } from '../steps/record.ts';
import { type Session, throwAll } from '../steps/session.ts';
import type { Todo } from './road.ts';

/** Aborted when the lock was lost or an end was asked for: for what may be dropped half-way. */
export const stopping = ({ signal, interrupt }: Session): AbortSignal => AbortSignal.any([signal, interrupt.signal]);

/** A step on all hosts at once; all of them end before the first failure is told. */
export async function everywhere(
  session: Session,
  name: string,
  work: (host: Host) => Promise<unknown>,
): Promise<void> {
  session.interrupt.check();
  await session.step(undefined, name, async () => throwAll(await Promise.allSettled(session.hosts.map(work))));
}

/** Begins the record of a release. One that was built before has a record already: then this attempt gets its own. */
export function beginRecord({ recorder, environment }: Session, source: Source, kind: Kind): void {
  recorder.begin(source.id, kind, source.artifact === undefined);
  const { required } = environment.approval;
  recorder.add('created', { commit: source.commit, ref: source.ref, ...(required ? { approvalRequired: true } : {}) });
}

/** The prechecks of a plan: the same as `check`. @throws Fault with all faults of all hosts; nothing was changed */
export async function precheck(session: Session, options: CheckOptions = {}): Promise<HostFacts[]> {
  session.interrupt.check();
  const { facts, faults } = await session.step(undefined, 'check', () =>
    checkFleet(session, { ...options, locked: true }),
  );
  if (faults.length > 0)
    throw new Fault(`The checks failed, nothing was changed:\n${faults.map((one) => `  ${one}`).join('\n')}`);
  session.recorder.add('checked');
  return facts;
}

/** What the hosts must know of the environment, as the file says it now. */
export async function putSettings(session: Session): Promise<void> {
  const { environment, loaded } = session;
  await everywhere(session, 'settings', (host) =>
    session.call(host, commands.putSettings(session.fence), {
      input: JSON.stringify(hostSettings(environment, host, loaded.canaryKey)),
    }),
  );
}

/** The artifact to all hosts in parallel; a host that has it already takes nothing. */
export async function ship(session: Session, { file, sha256, bytes, release }: Artifact): Promise<void> {
  await everywhere(session, 'ship', (host) =>
    session.call(host, commands.receive(session.fence, release.id, sha256, bytes), {
      inputFile: file,
      timeoutS: session.environment.limits.transferS,
    }),
  );
}

/** The hashed assets on all hosts, before the first page that names them is served by any. */
export async function publish(session: Session, id: string): Promise<void> {
  await everywhere(session, 'publish', (host) => session.call(host, commands.publish(session.fence, id)));
}

/** The expand migration: once, while the old code serves. */
export async function migrate(session: Session, id: string): Promise<void> {
  session.interrupt.check();
  const [host] = session.hosts;
  if (!host) return;
  session.recorder.add('deploying', { host: host.name, step: 'migrate' });
  const { migrateS } = session.environment.limits;
  const args = commands.migrate(session.fence, id, migrateS);
  await session.step(undefined, 'migrate', () => session.call(host, args, { timeoutS: migrateS + 30 }));
}

/** The hosts that don't serve the release yet. `again` takes those too that do: a restart of the fleet. */
export function hostsToBring(session: Session, facts: readonly HostFacts[], id: string, again: boolean): Todo[] {
  const todo = session.hosts.map((host) => ({ host, there: facts.find((one) => one.host === host.name) }));
  const there = todo.filter((one) => !again && one.there?.serving === true && one.there.current === id);
  for (const { host } of there)
    session.terminal.say(`${host.name.padEnd(8)} serves ${id} already (--again restarts it)`);
  return (
    todo
      .filter((one) => !there.includes(one))
      .map(({ host, there: known }) => ({ host, fresh: !session.remote.dry && known?.current === null }))
      // A new host first: with it in service the others can be spared.
      .toSorted((a, b) => Number(b.fresh) - Number(a.fresh))
  );
}

/** Closes the record of a release that was given up for another. */
export async function tellLeft(session: Session, left: string | undefined, target: string): Promise<void> {
  if (left === undefined) return;
  await session.recorder.flush();
  const attempt = (await attemptsOf(session)).find((one) => one.target === left && one.kind !== 'rollback');
  if (!attempt || attempt.state === 'rolledBack') return;
  session.recorder.goOn(attempt);
  session.recorder.add('rolledBack', { message: `to ${target}` });
}
