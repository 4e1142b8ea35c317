import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { asCommand } from './command.mjs';
import { exists } from './files.mjs';
import { heal } from './heal.mjs';
import { readJournal } from './journal.mjs';
import { exclusively, giveLock, isHeld, readLock, renewLock, takeLock } from './lock.mjs';
import { logLine } from './log.mjs';
import { acquire, acquireOver } from './mutex.mjs';
import { drainFlag, readSettings } from './paths.mjs';
import { raiseFlag } from './service.mjs';

/** @typedef {import('./paths.mjs').Paths} Paths */

const HOLDER = { name: 'watchdog' };
const LOOK_MS = 500;
const AGAIN_MS = 15_000;
/** A watchdog that is awake would have healed the host by then. */
const STUCK_MS = 20_000;

/**
 * Starts a watchdog that outlives the command, its ssh session and its operator.
 * @param {Paths} paths @param {string} program main.mjs
 */
export function spawnWatchdog(paths, program) {
  const log = openSync(paths.log('watchdog'), 'a');
  const child = spawn(process.execPath, [program, '--root', paths.root, 'watchdog'], {
    detached: true,
    cwd: '/',
    stdio: ['ignore', log, log],
  });
  child.unref();
  closeSync(log);
}

/**
 * Whether this host was left: it is not in service, nobody wants it so, and nobody holds the lock.
 * @param {Paths} paths
 */
export function isLeft(paths) {
  const { phase, hold } = readJournal(paths);
  return phase !== 'serving' && !hold && !isHeld(readLock(paths));
}

/**
 * Heals this host as soon as it is left, and ends when it is in service (or held on purpose).
 * @param {Paths} paths
 * @param {boolean} once look once, heal if need be, end: for a timer
 * @returns {Promise<{ healed: boolean, why?: string, release?: string | null }>}
 */
export async function watchdog(paths, once) {
  // Before anybody's turn: another one that is awake may just be done with a host that is held, and would look no more.
  const now = await settled(paths);
  if (now) return now;
  const who = { fence: 0, command: 'watchdog' };
  const stuck = (/** @type {unknown} */ _, /** @type {number} */ waited) => waited > STUCK_MS && isLeft(paths);
  const release =
    (await acquire(paths.mutexWatchdog, who)) ??
    (once && isLeft(paths) ? await acquireOver(paths.mutexWatchdog, who, 2 * STUCK_MS, stuck) : null);
  if (!release) return { healed: false, why: 'another watchdog is awake' };
  try {
    for (;;) {
      const done = await settled(paths);
      if (done) return done;
      if (isLeft(paths)) {
        try {
          return await healAlone(paths);
        } catch (error) {
          // Neither release starts, or somebody was faster. What it was may pass: a database that is away, a full disk.
          if (once) throw error;
          await sleep(AGAIN_MS);
          continue;
        }
      }
      if (once) return { healed: false, why: 'the lock is held' };
      await sleep(LOOK_MS);
    }
  } finally {
    await release();
  }
}

/** What there is to say where nothing is to heal: the host is in service, or held on purpose, which is seen to. @param {Paths} paths */
async function settled(paths) {
  const { phase, hold } = readJournal(paths);
  if (phase === 'serving') return { healed: false, why: 'in service' };
  if (!hold) return null;
  await keepOut(paths);
  return { healed: false, why: 'drained on purpose' };
}

/** Drained on purpose is drained until somebody says `join`: also after a reboot, which empties the flag's folder. @param {Paths} paths */
const keepOut = (paths) =>
  exclusively(paths, () => {
    const settings = readSettings(paths);
    if (readJournal(paths).hold && !exists(drainFlag(settings))) raiseFlag(settings);
  });

/** Takes the lock, so that everybody before is fenced off, and keeps it while healing. @param {Paths} paths */
async function healAlone(paths) {
  const settings = readSettings(paths);
  const leaseS = settings.lease.seconds;
  const { fence } = await takeLock(paths, { ...HOLDER, host: settings.host }, leaseS, 0);
  logLine(paths, 'watchdog', `the lease ended: healing with fence ${fence}`);
  const timer = setInterval(() => void renewLock(paths, fence, leaseS).catch(() => {}), (leaseS * 1000) / 3);
  try {
    const result = await asCommand(paths, fence, 'heal', () => heal({ paths, settings, fence }));
    logLine(paths, 'watchdog', `in service with ${result.release}`);
    return result;
  } catch (error) {
    logLine(paths, 'watchdog', `not healed: ${error.message}`);
    throw error;
  } finally {
    clearInterval(timer);
    await giveLock(paths, fence).catch(() => {});
  }
}

/** @param {Paths} paths what `facts` says about a flag that no command of ours made */
export const drainedByHand = (paths) =>
  exists(drainFlag(readSettings(paths))) && readJournal(paths).phase === 'serving';
