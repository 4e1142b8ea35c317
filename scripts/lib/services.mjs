/** Long-running processes as supervised children: started again with a growing pause when one dies. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild, stopProcess } from './children.mjs';
import { Fault } from './fault.mjs';
import { logDir, root } from './paths.mjs';
import { shown } from './run.mjs';

/** Runs the built server in the role that its environment names. */
export const serverCommand = [process.execPath, '--enable-source-maps', join(root, 'server/dist/src/main.js')];

/** Longest pause before a new start; a process that ran this long is healthy again. */
const LONGEST_PAUSE = 30_000;
/** A local stop waits no longer for a slow request; in production the process manager gives it its whole time. */
const STOP_MS = 20_000;

/**
 * @param {string} name for messages and the log's name
 * @param {string[]} command file and arguments
 * @param {NodeJS.ProcessEnv} env
 * @param {(text: string) => void} say told when it dies and comes back
 */
export function startService(name, [file, ...args], env, say) {
  const log = join(logDir, `${name}.log`);
  let running;
  let stopping = false;
  let pause = 1_000;
  const launch = () => {
    running = startChild(file, args, { log, cwd: root, env, ipc: true });
    const since = Date.now();
    void running.exited.then(async (end) => {
      if (stopping) return;
      if (Date.now() - since > LONGEST_PAUSE) pause = 1_000;
      const how = end.signal ?? `exit ${end.code}`;
      say(`The ${name} process ended (${how}); starting it again in ${pause / 1000} s. Details: ${shown(log)}`);
      await sleep(pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
      if (!stopping) launch();
    });
  };
  launch();
  return {
    log,
    get exited() {
      return running.exited;
    },
    async stop() {
      stopping = true;
      if (running.pid) await stopProcess(running.pid, STOP_MS);
    },
  };
}

/** Waits until `url` answers 200; the service's early death or a minute of silence is a fault. */
export async function untilReady(service, url) {
  let over = false;
  void service.exited.then(() => (over = true));
  const until = Date.now() + 60_000;
  while (!over && Date.now() < until) {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
    if (response?.ok) return;
    await sleep(100);
  }
  const why = over ? 'ended while starting' : 'is not ready after a minute';
  throw new Fault(`The api process ${why}.`, { log: shown(service.log) });
}
