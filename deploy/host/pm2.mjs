import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { releaseEnv } from './env.mjs';
import { failed } from './fault.mjs';
import { exists } from './files.mjs';
import { logLine } from './log.mjs';
import { processesWith, signal } from './processes.mjs';
import { nodeOf } from './releases.mjs';
import { run } from './run.mjs';

/** @typedef {import('./paths.mjs').Paths} Paths */
/** @typedef {import('./env.mjs').Side} Side */

/** The applications may take 170 s to stop (kill_timeout); a little more for pm2 itself. */
const STOP_MS = 180_000;

/** How long pm2's daemon may outlive its last application. */
const DAEMON_MS = 2_000;

/** @param {Paths} paths @param {string} id */
const pm2Script = (paths, id) => join(paths.release(id), 'node_modules', 'pm2', 'bin', 'pm2');

/**
 * pm2 of the release itself, run by the node of the release itself, with the home of the side.
 * @param {Paths} paths @param {string} id @param {Side} side @param {string[]} args @param {number} timeoutMs
 * @param {AbortSignal} [abort]
 */
async function pm2(paths, id, side, args, timeoutMs, abort) {
  const argv = [nodeOf(paths, id), pm2Script(paths, id), ...args];
  const log = (/** @type {string} */ text) => logLine(paths, id, text);
  return run(argv, { cwd: paths.release(id), env: releaseEnv(paths, id, side), timeoutMs, log, abort });
}

/**
 * Everything that runs for a side: pm2's daemon and what it started.
 * @param {Paths} paths @param {Side} side
 */
export const processesOf = (paths, side) =>
  processesWith('PM2_HOME', paths.pm2(side)).map(({ pid, cwd, command }) => ({
    pid,
    release: cwd?.startsWith(`${paths.releases}/`) ? cwd.slice(paths.releases.length + 1).split('/')[0] : null,
    daemon: command.startsWith('PM2 '),
    command: command.slice(0, 200),
  }));

/**
 * Starts the processes of a release. pm2 says 0 for one that dies at boot as well: look at the ports afterwards.
 * @param {Paths} paths @param {string} id @param {Side} side
 * @param {AbortSignal} abort ends the asking; what was started goes on
 */
export async function pm2Start(paths, id, side, abort) {
  return pm2(paths, id, side, ['start', 'ecosystem.config.js', '--no-color', '--silent'], 120_000, abort);
}

/**
 * What pm2 knows of its processes.
 * @param {Paths} paths @param {string} id @param {Side} side
 * @returns {Promise<{ name: string, pid: number, status: string, restarts: number }[]>}
 */
export async function pm2List(paths, id, side) {
  const { out } = await pm2Quiet(paths, id, side, ['jlist']);
  const from = out.indexOf('[');
  if (from < 0) return [];
  try {
    return JSON.parse(out.slice(from)).map((/** @type {any} */ one) => ({
      name: one.name,
      pid: one.pid,
      status: one.pm2_env.status,
      restarts: one.pm2_env.restart_time,
    }));
  } catch {
    return [];
  }
}

/** @param {Paths} paths @param {string} id @param {Side} side @param {string[]} args */
const pm2Quiet = (paths, id, side, args) =>
  run([nodeOf(paths, id), pm2Script(paths, id), ...args], {
    cwd: paths.release(id),
    env: releaseEnv(paths, id, side),
    timeoutMs: 20_000,
  });

/**
 * Stops all processes of a side and pm2's daemon, gracefully: SIGINT, then up to kill_timeout, and workers too. Resolves when
 * none of them is left; asked again while an earlier stop is under way it waits for that one.
 * @param {Paths} paths @param {Side} side
 * @throws {import('./fault.mjs').Fault} not_stopped
 */
export async function pm2Stop(paths, side) {
  const running = processesOf(paths, side);
  if (running.length === 0) return { stopped: 0 };
  const id = running.map((one) => one.release).find((name) => name && exists(pm2Script(paths, name)));
  // Without a daemon a pm2 command would only start one.
  if (id && running.some((one) => one.daemon)) await pm2(paths, id, side, ['kill', '--no-color'], STOP_MS);
  // Nobody supervises them any more: they get the signal that pm2 would have sent.
  else for (const { pid } of running) signal(pid, 'SIGTERM');
  const end = Date.now() + STOP_MS;
  let alone = Infinity;
  for (let left = processesOf(paths, side); left.length > 0; left = processesOf(paths, side)) {
    // It says that it stopped, and sometimes does not end on a busy machine. Without applications it holds nothing.
    alone = left.every((one) => one.daemon) ? Math.min(alone, Date.now()) : Infinity;
    if (Date.now() - alone > DAEMON_MS) for (const { pid } of left) signal(pid, 'SIGKILL');
    if (Date.now() > end)
      throw failed('not_stopped', 'processes of the old release are still there', {
        processes: processesOf(paths, side),
      });
    await sleep(20);
  }
  return { stopped: running.length };
}
