/** Questions about processes that may not be our children: alive? the same one as before? what does it run? */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** True while a process with this id exists (a zombie counts as gone). */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  return statField(pid, 0) !== 'Z';
}

/**
 * When a process began, in whatever unit the system has: two equal stamps for one id mean the same process, so a
 * recycled id is never taken for the process that had it before. Undefined when there is no such process.
 */
export function processStamp(pid) {
  if (!isAlive(pid)) return undefined;
  if (process.platform === 'linux') return statField(pid, 19);
  return ps(pid, 'lstart=');
}

/** The process that a process was started by, or undefined. */
export function parentOf(pid) {
  return Number(process.platform === 'linux' ? statField(pid, 1) : ps(pid, 'ppid=')) || undefined;
}

/** The command line of a process, or an empty string where the system doesn't tell. */
export function commandOf(pid) {
  if (process.platform !== 'linux') return ps(pid, 'command=') ?? '';
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

/** Sends a signal; a process that is already gone is no error. */
export function signal(pid, name) {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}

/** Waits until a process is gone; false when it is still there after `ms`. */
export async function waitGone(pid, ms) {
  const until = Date.now() + ms;
  while (isAlive(pid)) {
    if (Date.now() > until) return false;
    await sleep(25);
  }
  return true;
}

/** Field of /proc/PID/stat counted from the state (0); the name before it may hold spaces and brackets. */
function statField(pid, index) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[index];
  } catch {
    return undefined;
  }
}

function ps(pid, column) {
  try {
    return execFileSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return undefined;
  }
}
