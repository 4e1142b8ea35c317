import { spawn } from 'node:child_process';

/** Another backup of the same kind is being written. */
const BUSY = 3;
/** Slices lead on from a dump, and there is none yet. */
const NO_DUMP = 4;
/** The end of what the command said is enough to tell why it failed. */
const SAID_CHARS = 500;
const KILL_AFTER_MS = 10_000;
/** What it said last may come a moment after its end; a child of its own could keep the line open for ever. */
const LAST_WORDS_MS = 1_000;

export class BackupFailed extends Error {
  override name = 'BackupFailed';
  readonly code = 'backup_failed';
}

/**
 * Runs the backup command to its end, under this process's own settings. Aborted: it is asked to stop, then killed.
 * @returns done; busy when another one is at it; no-dump when there is nothing that slices could lead on from
 * @throws BackupFailed with the end of what the command said, or the signal's reason
 */
export async function runBackup(
  script: string,
  args: string[],
  signal: AbortSignal,
): Promise<'done' | 'busy' | 'no-dump'> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => (said = (said + part).slice(-SAID_CHARS)));
  let killing: NodeJS.Timeout | undefined;
  const onAbort = () => {
    child.kill('SIGTERM');
    killing = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const end = await new Promise<number | string>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, how) => resolve(code ?? how ?? 'unknown'));
      child.once('exit', (code, how) => void setTimeout(() => resolve(code ?? how ?? 'unknown'), LAST_WORDS_MS));
    });
    if (end === BUSY) return 'busy';
    if (end === NO_DUMP) return 'no-dump';
    if (end === 0) return 'done';
    signal.throwIfAborted();
    throw new BackupFailed(`the backup command ended with ${end}: ${said.trim()}`);
  } finally {
    clearTimeout(killing);
    signal.removeEventListener('abort', onAbort);
  }
}
