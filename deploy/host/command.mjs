import { locked } from './fault.mjs';
import { checkFence, exclusively } from './lock.mjs';
import { acquireOver, holderOf } from './mutex.mjs';
import { alive, startedAt } from './processes.mjs';

/** How long a command waits for an earlier one of the same operator, whose line broke while it ran on. A stop takes up to 170 s. */
const SAME_FENCE_MS = 200_000;

/**
 * Who gives way: commands of an older fence, and waits, which change nothing (their operator's line broke, and he goes on).
 * @param {number} fence
 */
const yields = (fence) => (/** @type {import('./mutex.mjs').Holder} */ one) =>
  one.fence < fence || (one.fence === fence && one.command.startsWith('wait '));

/**
 * Runs a changing command: alone on this host, under its fence. A command of an older fence that still runs, or was stopped in
 * the middle, is killed first: it could wake up between its look at the fence and its change.
 * @template T
 * @param {import('./paths.mjs').Paths} paths
 * @param {number} fence
 * @param {string} command
 * @param {() => Promise<T> | T} work
 * @returns {Promise<T>}
 * @throws fenced (75); locked (73) when an own earlier command does not end
 */
export async function asCommand(paths, fence, command, work) {
  await exclusively(paths, () => checkFence(paths, fence));
  const release = await acquireOver(paths.mutexCommand, { fence, command }, SAME_FENCE_MS, yields(fence));
  if (!release) {
    const running = holderOf(paths.mutexCommand);
    throw locked(`${running?.command} is still running here`, { running });
  }
  try {
    return await work();
  } finally {
    await release();
  }
}

/**
 * After a take-over: ends whatever an older fence left running here, so that from now on nothing of it changes anything.
 * @param {import('./paths.mjs').Paths} paths @param {number} fence
 */
export async function evictOlder(paths, fence) {
  const release = await acquireOver(paths.mutexCommand, { fence, command: 'take' }, 0, (one) => one.fence < fence);
  await release?.();
}

/** What runs at this moment. @param {import('./paths.mjs').Paths} paths */
export function runningCommand(paths) {
  const one = holderOf(paths.mutexCommand);
  return one && alive(one.pid) && startedAt(one.pid) === one.start ? { command: one.command, fence: one.fence } : null;
}
