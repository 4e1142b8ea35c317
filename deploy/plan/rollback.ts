import { EXIT, Fault } from '../faults.ts';
import type { HostFacts } from '../steps/check.ts';
import { type Attempt, attemptsOf } from '../steps/history.ts';
import type { Context, Session } from '../steps/session.ts';
import { underLock } from '../steps/session.ts';
import { hostsToBring, precheck, publish, putSettings, tellLeft } from './parts.ts';
import { bringAll } from './road.ts';

/** Brings the fleet back to a release that its hosts kept: no build, no migration. @param wanted default: the previous one */
export async function rollback(context: Context, wanted?: string, again = false): Promise<Session> {
  return await underLock(context, `rollback ${wanted ?? ''}`.trim(), async (session) => {
    const facts = await precheck(session, { rollback: true });
    const target = wanted ?? (session.remote.dry ? 'RELEASE' : previousOf(facts, await attemptsOf(session)));
    const left = facts.map(({ current }) => current).find((id) => id !== null && id !== target) ?? undefined;
    if (!session.remote.dry) await refuseImpossible(session, facts, target);
    session.recorder.begin(target, 'rollback', false);
    session.recorder.add('created', left ? { message: `from ${left}` } : {});
    session.recorder.add('checked');
    await putSettings(session);
    await publish(session, target);
    await bringAll(session, hostsToBring(session, facts, target, again), target);
    session.recorder.add('done');
    await tellLeft(session, left, target);
    return session;
  });
}

/**
 * Pure: the release before, by the hosts which have the newest one. Never one that was given up: after a rollback the release
 * before is what the fleet was just rolled back from.
 * @param attempts newest first
 * @throws Fault (usage) when there is none
 */
export function previousOf(
  facts: readonly Pick<HostFacts, 'current' | 'previous'>[],
  attempts: readonly Attempt[],
): string {
  const newest = facts
    .map(({ current }) => current ?? '')
    .toSorted()
    .at(-1);
  const previous = facts.find((one) => one.current === newest && one.previous !== null)?.previous;
  const name = 'Name one: rollback RELEASE (status lists them).';
  if (!previous) throw new Fault(`No host has a previous release. ${name}`, EXIT.usage);
  const state = attempts.find(({ target }) => target === previous)?.state;
  if (state !== 'failed' && state !== 'rolledBack') return previous;
  throw new Fault(`The release before, ${previous}, was given up (${state}). ${name} Nothing was changed.`, EXIT.usage);
}

/**
 * After a contract migration the older code can't work with the data any more.
 * @throws Fault that names the migrations, or the hosts that don't have the release
 */
async function refuseImpossible(session: Session, facts: readonly HostFacts[], target: string): Promise<void> {
  const missing = facts.filter(({ releases }) => !releases.some(({ id }) => id === target)).map(({ host }) => host);
  if (missing.length > 0) {
    throw new Fault(
      `${target} is not kept on ${missing.join(', ')}. status lists what is. Nothing was changed.`,
      EXIT.usage,
    );
  }
  const migrated = (await attemptsOf(session)).filter((one) => one.migrated).map((one) => one.target);
  const blocking = contractsAfter(facts, migrated, target);
  if (blocking.length === 0) return;
  throw new Fault(
    `${target} can't work with the database any more: after it the contract migration ${blocking.join(', ')} ran. ` +
      'Repair forward: release a commit that mends the fault. Nothing was changed.',
  );
}

/**
 * Pure: the contract migrations that ran, or may have run, and that the target does not know.
 * @param migrated releases whose migrations were run, by the records
 */
export function contractsAfter(
  facts: readonly Pick<HostFacts, 'releases' | 'current' | 'previous' | 'next'>[],
  migrated: readonly string[],
  target: string,
): string[] {
  const kept = facts.flatMap(({ releases }) => releases);
  const known = kept.find(({ id }) => id === target)?.migrations ?? [];
  // What serves, or served, has migrated too, even when its record was lost.
  const ran = new Set([...migrated, ...facts.flatMap(({ current, previous, next }) => [current, previous, next])]);
  const contracts = kept.filter(({ id }) => ran.has(id)).flatMap((one) => one.contracts);
  return [...new Set(contracts)].filter((id) => !known.includes(id)).toSorted();
}
