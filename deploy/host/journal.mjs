import { readJson, writeJson } from './files.mjs';
import { checkFence, exclusively } from './lock.mjs';

/**
 * What this host is in the middle of. A step writes what it is about to do before it does it, so whoever comes after a crash
 * knows the most that can have happened.
 *
 * serving → draining → (out → drained →) stopping → stopped → switching → switched → starting → started → verified → serving
 * @typedef {'serving' | 'draining' | 'out' | 'drained' | 'stopping' | 'stopped' | 'switching' | 'switched' | 'starting' | 'started' | 'verified' | 'healing' | 'broken'} Phase
 *
 * @typedef {object} Journal
 * @property {Phase} phase
 * @property {string} at ISO
 * @property {number} fence of the command that wrote it
 * @property {boolean} hold drained on purpose: nobody heals it
 * @property {string | null} release what the drain is for
 * @property {string | null} from the release before it
 * @property {string | null} previous what `previous` was before the switch
 * @property {boolean} switched whether `current` may name `release` already
 * @property {string | null} failed the step of `release` that failed here: it is not tried again
 * @property {any} health where health.log ended when the flag was last made or removed
 * @property {string | null} message
 */

/** @type {Journal} */
const SERVING = {
  phase: 'serving',
  at: '',
  fence: 0,
  hold: false,
  release: null,
  from: null,
  previous: null,
  switched: false,
  failed: null,
  health: null,
  message: null,
};

/** @param {import('./paths.mjs').Paths} paths @returns {Journal} */
export const readJournal = (paths) => ({ ...SERVING, ...readJson(paths.journal) });

/** @param {import('./paths.mjs').Paths} paths @param {Partial<Journal>} change */
export function writeJournal(paths, change) {
  writeJson(paths.journal, { ...readJournal(paths), ...change, at: new Date().toISOString() });
}

/**
 * The only road to a change of this host: under the mutex, with the fence looked at first.
 * @template T
 * @param {import('./paths.mjs').Paths} paths
 * @param {number} fence
 * @param {Partial<Journal> | null} entry written before `work`
 * @param {() => T} [work] short and synchronous
 * @returns {Promise<T | undefined>}
 * @throws {import('./fault.mjs').Fault} fenced (75)
 */
export const change = (paths, fence, entry, work) =>
  exclusively(paths, () => {
    checkFence(paths, fence);
    if (entry) writeJournal(paths, { ...entry, fence });
    return work?.();
  });

/**
 * Notes a step that was only looked at, if the host is where that step follows.
 * @param {import('./paths.mjs').Paths} paths
 * @param {number} fence
 * @param {Phase[]} after
 * @param {Partial<Journal>} entry
 */
export const noteAfter = (paths, fence, after, entry) =>
  exclusively(paths, () => {
    checkFence(paths, fence);
    if (after.includes(readJournal(paths).phase)) writeJournal(paths, { ...entry, fence });
  });
