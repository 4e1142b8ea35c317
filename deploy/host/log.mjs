import { appendFileSync, renameSync, statSync } from 'node:fs';

const MOST_BYTES = 10 * 1024 ** 2;

/**
 * What people read afterwards: state/log/<release>.log, one line an event. Never throws: a full disk must not stop a step that
 * brings a host back.
 * @param {import('./paths.mjs').Paths} paths
 * @param {string} name a release id, or `host`
 * @param {string} text
 */
export function logLine(paths, name, text) {
  const stamp = `${new Date().toISOString()} [${process.pid}] `;
  try {
    keepShort(paths.log(name));
    appendFileSync(
      paths.log(name),
      text
        .replace(/\n+$/, '')
        .split('\n')
        .map((line) => `${stamp}${line}\n`)
        .join(''),
    );
  } catch {
    // nothing better to do with it
  }
}

/** A log of ours never fills the disk: one older file of the same size is kept. @param {string} path */
function keepShort(path) {
  const { size } = statSync(path, { throwIfNoEntry: false }) ?? { size: 0 };
  if (size > MOST_BYTES) renameSync(path, `${path}.1`);
}

/** One JSON line on stdout: a sample of a command that waits. @param {unknown} value */
export function progress(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
