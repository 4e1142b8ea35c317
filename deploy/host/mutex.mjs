import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { readJson } from './files.mjs';
import { killTree, startedAt } from './processes.mjs';

/**
 * Mutexes of this host: whoever listens on the name has it. The name is an abstract unix socket of Linux, which belongs to no
 * file: a process that was killed gives it back at once, and there is nothing stale to judge. (Files made exclusively, with a
 * pid inside, have a window between "it is stale" and "I remove it" in which two get in; the program flock costs two processes
 * each time, 40 ms on a busy host.) A process that was *stopped* keeps it; the file names that one, so that a successor who has
 * the right can kill it: then it can't wake up and go on.
 * @typedef {{ pid: number, start: string | null, fence: number, command: string }} Holder
 */

/**
 * @param {string} file names the mutex; holds who has it
 * @param {{ fence: number, command: string }} who
 * @returns {Promise<null | (() => Promise<void>)>} what gives it back, or null when another process has it
 */
export async function acquire(file, who) {
  const name = `\0dengji-${createHash('sha256').update(file).digest('hex').slice(0, 40)}`;
  const server = createServer((socket) => socket.destroy());
  const held = await new Promise((resolve, reject) => {
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    server.listen(name, () => resolve(true));
  });
  if (!held) return null;
  server.unref();
  writeFileSync(file, JSON.stringify({ pid: process.pid, start: startedAt(process.pid), ...who }));
  return () => {
    // Before it is free: nobody shall be killed for what he no longer holds.
    writeFileSync(file, '');
    return new Promise((resolve) => server.close(() => resolve()));
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
  const begun = performance.now();
  for (;;) {
    const release = await acquire(file, who);
    if (release) return release;
    const holder = holderOf(file);
    const waited = performance.now() - begun;
    if (holder && mayKill(holder, waited)) await killTree(holder.pid, holder.start);
    else if (waited > waitMs) return null;
    await sleep(10);
  }
}
