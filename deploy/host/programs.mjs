import { statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { exists, hashFolder, list, remove, walk } from './files.mjs';
import { checkFence } from './lock.mjs';
import { commandsNaming } from './processes.mjs';
import { releaseIds } from './releases.mjs';

/** @typedef {import('./paths.mjs').Paths} Paths */

/** An operator who used a program so lately may be about to call it again: whoever looks for it touches its folder. */
const USED_MS = 86_400_000;
const HASH = /^[0-9a-f]{12}$/;
/** What a cut transfer left beside. */
const LEFT = /^[0-9a-f]{12}\.\d+$/;

/** The files of a host program, as the operator's program takes them (deploy/steps/program.ts). @param {string} name */
const isProgram = (name) => name.endsWith('.mjs') && !/\.test\.mjs$|^test\//.test(name);

/** The name that the host program in a release has on hosts. @param {string} folder */
export const programName = (folder) =>
  hashFolder(
    folder,
    walk(folder).filter((name) => !isProgram(name)),
  ).slice(0, 12);

/**
 * Removes versions of the host program that nobody needs: no kept release carries them, no operator has used them for a day.
 * Never the one that runs now, one of which a process runs (a watchdog), nor the newest, which the watchdog's timer starts.
 * @param {Paths} paths @param {number} fence @param {string} program main.mjs that runs now
 * @returns {string[]} names of those that are gone
 */
export function prunePrograms(paths, fence, program) {
  const main = (/** @type {string} */ name) => join(paths.programs, name, 'main.mjs');
  const all = list(paths.programs).filter((name) => HASH.test(name) || LEFT.test(name));
  const whole = all.filter((name) => HASH.test(name) && exists(main(name)));
  const age = (/** @type {string} */ path) => Date.now() - statSync(path).mtimeMs;
  const newest = whole.toSorted((a, b) => age(main(a)) - age(main(b)))[0];
  const carried = releaseIds(paths)
    .map((id) => join(paths.release(id), 'deploy', 'host'))
    .filter(exists)
    .map(programName);
  const needed = new Set([basename(dirname(program)), newest, ...carried]);
  const old = all.filter(
    (name) =>
      !needed.has(name) &&
      age(join(paths.programs, name)) > USED_MS &&
      commandsNaming(`${join(paths.programs, name)}/`).length === 0,
  );
  for (const name of old) {
    checkFence(paths, fence);
    remove(join(paths.programs, name));
  }
  return old;
}
