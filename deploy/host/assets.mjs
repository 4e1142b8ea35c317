import { copyFileSync, linkSync, mkdirSync, renameSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exists, remove, walk } from './files.mjs';
import { checkFence } from './lock.mjs';
import { named, needRelease } from './releases.mjs';

/** @typedef {import('./paths.mjs').Paths} Paths */

/** Hashed files of a release's pages. @param {Paths} paths @param {string} id */
export const assetsOf = (paths, id) => join(paths.release(id), 'web', 'dist', 'assets');

/**
 * Puts the hashed assets of a release among those of all releases, where every host's nginx finds them before the first page
 * that names them is served anywhere. A file appears whole or not at all. The age of an asset is counted from the last time a
 * release with it was, or was about to be, in service: so those of the release that is being replaced are made young as well.
 * @param {Paths} paths @param {number} fence @param {string} id
 */
export function publish(paths, fence, id) {
  needRelease(paths, id);
  const counts = { files: 0, copied: 0 };
  for (const one of new Set([named(paths.current), named(paths.next), id])) {
    const from = one && assetsOf(paths, one);
    if (!from || !exists(from)) continue;
    for (const name of walk(from)) {
      // Cheap, and a long list must not outlive its fence.
      if (counts.files % 200 === 0) checkFence(paths, fence);
      counts.files += 1;
      counts.copied += place(join(from, name), join(paths.assets, name)) ? 1 : 0;
    }
  }
  return counts;
}

/** @param {string} from @param {string} to @returns {boolean} whether it was new */
function place(from, to) {
  const now = new Date();
  const there = exists(to) && statSync(to).size === statSync(from).size;
  if (!there) {
    mkdirSync(dirname(to), { recursive: true });
    const temp = `${to}.${process.pid}.tmp`;
    remove(temp);
    // A hard link costs nothing and outlives the release's folder.
    try {
      linkSync(from, temp);
    } catch {
      copyFileSync(from, temp);
    }
    renameSync(temp, to);
  }
  utimesSync(to, now, now);
  return !there;
}
