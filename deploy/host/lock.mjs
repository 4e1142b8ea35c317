import { isDeepStrictEqual } from 'node:util';
import { bootId, uptimeMs } from './clock.mjs';
import { fencedOff, failed, locked } from './fault.mjs';
import { readJson, writeJson } from './files.mjs';
import { acquireOver } from './mutex.mjs';

/**
 * Who may change this host. `fence` only ever grows; whoever holds the lease has the highest.
 * @typedef {object} Lock
 * @property {number} fence
 * @property {any} holder null when nobody has it
 * @property {number} leaseS
 * @property {number} expires `uptimeMs` of the boot `boot`
 * @property {string} boot
 * @property {string} takenAt ISO, for people
 * @property {string} expiresAt ISO, for people; what counts is `expires`
 */

/** A holder of the short mutex works for milliseconds. One that has it for so long was stopped, and must never go on. */
const STUCK_MS = 5_000;

/** @param {import('./paths.mjs').Paths} paths @returns {Lock | null} */
export const readLock = (paths) => readJson(paths.lock);

/** @param {Lock | null} lock */
export const isHeld = (lock) =>
  lock !== null && lock.holder !== null && lock.boot === bootId() && lock.expires > uptimeMs();

/** @param {Lock | null} lock what may be shown to others */
export const describe = (lock) =>
  lock && {
    fence: lock.fence,
    holder: lock.holder,
    held: isHeld(lock),
    takenAt: lock.takenAt,
    expiresAt: lock.expiresAt,
  };

/**
 * Runs `work` while no other process of this host looks at or changes the lock or the journal.
 * @template T
 * @param {import('./paths.mjs').Paths} paths
 * @param {() => T} work synchronous: it must be short
 * @returns {Promise<T>}
 */
export async function exclusively(paths, work) {
  const who = { fence: 0, command: 'short' };
  const release = await acquireOver(paths.mutexShort, who, 2 * STUCK_MS, (_, waited) => waited > STUCK_MS);
  if (!release) throw failed('busy', 'the mutex of this host could not be had');
  try {
    return work();
  } finally {
    await release();
  }
}

/** @param {import('./paths.mjs').Paths} paths @param {number} fence @param {any} holder @param {number} leaseS @param {string} [takenAt] */
function write(paths, fence, holder, leaseS, takenAt = new Date().toISOString()) {
  const expiresAt = new Date(Date.now() + leaseS * 1000).toISOString();
  const lock = { fence, holder, leaseS, expires: uptimeMs() + leaseS * 1000, boot: bootId(), takenAt, expiresAt };
  writeJson(paths.lock, lock);
  return lock;
}

/**
 * Takes the lock for `leaseS` seconds. Free, expired, or held by the very same holder: it is given, with a fence higher than any
 * before (and at least `atLeast`, so that all hosts of a fleet can have the same).
 * @param {import('./paths.mjs').Paths} paths
 * @param {any} holder
 * @param {number} leaseS
 * @param {number} atLeast
 * @throws {Fault} locked (73) with holder and expiresAt
 */
export const takeLock = (paths, holder, leaseS, atLeast) =>
  exclusively(paths, () => {
    const lock = readLock(paths);
    if (isHeld(lock) && !isDeepStrictEqual(lock?.holder, holder))
      throw locked(`locked by ${who(lock?.holder)} until ${lock?.expiresAt}`, describe(lock) ?? {});
    const fence = Math.max((lock?.fence ?? 0) + 1, atLeast);
    return { before: lock && { fence: lock.fence, holder: lock.holder }, ...write(paths, fence, holder, leaseS) };
  });

/** @param {any} holder */
export const who = (holder) => (typeof holder === 'string' ? holder : (holder?.name ?? JSON.stringify(holder)));

/**
 * Nothing but the holder of exactly this fence, within the lease, gets past here.
 * @param {import('./paths.mjs').Paths} paths
 * @param {number} fence
 * @throws {Fault} fenced (75)
 */
export function checkFence(paths, fence) {
  const lock = readLock(paths);
  if (lock?.fence === fence && isHeld(lock)) return lock;
  const why = !lock
    ? 'nobody holds the lock'
    : lock.fence !== fence
      ? `fence ${fence} is old: ${lock.fence} is ${who(lock.holder)}`
      : lock.holder === null
        ? 'the lock was given back'
        : `the lease ended at ${lock.expiresAt}`;
  throw fencedOff(why, describe(lock) ?? {});
}

/** @param {import('./paths.mjs').Paths} paths @param {number} fence @param {number | undefined} leaseS */
export const renewLock = (paths, fence, leaseS) =>
  exclusively(paths, () => {
    const lock = checkFence(paths, fence);
    return write(paths, fence, lock.holder, leaseS ?? lock.leaseS, lock.takenAt);
  });

/** @param {import('./paths.mjs').Paths} paths @param {number} fence */
export const giveLock = (paths, fence) =>
  exclusively(paths, () => {
    const lock = readLock(paths);
    // Given back already: the answer to the first call was lost on its way.
    if (lock?.fence === fence && lock.holder === null) return lock;
    checkFence(paths, fence);
    return write(paths, fence, null, 0);
  });

/** Ends whatever lease there is, and fences its holder off. @param {import('./paths.mjs').Paths} paths */
export const breakLock = (paths) =>
  exclusively(paths, () => {
    const lock = readLock(paths);
    return { before: describe(lock), ...write(paths, (lock?.fence ?? 0) + 1, null, 0) };
  });
