/** Types of children.mjs for the TypeScript that starts programs in tests and in the lab. */
import type { ChildProcess } from 'node:child_process';
import type { constants } from 'node:os';

export interface Child {
  /** Absent when the program could not be started. */
  pid: number | undefined;
  child: ChildProcess;
  log: string | undefined;
  exited: Promise<{ code: number | null; signal: keyof typeof constants.signals | null; error?: Error }>;
}

/** Starts a program in a group of its own that ends with us, however we end. `ipc`: it gets a channel to us. */
export function startChild(
  file: string,
  args: string[],
  options: { log?: string; env?: NodeJS.ProcessEnv; cwd?: string; ipc?: boolean },
): Child;

/** SIGTERM, then SIGKILL (to its whole group) after `ms`. Resolves when the process is gone. */
export function stopProcess(pid: number, ms?: number): Promise<void>;

/** Tells the guard process something; see guard.mjs for the messages. */
export function tellGuard(message: Record<string, unknown>): void;

/** Opens a log for appending, emptied first when it has grown too big. */
export function openLog(path: string): number;

/** The last lines of a log, for a message. */
export function tailOf(path: string, lines?: number): string;
