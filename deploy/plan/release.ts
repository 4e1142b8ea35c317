import { build, findSource } from '../steps/build.ts';
import type { Context, Session } from '../steps/session.ts';
import { underLock } from '../steps/session.ts';
import { approved } from './approval.ts';
import { beginRecord, hostsToBring, migrate, stopping, precheck, publish, putSettings, ship } from './parts.ts';
import { bringAll } from './road.ts';

/** Releases a commit to the fleet. */
export async function release(context: Context, ref: string, again = false): Promise<Session> {
  const source = await findSource(context.loaded.environment, ref);
  return await underLock(context, `release ${ref} (${source.id})`, async (session) => {
    beginRecord(session, source, 'release');
    const facts = await precheck(session);
    await approved(session, facts);
    session.recorder.add('building');
    const artifact = await session.step(undefined, 'build', () => build(session, source, stopping(session)));
    session.recorder.add('deploying', { step: 'ship', artifact: artifact.sha256 });
    await putSettings(session);
    await ship(session, artifact);
    await publish(session, source.id);
    await migrate(session, source.id);
    await bringAll(session, hostsToBring(session, facts, source.id, again), source.id);
    session.recorder.add('done');
    return session;
  });
}
