import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { tellGuard } from '../../scripts/lib/children.mjs';
import { root } from '../../scripts/lib/paths.mjs';
import { processStamp } from '../../scripts/lib/processes.mjs';

/** A line of the operator's program and when it came, ms since 1970. */
export interface Said {
  at: number;
  line: string;
}

export interface Finished {
  code: number | null;
  signal: NodeJS.Signals | null;
  said: Said[];
  text: string;
  ms: number;
}

/** `npm run deploy -- …` that is running. */
export interface Running {
  readonly pid: number;
  readonly said: readonly Said[];
  /** The first line that matches, as soon as it is there. @throws Error when the program ends without it */
  line(pattern: RegExp): Promise<Said>;
  /** To the program itself, not to what it started: as when a laptop dies or sleeps. */
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<Finished>;
}

/** An operator at a machine: runs the deploy program as a process, as people do. */
export function startOperator(options: {
  args: readonly string[];
  environment: string;
  /** Who they are; another name is another operator. */
  name: string;
  log: string;
}): Running {
  const { args, environment, name, log } = options;
  const began = Date.now();
  const argv = ['--import', 'tsx', join(root, 'deploy/main.ts'), ...args, '--env', environment, '--by', name];
  const child: ChildProcess = spawn(process.execPath, argv, {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pid = child.pid!;
  tellGuard({ watch: pid, stamp: processStamp(pid) });
  const file = createWriteStream(log, { flags: 'a' });
  file.write(`\n$ deploy ${args.join(' ')} (${name})\n`);
  const said: Said[] = [];
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout!, child.stderr!])
    createInterface({ input: stream }).on('line', (line) => {
      said.push({ at: Date.now(), line });
      file.write(`${new Date().toISOString()} ${line}\n`);
      for (const look of waiting) look();
    });
  let over = false;
  const ended = new Promise<Finished>((resolve) => {
    child.once('close', (code, signal) => {
      over = true;
      tellGuard({ forget: pid });
      file.end(`ended with ${code ?? signal}\n`);
      for (const look of waiting) look();
      resolve({ code, signal, said, text: said.map(({ line }) => line).join('\n'), ms: Date.now() - began });
    });
  });
  return {
    pid,
    said,
    ended,
    signal: (signalName) => void child.kill(signalName),
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = said.find(({ line }) => pattern.test(line));
          if (!found && !over) return;
          waiting.delete(look);
          if (found) resolve(found);
          else reject(new Error(`the deploy ended without ${pattern}:\n${said.map(({ line }) => line).join('\n')}`));
        };
        waiting.add(look);
        look();
      }),
  };
}
