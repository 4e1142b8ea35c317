import { join } from 'node:path';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { usage } from './fault.mjs';
import { exists, list } from './files.mjs';

const READ = 4 << 20;

/**
 * The last lines of a file, read from its end.
 * @param {string} path @param {number} lines
 */
export function tailOf(path, lines) {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const part = Buffer.alloc(Math.min(size, READ));
    readSync(fd, part, 0, part.length, size - part.length);
    return part.toString('utf8').split('\n').filter(Boolean).slice(-lines);
  } finally {
    closeSync(fd);
  }
}

/**
 * @param {import('./paths.mjs').Paths} paths @param {import('./paths.mjs').Settings} settings
 * @param {{ lines: number, side: string, release?: string }} what side: main, canary, nginx, or `host` for what this program did
 * @returns {Record<string, string[]>} lines by file
 */
export function logs(paths, settings, { lines, side, release }) {
  const names = {
    main: ['api.log', 'api-console.log', 'worker.log', 'worker-console.log'].map((name) => join(settings.logs, name)),
    canary: ['canary-api.log', 'canary-api-console.log'].map((name) => join(settings.logs, name)),
    nginx: ['nginx-error.log', 'access.log'].map((name) => join(settings.logs, name)),
    host: list(join(paths.state, 'log')).map((name) => join(paths.state, 'log', name)),
  }[side];
  if (!names) throw usage('--side is main, canary, nginx or host');
  const wanted = release === undefined ? names : [paths.log(release)];
  return Object.fromEntries(wanted.filter(exists).map((path) => [path, tailOf(path, lines)]));
}
