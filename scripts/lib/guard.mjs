/**
 * The guard: a small process that outlives its owner by a moment. The owner writes to its standard input which
 * process groups to end; when the owner is gone, also by kill -9, the input ends and the guard ends them. So nothing
 * is ever orphaned. One JSON object a line: `{ watch: pid }`, `{ forget: pid }`, `{ removeDir: path }`.
 */
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { isAlive, processStamp, signal, waitGone } from './processes.mjs';

const watched = new Map();
const folders = new Set();

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => {});

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.watch) watched.set(message.watch, message.stamp);
  if (message.forget) watched.delete(message.forget);
  if (message.removeDir) folders.add(message.removeDir);
}

const left = [...watched].filter(([pid, stamp]) => isAlive(pid) && processStamp(pid) === stamp).map(([pid]) => pid);
for (const pid of left) signal(pid, 'SIGTERM');
await Promise.all(left.map((pid) => waitGone(pid, 5_000)));
for (const pid of left) signal(-pid, 'SIGKILL');
await Promise.all(left.map((pid) => waitGone(pid, 2_000)));
for (const path of folders) rmSync(path, { recursive: true, force: true });
