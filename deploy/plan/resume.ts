import { Fault } from '../faults.ts';
import { factsOfAll, type HostFacts } from '../steps/check.ts';
import { type Attempt, attemptsOf, isOpen } from '../steps/history.ts';
import type { Context, Session } from '../steps/session.ts';
import { throwAll, underLock } from '../steps/session.ts';
import { waitSlb } from '../steps/wait.ts';
import { everywhere, hostsToBring, migrate, publish, tellLeft } from './parts.ts';
import { bringAll, healHost } from './road.ts';

/** Finishes what another operator left in the middle: forward to the release that was under way, or back to the one before. */
export async function resume(context: Context, back: boolean): Promise<Session> {
  return await underLock(context, back ? 'resume --back' : 'resume', async (session) => {
    await healAll(session);
    const facts = await factsOfAll(session);
    const attempts = await attemptsOf(session);
    if (session.remote.dry) return session;
    closeUntouched(session, attempts);
    const way = whereTo(facts, attempts, back);
    const { target } = way;
    session.terminal.say(way.why);
    const todo = hostsToBring(session, facts, target, false);
    if (todo.length === 0 && !way.attempt) return session;
    if (way.attempt) session.recorder.goOn(way.attempt);
    else session.recorder.begin(target, 'rollback', false);
    session.recorder.add(way.attempt ? 'deploying' : 'created', { message: way.why });
    await publish(session, target);
    // Whether the operator before came so far is not known; what is there is not done twice.
    if (way.attempt && way.attempt.kind !== 'rollback') await migrate(session, target);
    await bringAll(session, todo, target);
    session.recorder.add('done', { message: 'resumed' });
    await tellLeft(session, way.left, target);
    return session;
  });
}

/** Every host that is in the middle of something comes back into service first, on the release that it can serve. */
async function healAll(session: Session): Promise<void> {
  const facts = await factsOfAll(session);
  const halfWay = session.hosts.filter((host) => facts.some((one) => one.host === host.name && one.halfWay));
  if (halfWay.length === 0) return;
  session.terminal.say(`in the middle of something: ${halfWay.map(({ name }) => name).join(', ')}`);
  const here = { ...session, hosts: halfWay };
  throwAll(await Promise.allSettled(halfWay.map((host) => healHost(session, host))));
  await everywhere(here, 'in', (host) => waitSlb(session, host, 'in'));
}

/** An attempt whose operator went away before any host was touched is over. */
function closeUntouched({ recorder }: Session, attempts: readonly Attempt[]): void {
  for (const one of attempts) {
    if (!['created', 'checked', 'approved', 'building'].includes(one.state)) continue;
    recorder.goOn(one);
    recorder.add('failed', { message: 'its operator went away before a host was touched' });
  }
}

interface Way {
  target: string;
  why: string;
  /** The record that goes on; undefined: a new one. */
  attempt?: Attempt;
  /** The release that is given up. */
  left?: string;
}

type Known = Pick<HostFacts, 'current' | 'previous'> & { releases: { id: string }[] };

/**
 * Pure: decides from the hosts' facts and the attempts, newest first. What died in the middle goes forward, what failed
 * goes back, unless the operator says back in any case.
 */
export function whereTo(facts: readonly Known[], attempts: readonly Attempt[], back: boolean): Way {
  const currents = [...new Set(facts.flatMap(({ current }) => (current === null ? [] : [current])))].toSorted();
  const newest = currents.at(-1);
  if (newest === undefined) throw new Fault('No host has a release: there is nothing to resume. Use release REF.');
  const last = attempts.find((one) => one.kind !== 'canary' && (isOpen(one) || ['failed', 'done'].includes(one.state)));
  const underWay = last && last.state !== 'done' ? last.target : newest;
  const kept = (id: string) => facts.every(({ releases }) => releases.some((one) => one.id === id));
  const failed = last?.state === 'failed' && currents.length > 1;
  if (!back && !failed && kept(underWay) && (last === undefined || isOpen(last) || currents.length > 1)) {
    return {
      target: underWay,
      why: `forward: all hosts to ${underWay}`,
      ...(last?.target === underWay ? { attempt: last } : {}),
    };
  }
  if (!back && currents.length === 1) return { target: newest, why: `all hosts have ${newest}: nothing is open` };
  const before = facts.find(({ current, previous }) => current === underWay && previous !== null)?.previous;
  const target = before ?? currents.find((id) => id !== underWay) ?? newest;
  const reason = back ? '' : failed ? ` (${underWay} failed)` : ` (${underWay} is not on every host)`;
  return { target, why: `back: all hosts to ${target}${reason}`, ...(target === underWay ? {} : { left: underWay }) };
}
