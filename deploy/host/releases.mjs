import { basename, join } from 'node:path';
import { failed } from './fault.mjs';
import { exists, list, readJson, readLink } from './files.mjs';

/** @typedef {import('./paths.mjs').Paths} Paths */
/** @typedef {{ id: string, commit?: string, ref?: string, node?: string, builtAt?: string, migrations?: string[], contracts?: string[] }} Release */

/** @param {Paths} paths @param {string} id @returns {Release | null} what its own release.json says, when it is wholly there */
export function readRelease(paths, id) {
  const release = readJson(join(paths.release(id), 'release.json'));
  return release?.id === id ? release : null;
}

/** @param {Paths} paths @param {string} id */
export function needRelease(paths, id) {
  const release = readRelease(paths, id);
  if (!release) throw failed('no_release', `release ${id} is not on this host`);
  return release;
}

/** @param {Paths} paths @returns {string[]} ids, oldest first */
export const releaseIds = (paths) => list(paths.releases).filter((id) => !id.startsWith('.') && readRelease(paths, id));

/** Which release a symbolic link names. @param {string} link @returns {string | null} */
export const named = (link) => {
  const target = readLink(link);
  return target === null ? null : basename(target);
};

/** @param {Paths} paths */
export const pointers = (paths) => ({
  current: named(paths.current),
  previous: named(paths.previous),
  next: named(paths.next),
});

/** The node that travels with a release. @param {Paths} paths @param {string} id */
export function nodeOf(paths, id) {
  const own = join(paths.release(id), 'node', 'bin', 'node');
  return exists(own) ? own : process.execPath;
}
