import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { assetsOf } from './assets.mjs';
import { exists, list, readLink, remove, walk } from './files.mjs';
import { readJournal } from './journal.mjs';
import { checkFence } from './lock.mjs';
import { processesOf } from './pm2.mjs';
import { prunePrograms } from './programs.mjs';
import { pointers, releaseIds } from './releases.mjs';

const DAY_MS = 86_400_000;

/**
 * Removes old releases, old assets and old host programs. Never one that a link names, that runs, that nginx reads, or that a host is half-way to; never an asset
 * that a kept release has, nor one that was in service within `assetsDays`.
 * @param {import('./paths.mjs').Paths} paths @param {number} fence @param {number} keep releases
 * @param {number} assetsDays
 * @param {string} program main.mjs that runs now
 */
export function prune(paths, fence, keep, assetsDays, program) {
  const { release, from, previous } = readJournal(paths);
  const nginx = readLink(paths.nginx)?.split('/')[1];
  const running = ['main', 'canary'].flatMap((side) => processesOf(paths, /** @type {'main'} */ (side)));
  const needed = new Set([
    ...[...Object.values(pointers(paths)), release, from, previous, nginx],
    ...running.map((one) => one.release),
  ]);
  const ids = releaseIds(paths);
  const newest = ids.slice(Math.max(0, ids.length - keep));
  const old = ids.filter((id) => !needed.has(id) && !newest.includes(id));
  for (const id of old) {
    checkFence(paths, fence);
    remove(paths.release(id));
  }
  const kept = new Set(
    releaseIds(paths)
      .map((id) => assetsOf(paths, id))
      .filter(exists)
      .flatMap(walk),
  );
  const limit = Date.now() - assetsDays * DAY_MS;
  let assets = 0;
  for (const name of walk(paths.assets)) {
    const path = join(paths.assets, name);
    // What a cut `publish` left has a name of its own, and goes when it is a day old.
    const left = name.endsWith('.tmp') && statSync(path).mtimeMs < Date.now() - DAY_MS;
    if (!left && (kept.has(name) || statSync(path).mtimeMs >= limit)) continue;
    checkFence(paths, fence);
    remove(path);
    if (list(dirname(path)).length === 0 && dirname(path) !== paths.assets) remove(dirname(path));
    assets += 1;
  }
  return { releases: old, kept: releaseIds(paths), assets, programs: prunePrograms(paths, fence, program) };
}
