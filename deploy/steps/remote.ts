import { mkdtemp, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostArgv } from '../commands/host-program.ts';
import { commandLine } from '../commands/quote.ts';
import { sshArgv, sshExitArgv, type SshPlace } from '../commands/ssh.ts';
import type { Host } from '../config/schema.ts';
import type { Loaded } from '../config/load.ts';
import { EXIT, type Exit, Fault, HostFault, SshFault } from '../faults.ts';
import { type Answer, lastLine, parseLine, textOf } from './answer.ts';
import { type ProgramFiles, programFiles } from './program.ts';
import { type Finished, run, type RunOptions } from './process.ts';
import type { Terminal } from './terminal.ts';

export type { Answer } from './answer.ts';

/** How a host is reached. */
export interface RemoteOptions extends RunOptions {
  /** Another account than ssh.user. */
  user?: string;
  /** A connection of its own. */
  lane?: string;
}

export interface CallOptions extends RemoteOptions {
  /** Progress of a waiting command, one object per sample. */
  onProgress?: (sample: Answer) => void;
}

/** The hosts, as the steps see them: an argv goes in, an answer comes out. */
export interface Remote {
  readonly dry: boolean;
  /** The version of the host program that is called. */
  readonly program: ProgramFiles;
  /** Calls the host program. @throws HostFault, SshFault, Fault (timedOut) */
  call(host: Host, args: readonly string[], options?: CallOptions): Promise<Answer>;
  /** Runs a shell command line. @param user another account than ssh.user. @throws SshFault when ssh failed */
  shell(host: Host, line: string, options?: RemoteOptions): Promise<Finished>;
  /** Ends the shared connections. */
  close(): Promise<void>;
}

/** ssh's own failure. The host program never ends with it, so a lock is never taken for a lost line, nor the other way round. */
const SSH_FAILED = 255;
const PAUSES_MS = [500, 1500, 3000];

/**
 * Reaches the hosts by ssh. A call whose line was lost is made again: every call of the host program may be repeated.
 */
export async function connect({ environment }: Loaded): Promise<Remote> {
  // Not os.tmpdir(): a socket's path may have some 100 characters at most.
  const sockets = await mkdtemp('/tmp/dengji-');
  const program = await programFiles();
  const used = new Map<string, { host: Host; place: SshPlace }>();

  async function shell(host: Host, line: string, options: RemoteOptions = {}): Promise<Finished> {
    const place = placeFor(sockets, options);
    used.set(`${host.name} ${place.user ?? ''} ${place.lane ?? ''}`, { host, place });
    for (let attempt = 0; ; attempt++) {
      const ended = await run(sshArgv(environment, host, place, line), options);
      if (ended.code !== SSH_FAILED) return ended;
      const pause = PAUSES_MS[attempt];
      if (pause === undefined) throw new SshFault(host.name, lastLine(ended.stderr));
      await sleep(pause, undefined, options.signal ? { signal: options.signal } : {});
    }
  }

  return {
    dry: false,
    program,
    shell,
    async call(host, args, { onProgress, ...options } = {}) {
      const onLine = onProgress && ((line: string) => onProgress(parseLine(line) ?? {}));
      const ended = await shell(host, commandLine(hostArgv(environment, host, program.hash, args)), {
        timeoutS: environment.limits.stepS,
        what: `${host.name}: ${stepOf(args)}`,
        ...options,
        ...(onLine ? { onLine } : {}),
      });
      return answerOf(host, args, ended);
    },
    async close() {
      const ends = [...used.values()].map(({ host, place }) =>
        run(sshExitArgv(environment, host, place), { timeoutS: 5 }),
      );
      await Promise.allSettled(ends);
      await rm(sockets, { recursive: true, force: true });
    },
  };
}

/** A dry run: every call is printed as the exact command, none is made, and everything is answered as a good host would. */
export async function connectDry({ environment }: Loaded, terminal: Terminal): Promise<Remote> {
  const program = await programFiles();
  const print = (host: Host, line: string, options: RemoteOptions = {}) => {
    const { input, inputFile } = options;
    const place = placeFor('/tmp/dengji-run', options);
    const stdin = inputFile ?? (input === undefined ? '' : '(text on stdin)');
    terminal.block(commandLine(sshArgv(environment, host, place, line)) + (stdin ? ` < ${stdin}` : ''));
  };
  return {
    dry: true,
    program,
    call: (host, args, options) => {
      print(host, commandLine(hostArgv(environment, host, program.hash, args)), options);
      return Promise.resolve({ ok: true });
    },
    shell: (host, line, options) => {
      print(host, line, options);
      return Promise.resolve({ code: 0, stdout: '', stderr: '' });
    },
    close: () => Promise.resolve(),
  };
}

const placeFor = (sockets: string, { user, lane }: RemoteOptions): SshPlace => ({
  sockets,
  ...(user === undefined ? {} : { user }),
  ...(lane === undefined ? {} : { lane }),
});

const EXITS: Record<number, Exit> = { 64: EXIT.usage, 69: EXIT.timedOut, 73: EXIT.locked, 75: EXIT.fenced };

/** The last line of a host program is its answer; anything else means that it did not run or was cut. */
function answerOf(host: Host, args: readonly string[], { code, stdout, stderr }: Finished): Answer {
  const answer = parseLine(lastLine(stdout));
  if (code === 0 && answer?.['ok'] === true) return answer;
  const message = textOf(answer?.['message'], lastLine(stderr) || `ended (${code}) without an answer`);
  throw new HostFault(
    host.name,
    stepOf(args),
    textOf(answer?.['code'], 'noAnswer'),
    message,
    EXITS[code] ?? EXIT.failed,
    answer,
  );
}

/** e.g. `wait out` */
const stepOf = (args: readonly string[]) => args.slice(0, 2).join(' ');

/** Whether the plan can't go on because somebody else has the hosts. */
export const isFenced = (error: unknown): boolean => error instanceof Fault && error.exit === EXIT.fenced;
