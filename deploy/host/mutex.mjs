import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { failed } from './fault.mjs';
import { readJson } from './files.mjs';
import { killTree, startedAt } from './processes.mjs';

/**
 * Mutexes of this host. The kernel's flock does it, held by a child that lives as long as our end of its stdin: a process that
 * was killed gives it back at once, and there is no stale file to judge. (Files made exclusively, with a pid inside, have a
 * window between "it is stale" and "I remove it" in which two get in.) A process that was *stopped* keeps it; that one is named
 * in the file, so that a successor who has the right can kill it: then it can't wake up and go on.
 * @typedef {{ pid: number, start: string | null, fence: number, command: string }} Holder
 */

/**
 * @param {string} file
 * @param {number} waitMs 0 asks once
 * @param {{ fence: number, command: string }} who
 * @returns {Promise<null | (() => Promise<void>)>} what gives it back, or null when another process keeps it
 */
export async function acquire(file, waitMs, who) {
  const argv = ['--exclusive', '--timeout', String(waitMs / 1000), file, 'sh', '-c', 'echo held; exec cat >/dev/null'];
  const child = spawn('flock', argv, { stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.on('error', () => {});
  const gone = new Promise((resolve, reject) => {
    child.once('close', resolve);
    child.once('error', () => reject(failed('no_flock', 'the program flock (util-linux) is missing')));
  });
  const held = await Promise.race([once(child.stdout, 'data').then(() => true), gone.then(() => false)]);
  if (!held) return null;
  writeFileSync(file, JSON.stringify({ pid: process.pid, start: startedAt(process.pid), ...who }));
  child.unref();
  return async () => {
    child.ref();
    child.stdin.end();
    await gone;
  };
}

/** Who holds it, or held it last. @param {string} file @returns {Holder | null} */
export const holderOf = (file) => readJson(file);

/**
 * Acquires, and kills the holder where `mayKill` says so.
 * @param {string} file
 * @param {{ fence: number, command: string }} who
 * @param {number} waitMs how long a holder that must not be killed is waited for
 * @param {(holder: Holder, waitedMs: number) => boolean} mayKill
 */
export async function acquireOver(file, who, waitMs, mayKill) {
  const begun = Date.now();
  for (;;) {
    const release = await acquire(file, 0, who);
    if (release) return release;
    const holder = holderOf(file);
    const waited = Date.now() - begun;
    if (holder && mayKill(holder, waited)) await killTree(holder.pid, holder.start);
    else if (waited > waitMs) return null;
    await sleep(20);
  }
}
