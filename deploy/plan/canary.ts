import { hostCommands as commands } from '../commands/host-program.ts';
import type { Host } from '../config/schema.ts';
import { EXIT, Fault } from '../faults.ts';
import { build, findSource } from '../steps/build.ts';
import { factsOfAll } from '../steps/check.ts';
import { attemptsOf } from '../steps/history.ts';
import type { Context, Session } from '../steps/session.ts';
import { underLock } from '../steps/session.ts';
import { approved } from './approval.ts';
import {
  beginRecord,
  everywhere,
  hostsToBring,
  migrate,
  precheck,
  publish,
  putSettings,
  ship,
  stopping,
} from './parts.ts';
import { bringAll } from './road.ts';

/** Who is served by the new release: the share of citizens, and on which hosts it runs. */
export interface Share {
  /** 0 to 100. With 0 only the signed cookie or header leads there. */
  percent: number;
  /** One host only: it runs the canary, and of what comes to it `percent` is served by it. */
  only?: string;
}

/** Starts a release beside the running one, on all hosts or on one, and leads a share of the citizens there. */
export async function canaryStart(context: Context, ref: string, share: Share): Promise<Session> {
  const source = await findSource(context.loaded.environment, ref);
  return await underLock(context, `canary ${ref} (${source.id})`, async (session) => {
    beginRecord(session, source, 'canary');
    const facts = await precheck(session);
    refuseUnfit(facts);
    await approved(session, facts);
    session.recorder.add('building');
    const artifact = await session.step(undefined, 'build', () => build(session, source, stopping(session)));
    await putSettings(session);
    await ship(session, artifact);
    await publish(session, source.id);
    await migrate(session, source.id);
    session.recorder.add('deploying', { step: 'canary' });
    await startBeside(session, source.id, share);
    session.recorder.add('verifying', { message: told(share) });
    return session;
  });
}

/** Changes the share of a running canary. */
export async function canarySet(context: Context, share: Share): Promise<Session> {
  return await underLock(context, 'canary set', async (session) => {
    const id = await running(session);
    await lead(session, id, share);
    await goOn(session, id);
    session.recorder.add('verifying', { message: told(share) });
    return session;
  });
}

/** The canary's release becomes that of the fleet, host by host; then the canary's own processes stop. */
export async function canaryPromote(context: Context): Promise<Session> {
  return await underLock(context, 'canary promote', async (session) => {
    const id = await running(session);
    const facts = await precheck(session);
    await goOn(session, id);
    await bringAll(session, hostsToBring(session, facts, id, false), id);
    await stopBeside(session);
    session.recorder.add('done');
    return session;
  });
}

/** Everybody goes back to the release of the fleet; the canary's processes finish what they are at and stop. */
export async function canaryAbort(context: Context): Promise<Session> {
  return await underLock(context, 'canary abort', async (session) => {
    const id = await running(session);
    await goOn(session, id);
    await stopBeside(session);
    session.recorder.add('rolledBack', { message: 'canary aborted' });
    return session;
  });
}

async function startBeside(session: Session, id: string, share: Share): Promise<void> {
  const carriers = carriersOf(session, share);
  try {
    const here = { ...session, hosts: carriers };
    await everywhere(here, 'beside', (host) => session.call(host, commands.canaryStart(session.fence, id)));
    await lead(session, id, share);
  } catch (error) {
    // Nobody may be led to processes that don't all run.
    if (!session.signal.aborted) await stopBeside(session);
    throw error;
  }
}

/** Tells every nginx who goes where; it takes effect with the next request, without a reload. */
async function lead(session: Session, release: string, share: Share): Promise<void> {
  const hosts = carriersOf(session, share).map(({ address }) => address);
  await everywhere(session, 'share', (host) => {
    const percent = share.only === undefined || share.only === host.name ? share.percent : 0;
    return session.call(host, commands.canarySet(session.fence, { release, percent, hosts }));
  });
}

async function stopBeside(session: Session): Promise<void> {
  await everywhere(session, 'unlead', (host) => session.call(host, commands.canaryStop(session.fence)));
}

function carriersOf(session: Session, { only }: Share): readonly Host[] {
  if (only === undefined) return session.hosts;
  const found = session.hosts.filter(({ name }) => name === only);
  if (found.length === 0) throw new Fault(`There is no host ${only}.`, EXIT.usage);
  return found;
}

/** The canary's record goes on. */
async function goOn({ recorder, ...session }: Session, id: string): Promise<void> {
  const attempt = (await attemptsOf(session)).find((one) => one.kind === 'canary' && one.target === id);
  if (attempt) recorder.goOn(attempt);
  else recorder.begin(id, 'canary', false);
}

/** The release that runs beside. @throws Fault when there is none */
async function running(session: Session): Promise<string> {
  if (session.remote.dry) return 'RELEASE';
  const found = (await factsOfAll(session)).map(({ next }) => next).find((id) => id !== null);
  if (!found) throw new Fault('No canary is running.', EXIT.usage);
  return found;
}

/** A canary runs beside something, and alone. */
function refuseUnfit(facts: readonly { host: string; next: string | null; current: string | null }[]): void {
  const there = facts.find(({ next }) => next !== null);
  const bare = facts.find(({ current }) => current === null);
  if (there)
    throw new Fault(
      `A canary is running already (${there.next} on ${there.host}): promote or abort it first.`,
      EXIT.usage,
    );
  if (bare)
    throw new Fault(`${bare.host} has no release yet, so nothing can run beside it: release first.`, EXIT.usage);
}

const told = ({ percent, only }: Share) =>
  `${percent} % of the citizens${only === undefined ? '' : ` that come to ${only}`}`;
