import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** A busy machine takes long to compile the sources. */
const READY_MS = 150_000;

/** A real process of one role, as a host runs it. */
export interface RoleProcess {
  readonly pid: number;
  /** Asks the process something over its channel and answers what it says; for what a preload listens to. */
  ask<T>(question: string): Promise<T>;
  /** As a crash would; resolves when it is gone. */
  kill(): Promise<void>;
  /** As a process manager does: it finishes what it has in hand. */
  stop(): Promise<void>;
}

export interface RoleOptions {
  role: 'api' | 'worker';
  env: Record<string, string>;
  /** Path of the file for what it prints. */
  log: string;
  /** Arguments for node; from the sources unless told. */
  program?: string[];
}

/**
 * Starts a process and waits until it is ready.
 * @throws Error when it ends before, or takes longer than READY_MS
 */
export function startRole({ role, env, log, program }: RoleOptions): Promise<RoleProcess> {
  const out = openSync(log, 'a');
  const child = spawn(process.execPath, program ?? ['--import', 'tsx', 'server/src/main.ts'], {
    cwd: root,
    env: {
      ...process.env,
      ROLE: role,
      NODE_ENV: 'development',
      HOST: '127.0.0.1',
      INTERNAL_PORT: '0',
      WORKER_PORT: '0',
      LOG_LEVEL: 'warn',
      // As ecosystem.config.js has it.
      ...(role === 'worker' ? { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '131072' } : {}),
      ...env,
    },
    stdio: ['ignore', out, out, 'ipc'],
  });
  closeSync(out);
  const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const running: RoleProcess = {
    pid: child.pid!,
    ask: <T>(question: string) =>
      new Promise<T>((resolve) => {
        child.once('message', (answer) => resolve(answer as T));
        child.send(question);
      }),
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
    async stop() {
      child.kill('SIGTERM');
      await gone;
    },
  };
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`a process of role ${role} is not ready after ${READY_MS / 1000} s`));
    }, READY_MS);
    child.once('message', () => {
      clearTimeout(late);
      resolve(running);
    });
    void gone.then((code) => {
      clearTimeout(late);
      const said = readFileSync(log, 'utf8').slice(-1_000);
      reject(new Error(`a process of role ${role} ended with ${code} before it was ready: ${said}`));
    });
  });
}
