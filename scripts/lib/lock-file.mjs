/** Locks between processes of one machine: a file that names its holder. A dead holder's lock is taken over. */
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processStamp } from './processes.mjs';

/** @typedef {{ pid: number, stamp: string | undefined, note?: string }} Holder */

/**
 * Takes the lock if it is free.
 * @param {string} path
 * @param {string} [note] kept in the file for whoever finds it taken (an address, say)
 * @returns {{ release(): void } | { heldBy: Holder }}
 */
export function tryLock(path, note) {
  mkdirSync(dirname(path), { recursive: true });
  // The file appears whole by link(2), so that nobody ever reads a half-written one.
  const draft = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(draft, JSON.stringify({ pid: process.pid, stamp: processStamp(process.pid), note }));
  try {
    for (;;) {
      try {
        linkSync(draft, path);
        return { release: () => rmSync(path, { force: true }) };
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const holder = heldLock(path);
      if (holder) return { heldBy: holder };
      rmSync(path, { force: true });
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Runs `work` alone: waits for the lock as long as its holder lives. `onWait` is called once if it must wait. */
export async function withLock(path, work, onWait = () => {}) {
  let waiting = false;
  for (;;) {
    const lock = tryLock(path);
    if ('release' in lock) {
      try {
        return await work();
      } finally {
        lock.release();
      }
    }
    if (!waiting) onWait(lock.heldBy);
    waiting = true;
    await sleep(200);
  }
}

/**
 * Who holds the lock now; undefined when nobody does, or its holder is dead.
 * @returns {Holder | undefined}
 */
export function heldLock(path) {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8'));
    return holder.stamp !== undefined && processStamp(holder.pid) === holder.stamp ? holder : undefined;
  } catch {
    return undefined;
  }
}
