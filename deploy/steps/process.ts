import { $, type ProcessOutput } from 'zx';
import { EXIT, Fault } from '../faults.ts';
import { commandLine } from '../commands/quote.ts';

export interface Finished {
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** Text for its stdin. */
  input?: string;
  /** File for its stdin. */
  inputFile?: string;
  cwd?: string;
  /** What it is called when it fails. */
  what?: string;
  timeoutS?: number;
  signal?: AbortSignal;
  /** Called with each whole line of stdout as it comes. */
  onLine?: (line: string) => void;
  /** Variables beside those of this process. */
  env?: Record<string, string>;
}

/**
 * Runs a program to its end, whatever its exit code. It runs in a process group of its own: a Ctrl-C at the terminal is
 * this program's to answer and must not cut an ssh call in the middle of a step.
 * @throws Fault (timedOut) when the time is over; the signal's reason when it was aborted
 */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const { input, inputFile, signal, timeoutS, onLine, cwd, env, what } = options;
  signal?.throwIfAborted();
  const abort = new AbortController();
  const stop = () => abort.abort();
  signal?.addEventListener('abort', stop, { once: true });
  let late = false;
  const timer = timeoutS === undefined ? undefined : setTimeout(() => ((late = true), stop()), timeoutS * 1000);
  const shell = $({
    nothrow: true,
    quiet: true,
    verbose: false,
    detached: true,
    signal: abort.signal,
    killSignal: 'SIGTERM',
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(input === undefined ? {} : { input }),
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env: { ...$.env, ...env } }),
  });
  try {
    const started = inputFile === undefined ? shell`exec ${argv}` : shell`exec ${argv} < ${inputFile}`;
    if (onLine) eachLine(started.stdout, onLine);
    const output: ProcessOutput = await started;
    signal?.throwIfAborted();
    if (late) throw new Fault(`${what ?? short(argv)} did not end within ${timeoutS} s`, EXIT.timedOut);
    return { code: output.exitCode ?? 1, stdout: output.stdout, stderr: output.stderr };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

/** The same, and a non-zero exit is a Fault with the end of what it said. @returns stdout */
export async function must(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await run(argv, options);
  if (code === 0) return stdout;
  throw new Fault(`${options.what ?? short(argv)} failed (${code}):\n${tail(stderr.trim() || stdout.trim())}`);
}

const short = (argv: readonly string[]) => commandLine(argv).slice(0, 160);
const tail = (text: string) => text.split('\n').slice(-25).join('\n');

function eachLine(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = '';
  stream.on('data', (chunk: Buffer | string) => {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(onLine);
  });
}
