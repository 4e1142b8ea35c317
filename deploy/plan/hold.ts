import { hostCommands as commands } from '../commands/host-program.ts';
import type { Host } from '../config/schema.ts';
import { Fault } from '../faults.ts';
import { factsOfAll } from '../steps/check.ts';
import type { Context, Session } from '../steps/session.ts';
import { underLock } from '../steps/session.ts';
import { waitDrained, waitSlb } from '../steps/wait.ts';
import { stopping } from './parts.ts';
import { healHost } from './road.ts';

/** Takes a host out for maintenance. When it can't be emptied in time it joins again: nothing is cut. */
export async function holdOut(context: Context, host: Host): Promise<Session> {
  return await underLock(context, `drain ${host.name}`, async (session) => {
    await refuseLast(session, host);
    await session.step(host, 'drain', () => session.call(host, commands.hold(session.fence)));
    try {
      await session.step(host, 'out', () => waitSlb(session, host, 'out', stopping(session)));
      await session.step(host, 'drained', () => waitDrained(session, host, stopping(session)));
    } catch (error) {
      if (!session.signal.aborted) await comeBack(session, host);
      throw error;
    }
    session.terminal.say(`${host.name} is out and empty; npm run deploy -- join ${host.name} puts it in again`);
    return session;
  });
}

/** Puts a host in service again. */
export async function join(context: Context, host: Host): Promise<Session> {
  return await underLock(context, `join ${host.name}`, async (session) => {
    await comeBack(session, host);
    return session;
  });
}

async function comeBack(session: Session, host: Host): Promise<void> {
  // Healing looks whether it serves, starts it if not, and joins.
  await healHost(session, host);
  await session.step(host, 'in', () => waitSlb(session, host, 'in'));
}

async function refuseLast(session: Session, host: Host): Promise<void> {
  if (session.remote.dry) return;
  const all = { ...session, hosts: session.environment.hosts.filter(({ name }) => name !== host.name) };
  if (!(await factsOfAll(all)).some(({ serving }) => serving)) {
    throw new Fault(`No other host is in service: draining ${host.name} would leave nobody. Nothing was changed.`);
  }
}
