import Redlock, { ExecutionError, ResourceLockedError, type Lock } from 'redlock';
import type { Deps } from '../../deps.ts';

/** Another process is at it. */
export const BUSY = Symbol('busy');

/**
 * One process at a time, as long as Redis remembers: it saves work that would be done twice, and guards nothing. Redis
 * away: everybody goes on. What must not happen twice is decided in MongoDB.
 *
 * Not redlock's `using`: it throws although the work is done when the release fails, and its signal comes after the
 * lock's end. The work is short and asks `held` before it begins another step.
 */
export function createLock({ redis }: Pick<Deps, 'redis'>) {
  const redlock = new Redlock([redis], { retryCount: 0 });

  async function acquire(name: string, lifeMs: number): Promise<Lock | typeof BUSY | null> {
    try {
      return await redlock.acquire([name], lifeMs);
    } catch (error) {
      return (await isTaken(error)) ? BUSY : null;
    }
  }

  /** @param lifeMs at least four times the time that a Redis command may take, or the lock ends while it is being taken */
  return async function alone<T>(
    name: string,
    lifeMs: number,
    work: (held: () => boolean) => Promise<T>,
  ): Promise<T | typeof BUSY> {
    const lock = await acquire(name, lifeMs);
    if (lock === BUSY) return BUSY;
    if (lock === null) return work(() => true);
    try {
      return await work(() => Date.now() < lock.expiration);
    } finally {
      // What can't be released ends by itself.
      await lock.release().catch(() => undefined);
    }
  };
}

/** Whether somebody has it, as against a Redis that doesn't answer. */
async function isTaken(error: unknown): Promise<boolean> {
  if (!(error instanceof ExecutionError)) return false;
  for (const attempt of error.attempts)
    for (const vote of (await attempt).votesAgainst.values()) if (!(vote instanceof ResourceLockedError)) return false;
  return true;
}
