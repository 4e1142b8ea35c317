import { hostCommands } from '../commands/host-program.ts';
import type { Environment, Host } from '../config/schema.ts';
import type { Session } from './session.ts';
import type { Answer } from './remote.ts';

/** How long the SLB may take to see a change: several times what it should, since probes may be late. */
export function slbTimeoutS({ slb, limits }: Environment, way: 'out' | 'in'): number {
  const { intervalS, fall, rise } = slb.check;
  const own = way === 'out' ? limits.outS : limits.inS;
  return own ?? 5 * intervalS * (way === 'out' ? fall : rise) + 10;
}

/** Waits until every prober of the SLB has seen enough answers to take the host out, or to put it in. */
export async function waitSlb(session: Session, host: Host, way: 'out' | 'in', signal?: AbortSignal): Promise<Answer> {
  const { check, probers } = session.environment.slb;
  const timeoutS = slbTimeoutS(session.environment, way);
  const args = hostCommands.waitSlb(session.fence, way, probers, way === 'out' ? check.fall : check.rise, timeoutS);
  return await session.call(host, args, { timeoutS: timeoutS + 30, ...(signal ? { signal } : {}) });
}

/** Waits until nothing is in flight on the host; tells every few seconds what is. */
export async function waitDrained(session: Session, host: Host, signal: AbortSignal): Promise<Answer> {
  const { deadlineS } = session.environment.drain;
  let told = Date.now();
  return await session.call(host, hostCommands.waitDrained(session.fence, deadlineS), {
    timeoutS: deadlineS + 30,
    signal,
    onProgress: (sample) => {
      if (Date.now() - told < 5000) return;
      told = Date.now();
      session.terminal.say(`${host.name.padEnd(8)} in flight: ${JSON.stringify(sample)}`);
    },
  });
}
