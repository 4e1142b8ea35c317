import { hostCommands as commands } from '../commands/host-program.ts';
import { Fault } from '../faults.ts';
import type { HostFacts } from '../steps/check.ts';
import { factsOfAll } from '../steps/check.ts';
import { recordsOf } from '../steps/lock.ts';
import type { Answer } from '../steps/remote.ts';
import type { Context, Session } from '../steps/session.ts';
import { underLock } from '../steps/session.ts';
import { waitSlb } from '../steps/wait.ts';
import { everywhere, hostsToBring, publish } from './parts.ts';
import { bringAll } from './road.ts';

/** Finishes what another operator left in the middle: forward to the release that was under way, or back to the one before. */
export async function resume(context: Context, back: boolean): Promise<Session> {
  return await underLock(context, back ? 'resume --back' : 'resume', async (session) => {
    await healAll(session);
    const facts = await factsOfAll(session);
    const plan = whereTo(facts, await lastEvents(session), back);
    session.terminal.say(plan.why);
    session.recorder.begin(plan.target, plan.kind);
    await publish(session, plan.target);
    await bringAll(session, hostsToBring(session, facts, plan.target, false), plan.target);
    session.recorder.add('done', { message: 'resumed' });
    if (plan.left !== undefined) {
      session.recorder.begin(plan.left, 'release');
      session.recorder.add('rolledBack', { message: `to ${plan.target}` });
    }
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
  await everywhere(here, 'heal', (host) => session.call(host, commands.heal(session.fence)));
  await everywhere(here, 'in', (host) => waitSlb(session, host, 'in'));
}

interface Plan {
  target: string;
  kind: 'release' | 'rollback';
  why: string;
  /** The release that is given up. */
  left?: string;
}

/** Pure: decides from the hosts' facts and the records, newest first. Exported for its test. */
export function whereTo(facts: readonly HostFacts[], events: readonly Answer[], back: boolean): Plan {
  const last = events.find((one) => ['deploying', 'verifying', 'done'].includes(String(one['state'])));
  const currents = [...new Set(facts.flatMap(({ current }) => (current === null ? [] : [current])))].sort();
  const newest = currents.at(-1);
  if (newest === undefined) throw new Fault('No host has a release: there is nothing to resume. Use release REF.');
  const underWay = last && last['state'] !== 'done' ? String(last['release']) : newest;
  const everywhereKept = facts.every(({ releases }) => releases.some(({ id }) => id === underWay));
  const kind = last?.['release'] === underWay && last['kind'] === 'rollback' ? 'rollback' : 'release';
  if (!back && everywhereKept) return { target: underWay, kind, why: `forward: all hosts to ${underWay}` };
  const before = facts.find(({ current, previous }) => current === underWay && previous !== null)?.previous;
  const target = before ?? currents.find((id) => id !== underWay) ?? newest;
  const why = everywhereKept
    ? `back: all hosts to ${target}`
    : `back: ${underWay} is not on every host, so all go to ${target}`;
  return { target, kind: 'rollback', why, ...(target === underWay ? {} : { left: underWay }) };
}

async function lastEvents(session: Session): Promise<Answer[]> {
  const answers = await Promise.all(session.hosts.map((host) => session.call(host, commands.records(100))));
  return answers.flatMap(recordsOf).sort((a, b) => Number(b['seq']) - Number(a['seq']));
}
