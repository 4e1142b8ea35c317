import { hostCommands } from '../commands/host-program.ts';
import type { Environment, Host } from '../config/schema.ts';
import { EXIT, Fault, HostFault, SshFault } from '../faults.ts';
import { type Answer, textOf } from './answer.ts';
import { attemptsOf } from './history.ts';
import type { Remote } from './remote.ts';

/** Who holds the lock, as others read it. `token` makes a repeated call the same holder, and nobody else. */
export interface Holder {
  name: string;
  machine: string;
  doing: string;
  since: string;
  token: string;
}

/**
 * Takes the lock on all hosts under one fence, or on none.
 * @param hold seconds; default the lease of the environment
 * @throws Fault (locked) that says who has it, since when, and what the last known step is
 */
export async function takeLock(
  remote: Remote,
  environment: Environment,
  hosts: readonly Host[],
  holder: Holder,
  hold = environment.lease.seconds,
): Promise<number> {
  const shown = await Promise.all(hosts.map((host) => remote.call(host, hostCommands.lockShow(), { timeoutS: 60 })));
  let fence = Math.max(0, ...shown.map(fenceOf)) + 1;
  const taken: { host: Host; fence: number }[] = [];
  const take = async (host: Host) => {
    const answer = await remote.call(host, hostCommands.lockTake(holder, hold, fence), { timeoutS: 60 });
    // A dry run has no answer: what was asked for is taken as given.
    const given = fenceOf(answer) || fence;
    fence = Math.max(fence, given);
    taken.push({ host, fence: given });
  };
  try {
    // One after the other, in the order of the file: two operators meet at the first host, never half and half.
    for (const host of hosts) await take(host);
    // A host gave a higher number (a lock taken there alone, or a repeated call): all get that one.
    for (let round = 0; taken.some((one) => one.fence !== fence); round++) {
      if (round === 5) throw new Fault('The hosts could not agree on a fence: is somebody else at work?', EXIT.locked);
      for (const { host } of taken.splice(0)) await take(host);
    }
    return fence;
  } catch (error) {
    await Promise.allSettled(taken.map((one) => remote.call(one.host, hostCommands.lockGive(one.fence))));
    throw error instanceof HostFault && error.exit === EXIT.locked ? await lockedFault(remote, hosts, error) : error;
  }
}

const fenceOf = (answer: Answer) => Number(answer['fence'] ?? (answer['lock'] as Answer | undefined)?.['fence'] ?? 0);

async function lockedFault(remote: Remote, hosts: readonly Host[], error: HostFault): Promise<Fault> {
  const holder = (error.detail['holder'] ?? {}) as Partial<Holder>;
  const until = textOf(error.detail['expiresAt'], 'an unknown time');
  const lines = [
    `${error.host} is locked by ${holder.name ?? 'somebody'} (on ${holder.machine ?? 'that host'}) since ${holder.since ?? '?'}, doing: ${holder.doing ?? 'healing'}.`,
    ...(await lastStep(remote, hosts)),
    `It ends by itself at ${until} unless it is renewed. Nothing was changed.`,
  ];
  return new Fault(lines.join('\n'), EXIT.locked);
}

async function lastStep(remote: Remote, hosts: readonly Host[]): Promise<string[]> {
  const [attempt] = await attemptsOf({ remote, hosts }, 50);
  if (!attempt) return [];
  const { host, step, state, at } = attempt.last;
  return [
    `Last heard: ${step ?? state}${host === undefined ? '' : ` on ${host}`} of ${attempt.kind} ${attempt.target}, at ${at}.`,
  ];
}

/**
 * Renews the lease on all hosts until it is stopped. A host that can't be reached is asked again at the next beat; when its
 * lease must have ended, or a host says that another operator has it, `lost` is called once.
 */
export function startHeartbeat(
  remote: Remote,
  environment: Environment,
  hosts: readonly Host[],
  fence: number,
  lost: (fault: Fault) => void,
): { stop(): Promise<void> } {
  const leaseMs = environment.lease.seconds * 1000;
  const renewed = new Map(hosts.map((host) => [host.name, Date.now()]));
  let stopped = false;
  let beat: Promise<unknown> = Promise.resolve();

  const renew = async (host: Host) => {
    const asked = Date.now();
    try {
      await remote.call(host, hostCommands.lockRenew(fence), { timeoutS: leaseMs / 2000 });
      renewed.set(host.name, asked);
    } catch (error) {
      if (stopped) return;
      if (error instanceof HostFault && error.exit === EXIT.fenced) {
        lost(new Fault(`The lock was lost: ${error.message}. This operator changes nothing any more.`, EXIT.fenced));
      } else if (Date.now() - (renewed.get(host.name) ?? 0) > leaseMs) {
        const why = error instanceof SshFault ? error.message : (error as Error).message;
        lost(new Fault(`The lease on ${host.name} ended because it could not be renewed (${why}).`, EXIT.fenced));
      }
    }
  };
  const timer = setInterval(() => {
    // Beats may overlap on a slow line: each is its own short call.
    beat = Promise.all(hosts.map(renew));
  }, leaseMs / 4);
  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      await beat;
    },
  };
}
