import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for files that nobody else may read and that must not outlive their work. */
export interface TempFolder {
  path: string;
  /** Removes it with all that is in it; may be called twice. */
  remove(): Promise<void>;
}

/** What stands in a folder's name; together it says whether the process that made it still lives. */
const NAME = /^dengji-([^.]+)\.([^.]+)\.(\d+)\.(\d+)\.[^.]+$/;
/** Two clocks are read one after the other, and a machine's clock is put right now and then. */
const SAME_START_SECONDS = 2;
/** Longer than any work on one folder. After it a folder goes even if its process seems to live: numbers are reused. */
const OLDEST_MS = 24 * 60 * 60 * 1000;

const host = (): string => hostname().replaceAll(/[^A-Za-z0-9-]/g, '-') || 'host';
const startedAt = (): number => Math.round(Date.now() / 1000 - process.uptime());

/**
 * Makes a folder of one's own. Its name tells its maker, so that `sweepTemp` can remove what a killed process left.
 * @param prefix what it is for: letters and dashes
 */
export async function tempFolder(prefix: string, root = tmpdir()): Promise<TempFolder> {
  const path = await mkdtemp(join(root, `dengji-${prefix}.${host()}.${process.pid}.${startedAt()}.`));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/**
 * Removes the folders that processes of this machine left when they were killed. To be called when a worker starts; other
 * workers' folders, and those of other machines that share the place, stay.
 * @returns how many were removed
 */
export async function sweepTemp(root = tmpdir()): Promise<number> {
  const names = await readdir(root);
  const left = await Promise.all(names.map(async (name) => ({ name, old: await isLeft(root, name) })));
  const old = left.filter((folder) => folder.old);
  await Promise.all(old.map(({ name }) => rm(join(root, name), { recursive: true, force: true })));
  return old.length;
}

async function isLeft(root: string, name: string): Promise<boolean> {
  const [, , from, pid, started] = NAME.exec(name) ?? [];
  if (pid === undefined || from !== host()) return false;
  if (Number(pid) === process.pid) return Math.abs(Number(started) - startedAt()) > SAME_START_SECONDS;
  if (!isRunning(Number(pid))) return true;
  const made = await stat(join(root, name)).catch(() => null);
  return made !== null && Date.now() - made.mtimeMs > OLDEST_MS;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process: it lives, but is not ours to signal.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
