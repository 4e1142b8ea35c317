import { delimiter, dirname, resolve } from 'node:path';
import { failed } from './fault.mjs';
import { readText } from './files.mjs';
import { nodeOf } from './releases.mjs';
import { run } from './run.mjs';

/** @typedef {import('./paths.mjs').Paths} Paths */
/** @typedef {'main' | 'canary'} Side */

/**
 * KEY=VALUE lines; empty lines and # are left out, one pair of quotes around a value is taken off.
 * @param {string} text
 * @returns {Record<string, string>}
 */
export function parseEnv(text) {
  /** @type {Record<string, string>} */
  const env = {};
  for (const line of text.split('\n')) {
    const match = /^\s*(?:export\s+)?([A-Za-z_]\w*)=(.*?)\s*$/.exec(line);
    if (match) env[match[1]] = match[2].replace(/^(['"])(.*)\1$/, '$2');
  }
  return env;
}

/** Secrets of this host. @param {Paths} paths */
export const secrets = (paths) => parseEnv(readText(paths.env) ?? '');

/**
 * What pm2 and the release's ecosystem file are run with. Little is taken over from the caller: an ssh session, a timer and a
 * boot must start the very same thing.
 * @param {Paths} paths @param {string} id @param {Side} side
 */
export function releaseEnv(paths, id, side) {
  return {
    PATH: [dirname(nodeOf(paths, id)), '/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin'].join(delimiter),
    HOME: process.env.HOME ?? paths.root,
    LANG: 'C.UTF-8',
    PM2_HOME: paths.pm2(side),
    // Without it pm2 asks its vendor at start and daily.
    PM2_DISABLE_VERSION_CHECK: '1',
    PM2_DISCRETE_MODE: 'true',
    // All processes stop, and start, at the same time: two by two would add up.
    PM2_CONCURRENT_ACTIONS: '32',
    DENGJI_ROOT: paths.root,
    DENGJI_SETTINGS: paths.settings,
    DENGJI_SIDE: side,
  };
}

/**
 * The apps as the release itself defines them (its ecosystem.config.js), so that a migration runs with the environment that the
 * API will have.
 * @param {Paths} paths @param {string} id @param {Side} side
 * @returns {Promise<{ name: string, script: string, cwd?: string, env: Record<string, string> }[]>}
 */
export async function appsOf(paths, id, side) {
  const code = `import('./ecosystem.config.js').then((file) => process.stdout.write(JSON.stringify(file.apps)))`;
  const {
    code: exit,
    out,
    text,
  } = await run([nodeOf(paths, id), '--input-type=module', '-e', code], {
    cwd: paths.release(id),
    env: releaseEnv(paths, id, side),
  });
  if (exit !== 0) throw failed('ecosystem', `the ecosystem.config.js of ${id} can't be read: ${text.slice(-500)}`);
  return JSON.parse(out);
}

/** @param {Paths} paths @param {string} id @param {{ script: string, cwd?: string }} app */
export const scriptOf = (paths, id, app) => resolve(app.cwd ?? paths.release(id), app.script);
