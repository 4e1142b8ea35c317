import { appendFileSync } from 'node:fs';

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

/** One JSON line on stdout: a sample of a command that waits. @param {unknown} value */
export function progress(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
