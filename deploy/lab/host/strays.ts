import { readdirSync, readFileSync } from 'node:fs';
import { tellGuard } from '../../../scripts/lib/children.mjs';
import { processStamp, signal, waitGone } from '../../../scripts/lib/processes.mjs';

/** Processes that belong to a folder: its path is in their command line or in their environment. pm2 detaches what it starts. */
export function processesOf(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => ['cmdline', 'environ'].some((file) => read(`/proc/${pid}/${file}`).includes(`${folder}/`)))
    .map(Number);
}

/** Has the guard end them too, should this process be killed. @returns ends the looking */
export function guardStrays(folder: string): () => void {
  const known = new Set<number>();
  const look = () => {
    for (const pid of processesOf(folder)) {
      if (known.has(pid)) continue;
      known.add(pid);
      tellGuard({ watch: pid, stamp: processStamp(pid) });
    }
  };
  const timer = setInterval(look, 1_000);
  timer.unref();
  return () => clearInterval(timer);
}

/** Ends everything that belongs to a folder. */
export async function endStrays(folder: string): Promise<void> {
  for (const name of ['SIGTERM', 'SIGKILL'] as const) {
    const left = processesOf(folder);
    for (const pid of left) signal(pid, name);
    await Promise.all(left.map((pid) => waitGone(pid, 3_000)));
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
