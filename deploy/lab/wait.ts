import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks again and again until the answer is something.
 * @param what for the fault: "the SLB has both hosts"
 * @throws Error when it has not come after `ms`
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | false | null | undefined> | T | false | null | undefined,
  ms = 60_000,
  everyMs = 100,
): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`after ${ms / 1_000} s still not: ${what}`);
    await sleep(everyMs);
  }
}

/** Waits until something listens there. */
export const untilConnects = (host: string, port: number, ms = 15_000): Promise<true> =>
  until(`something listens on ${host}:${port}`, () => connects(host, port), ms, 50);

function connects(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (found: boolean) => {
      socket.destroy();
      resolve(found);
    };
    socket.setTimeout(1_000, () => end(false));
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}
