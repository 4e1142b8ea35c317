import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Fields of /proc/PID/stat after the name (which may hold blanks): state, ppid, pgrp, session, … @param {number} pid */
function stat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/** When a process began, in clock ticks since boot: with the pid it names one process for ever. @param {number} pid */
export const startedAt = (pid) => stat(pid)?.[19] ?? null;

/** @param {number} pid */
export const alive = (pid) => !['Z', 'X', undefined].includes(stat(pid)?.[0]);

function pids() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/**
 * Kills a command of ours with its children, but not what it set off on purpose in a session of its own (pm2's daemon,
 * a watchdog). Resolves when they are gone.
 * @param {number} pid
 * @param {string | null} start as `startedAt` said: a pid that now belongs to somebody else is left alone
 */
export async function killTree(pid, start) {
  if (pid === process.pid || startedAt(pid) !== start) return;
  const session = stat(pid)?.[3];
  const victims = [pid];
  // Stopped first: while we look for its children it must not make more of them.
  for (let at = 0; at < victims.length; at++) {
    signal(victims[at], 'SIGSTOP');
    for (const other of pids()) {
      const fields = stat(other);
      if (fields && Number(fields[1]) === victims[at] && fields[3] === session && !victims.includes(other))
        victims.push(other);
    }
  }
  for (const victim of victims) signal(victim, 'SIGKILL');
  while (victims.some(alive)) await sleep(5);
}

/** @param {number} pid @param {NodeJS.Signals} name */
export function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // gone already
  }
}

/** The processes whose command line holds a text. @param {string} text @returns {number[]} */
export const commandsNaming = (text) =>
  pids().filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
    } catch {
      // gone meanwhile
      return false;
    }
  });

/**
 * The processes that were started with this variable in their environment (pm2's daemon and all that it runs carry PM2_HOME).
 * @param {string} name
 * @param {string} value
 * @returns {{ pid: number, cwd: string | null, command: string }[]}
 */
export function processesWith(name, value) {
  const wanted = `${name}=${value}`;
  return pids().flatMap((pid) => {
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(wanted) || !alive(pid)) return [];
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      return [{ pid, cwd: readlinkSync(`/proc/${pid}/cwd`), command }];
    } catch {
      return [];
    }
  });
}
