/** Child processes that are always stopped: by us, or by the guard when we are killed. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { processStamp, signal, waitGone } from './processes.mjs';

const LOG_LIMIT = 20 * 1024 * 1024;
let guard;

/** Tells the guard (started when first needed) something; see guard.mjs for the messages. */
export function tellGuard(message) {
  if (!guard || guard.exitCode !== null) {
    guard = spawn(process.execPath, [fileURLToPath(new URL('guard.mjs', import.meta.url))], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { PATH: process.env.PATH },
    });
    // The guard must not keep its owner alive: it ends when the owner does.
    guard.unref();
    guard.stdin.unref();
    guard.stdin.on('error', () => {});
  }
  guard.stdin.write(`${JSON.stringify(message)}\n`);
}

/** Opens a log for appending, emptied first when it has grown too big. Returns the file descriptor. */
export function openLog(path) {
  mkdirSync(dirname(path), { recursive: true });
  try {
    if (statSync(path).size > LOG_LIMIT) truncateSync(path);
  } catch {
    // There is no log yet.
  }
  return openSync(path, 'a');
}

/**
 * Starts a program in a group of its own (a Ctrl-C in the terminal reaches only us, and we stop it in order).
 * @param {string} file
 * @param {string[]} args
 * @param {{ log?: string, env?: NodeJS.ProcessEnv, cwd?: string, ipc?: boolean }} options log: file for its output
 *   (our own output when left out); ipc: gives it a channel to us, by which it can see that we are gone
 */
export function startChild(file, args, { log, env, cwd, ipc = false }) {
  const fd = log ? openLog(log) : undefined;
  const output = fd ?? 'inherit';
  const child = spawn(file, args, {
    cwd,
    env,
    detached: true,
    stdio: ipc ? ['ignore', output, output, 'ipc'] : ['ignore', output, output],
  });
  if (fd !== undefined) closeSync(fd);
  const exited = new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }));
    child.once('exit', (code, name) => resolve({ code, signal: name }));
  });
  if (child.pid) {
    const { pid } = child;
    tellGuard({ watch: pid, stamp: processStamp(pid) });
    void exited.then(() => tellGuard({ forget: pid }));
  }
  return { pid: child.pid, child, log, exited };
}

/** SIGTERM, then SIGKILL (to its whole group) after `ms`. Returns when the process is gone. */
export async function stopProcess(pid, ms = 10_000) {
  signal(pid, 'SIGTERM');
  if (await waitGone(pid, ms)) return;
  if (!signal(-pid, 'SIGKILL')) signal(pid, 'SIGKILL');
  await waitGone(pid, 5_000);
}

/** The last lines of a log, for a message. */
export function tailOf(path, lines = 3) {
  try {
    return readFileSync(path, 'utf8').trim().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}
