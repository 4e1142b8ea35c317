import { spawn } from 'node:child_process';

/** Another backup of the same kind is being written. */
const BUSY = 3;
const KILL_AFTER_MS = 10_000;

export class BackupFailed extends Error {
  override name = 'BackupFailed';
  readonly code = 'backup_failed';
}

/**
 * Runs the backup command to its end, under this process's own settings. Aborted: it is asked to stop, then killed.
 * @returns done, or busy when another one is at it
 * @throws BackupFailed, or the signal's reason
 */
export async function runBackup(script: string, args: string[], signal: AbortSignal): Promise<'done' | 'busy'> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [script, ...args], { stdio: 'ignore' });
  let killing: NodeJS.Timeout | undefined;
  const onAbort = () => {
    child.kill('SIGTERM');
    killing = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const end = await new Promise<number | string>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, how) => resolve(code ?? how ?? 'unknown'));
    });
    if (end === BUSY) return 'busy';
    if (end === 0) return 'done';
    signal.throwIfAborted();
    throw new BackupFailed(`the backup command ended with ${end}`);
  } finally {
    clearTimeout(killing);
    signal.removeEventListener('abort', onAbort);
  }
}
