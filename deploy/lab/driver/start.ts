import { readFileSync, writeFileSync } from 'node:fs';
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DriverOptions, DriverReport, FromDriver, ToDriver, WriteSeen } from './protocol.ts';

/** A load that is running. */
export interface Load {
  /** What happened so far. */
  report(): Promise<DriverReport>;
  /** Begins nothing new, waits for what is under way. */
  stop(): Promise<{ report: DriverReport; writes: WriteSeen[] }>;
}

/**
 * Starts a load driver in a process of its own.
 * @param folder for its files, which must not be used by another driver
 * @returns when everybody has logged in and the first requests are on their way
 * @throws Error when it ends before that
 */
export function startLoad(folder: string, options: Omit<DriverOptions, 'failures' | 'writes'>): Promise<Load> {
  const at = (name: string) => join(folder, `load-${options.mark}-${name}`);
  const all: DriverOptions = { ...options, failures: at('failures.ndjson'), writes: at('writes.ndjson') };
  writeFileSync(at('options.json'), JSON.stringify(all));
  writeFileSync(all.writes, '');
  const child = fork(fileURLToPath(new URL('main.ts', import.meta.url)), [at('options.json')], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const say = (message: ToDriver) => void child.send(message);
  const hear = <K extends string>(key: K) =>
    new Promise<Extract<FromDriver, Record<K, unknown>>>((resolve, reject) => {
      const listen = (message: FromDriver) => {
        if (!(key in message)) return;
        child.off('message', listen);
        child.off('exit', gone);
        resolve(message as Extract<FromDriver, Record<K, unknown>>);
      };
      const gone = (code: number | null) => reject(new Error(`the load driver ended with ${code}`));
      child.on('message', listen);
      child.once('exit', gone);
    });
  const load: Load = {
    async report() {
      say('report');
      return (await hear('report')).report;
    },
    async stop() {
      say('stop');
      const { final } = await hear('final');
      const lines = readFileSync(all.writes, 'utf8').split('\n').filter(Boolean);
      return { report: final, writes: lines.map((line) => JSON.parse(line) as WriteSeen) };
    },
  };
  return hear('ready').then(() => load);
}
