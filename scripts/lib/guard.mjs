/**
 * The guard: a small process that outlives its owner by a moment. The owner tells it which process groups to end;
 * when the owner is gone, also by kill -9, the channel closes and the guard ends them. So nothing is ever orphaned.
 * Messages: `{ watch: pid }`, `{ forget: pid }`, `{ removeDir: path }`.
 */
import { rmSync } from 'node:fs';
import { isAlive, processStamp, signal, waitGone } from './processes.mjs';

const watched = new Map();
const folders = new Set();

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => {});

process.on('message', (message) => {
  if (message.watch) watched.set(message.watch, processStamp(message.watch));
  if (message.forget) watched.delete(message.forget);
  if (message.removeDir) folders.add(message.removeDir);
});

process.on('disconnect', async () => {
  const left = [...watched].filter(([pid, stamp]) => isAlive(pid) && processStamp(pid) === stamp).map(([pid]) => pid);
  for (const pid of left) signal(pid, 'SIGTERM');
  await Promise.all(left.map((pid) => waitGone(pid, 5_000)));
  for (const pid of left) signal(-pid, 'SIGKILL');
  await Promise.all(left.map((pid) => waitGone(pid, 2_000)));
  for (const path of folders) rmSync(path, { recursive: true, force: true });
  process.exit(0);
});
