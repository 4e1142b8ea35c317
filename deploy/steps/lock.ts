import { hostCommands } from '../commands/host-program.ts';
import type { Environment, Host } from '../config/schema.ts';
import { EXIT, Fault, HostFault } from '../faults.ts';
import { type Answer, textOf } from './answer.ts';
import { attemptsOf } from './history.ts';
import type { Remote } from './remote.ts';

/** The connection that the lease is renewed over. It is opened before the lock is taken, when there is no hurry. */
const BEAT = 'beat';

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
  const shown = await Promise.all(
    hosts.map((host) => remote.call(host, hostCommands.lockShow(), { timeoutS: 60, lane: BEAT })),
  );
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
 * Renews the lease on all hosts until it is stopped, over connections of its own: an artifact on its way must not hold it up.
 * A host that can't be reached is asked again at the next beat. `lost` is called when a host says that the lease is over or
 * another's, or when one has not answered for two leases.
 */
export function startHeartbeat(
  remote: Remote,
  environment: Environment,
  hosts: readonly Host[],
  fence: number,
  lost: (fault: Fault) => void,
): { stop(): Promise<void> } {
  const leaseMs = environment.lease.seconds * 1000;
  const now = Date.now();
  const beats = new Map(hosts.map(({ name }) => [name, { renewed: now, why: 'no answer', asking: 0 }]));
  const running = new Set<Promise<void>>();
  let stopped = false;

  const renew = async (host: Host) => {
    const beat = beats.get(host.name);
    if (!beat || stopped) return;
    // The host itself judges when the lease is over, and refuses every change then. This is for one that says nothing at all.
    if (Date.now() - beat.renewed > 2 * leaseMs) {
      lost(new Fault(`The lease on ${host.name} ended: it could not be renewed in time (${beat.why}).`, EXIT.fenced));
      return;
    }
    // Two calls at most wait for a slow host; more would make it slower.
    if (beat.asking === 2) return;
    beat.asking += 1;
    try {
      await remote.call(host, hostCommands.lockRenew(fence), { timeoutS: leaseMs / 1000, lane: BEAT });
      beat.renewed = Date.now();
    } catch (error) {
      beat.why = (error as Error).message;
      if (!stopped && error instanceof HostFault && error.exit === EXIT.fenced) {
        lost(new Fault(`The lock was lost: ${error.message}. This operator changes nothing any more.`, EXIT.fenced));
      }
    } finally {
      beat.asking -= 1;
    }
  };
  const all = () => {
    for (const host of hosts) {
      const beat = renew(host).finally(() => running.delete(beat));
      running.add(beat);
    }
  };
  // At once: on the first host the lease has run since the others were asked.
  all();
  const timer = setInterval(all, leaseMs / 4);
  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      await Promise.all(running);
    },
  };
}
