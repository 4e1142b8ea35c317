import { EXIT, Fault } from '../faults.ts';
import { recordsOf } from '../steps/lock.ts';
import type { HostFacts } from '../steps/check.ts';
import { hostCommands } from '../commands/host-program.ts';
import type { Context, Session } from '../steps/session.ts';
import { underLock } from '../steps/session.ts';
import { hostsToBring, precheck, publish, putSettings } from './parts.ts';
import { bringAll } from './road.ts';

/** Brings the fleet back to a release that its hosts kept: no build, no migration. @param wanted default: the previous one */
export async function rollback(context: Context, wanted?: string, again = false): Promise<Session> {
  return await underLock(context, `rollback ${wanted ?? ''}`.trim(), async (session) => {
    const facts = await precheck(session, { rollback: true });
    const target = wanted ?? previousOf(facts);
    const left = facts.map(({ current }) => current).find((id) => id !== null && id !== target);
    await refuseAfterContract(session, facts, target);
    session.recorder.begin(target, 'rollback');
    session.recorder.add('created', left ? { message: `from ${left}` } : {});
    await putSettings(session);
    await publish(session, target);
    await bringAll(session, hostsToBring(session, facts, target, again), target);
    session.recorder.add('done');
    if (left) {
      session.recorder.begin(left, 'release');
      session.recorder.add('rolledBack', { message: `to ${target}` });
    }
    return session;
  });
}

/** The release before: that of the hosts which have the newest one. */
function previousOf(facts: readonly HostFacts[]): string {
  const newest = facts
    .map(({ current }) => current ?? '')
    .sort()
    .at(-1);
  const previous = facts.find(({ current, previous }) => current === newest && previous !== null)?.previous;
  if (!previous)
    throw new Fault('No host has a previous release. Name one: rollback RELEASE (status lists them).', EXIT.usage);
  return previous;
}

/**
 * After a contract migration the older code can't work with the data any more.
 * @throws Fault that names the migrations, or the hosts that don't have the release
 */
async function refuseAfterContract(session: Session, facts: readonly HostFacts[], target: string): Promise<void> {
  if (session.remote.dry) return;
  const missing = facts.filter(({ releases }) => !releases.some(({ id }) => id === target)).map(({ host }) => host);
  if (missing.length > 0) {
    throw new Fault(
      `${target} is not kept on ${missing.join(', ')}. status lists what is. Nothing was changed.`,
      EXIT.usage,
    );
  }
  const known = facts.flatMap(({ releases }) => releases).find(({ id }) => id === target)?.migrations ?? [];
  const ran = await releasesThatMigrated(session, facts);
  const blocking = new Set(
    facts
      .flatMap(({ releases }) => releases)
      .filter(({ id }) => ran.has(id))
      .flatMap(({ contracts }) => contracts)
      .filter((id) => !known.includes(id)),
  );
  if (blocking.size === 0) return;
  throw new Fault(
    `${target} can't work with the database any more: after it the contract migration ${[...blocking].join(', ')} ran. ` +
      'Repair forward: release a commit that mends the fault. Nothing was changed.',
  );
}

/** Releases whose migrations ran or may have run: what serves anywhere, and what the records say. */
async function releasesThatMigrated(session: Session, facts: readonly HostFacts[]): Promise<Set<string>> {
  const ids = new Set(
    facts.flatMap(({ current, previous, next }) => [current, previous, next]).filter((id) => id !== null),
  );
  const answers = await Promise.all(session.hosts.map((host) => session.call(host, hostCommands.records(2000))));
  for (const event of answers.flatMap(recordsOf)) {
    if (event['step'] === 'migrate') ids.add(String(event['release']));
  }
  return ids;
}
