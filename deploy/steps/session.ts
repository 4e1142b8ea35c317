import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { hostCommands } from '../commands/host-program.ts';
import type { Environment, Host } from '../config/schema.ts';
import type { Loaded } from '../config/load.ts';
import { EXIT, Fault } from '../faults.ts';
import type { Interrupt } from './interrupt.ts';
import { startHeartbeat, takeLock } from './lock.ts';
import { nodeBinary } from './node-binary.ts';
import { putProgram } from './program.ts';
import { makeRecorder, type Recorder, type ReleaseState, type Timing } from './record.ts';
import type { Answer, CallOptions, Remote } from './remote.ts';
import type { Terminal } from './terminal.ts';

/** What every command has: the fleet, the way there, and somebody to tell. */
export interface Context {
  loaded: Loaded;
  /** The hosts this command is about: all of the environment, less those of --without. */
  hosts: readonly Host[];
  remote: Remote;
  terminal: Terminal;
  interrupt: Interrupt;
  /** The operator, as records name them. */
  by: string;
}

/** A context that holds the lock on all hosts. */
export interface Session extends Context {
  environment: Environment;
  fence: number;
  recorder: Recorder;
  timings: Timing[];
  /** Aborted when the lock was lost: every call in flight ends, nothing more is begun. */
  signal: AbortSignal;
  /** Calls the host program under the fence. */
  call(host: Host, args: readonly string[], options?: CallOptions): Promise<Answer>;
  /** Times and tells a step. `host` undefined: a step of the whole fleet. */
  step<T>(host: Host | undefined, name: string, work: () => Promise<T>): Promise<T>;
}

/**
 * Runs a plan under the lock of all hosts, which is renewed by itself until the plan ends.
 * @param doing what a second operator reads, e.g. `release main`
 * @param holdS takes the lock for so long, and neither renews it nor gives it back
 * @throws what the plan throws; Fault (fenced) when the lock was lost, whatever the plan was at
 */
export async function underLock<T>(
  context: Context,
  doing: string,
  plan: (session: Session) => Promise<T>,
  { holdS }: { holdS?: number } = {},
): Promise<T> {
  const { loaded, hosts, remote, terminal, by } = context;
  const { environment } = loaded;
  await putPrograms(context);
  const holder = { name: by, machine: hostname(), doing, since: new Date().toISOString(), token: randomUUID() };
  const fence = await takeLock(remote, environment, hosts, holder, holdS);
  terminal.say(`locked ${hosts.map(({ name }) => name).join(', ')} (fence ${fence})`);

  const abort = new AbortController();
  const warn = (text: string) => terminal.say(text);
  const recorder = makeRecorder({ remote, hosts, environment: environment.name, by, warn });
  const heartbeat =
    remote.dry || holdS !== undefined
      ? undefined
      : startHeartbeat(remote, environment, hosts, fence, (fault) => abort.abort(fault));
  const session: Session = {
    ...context,
    ...{ environment, fence, recorder, timings: [], signal: abort.signal },
    call: (host, args, options = {}) => remote.call(host, args, { signal: abort.signal, ...options }),
    step: (host, name, work) => timed(session, host, name, work),
  };
  try {
    return await plan(session);
  } catch (error) {
    // What it was aborted with is the fault of the lost lock.
    abort.signal.throwIfAborted();
    recorder.add('failed', { message: (error as Error).message.slice(0, 1000) });
    throw error;
  } finally {
    await recorder.settle();
    await heartbeat?.stop();
    if (holdS === undefined) {
      await Promise.allSettled(hosts.map((host) => remote.call(host, hostCommands.lockGive(fence), { timeoutS: 30 })));
    }
  }
}

/** Puts the host program on all hosts where it is missing. Every unreachable host is named at once. */
export async function putPrograms({ loaded, hosts, remote, terminal }: Context): Promise<void> {
  const node = once(() => nodeBinary(loaded, terminal));
  const all = await Promise.allSettled(hosts.map((host) => putProgram(remote, loaded, host, node)));
  throwAll(all);
}

/** The first failure as it is, or several in one Fault: an operator wants to see all faults of all hosts. */
export function throwAll(results: readonly PromiseSettledResult<unknown>[]): void {
  const reasons = results.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));
  const [only] = reasons;
  if (only === undefined) return;
  if (reasons.length === 1) throw only;
  const first = reasons.find((one) => one instanceof Fault && one.exit !== EXIT.failed) ?? only;
  const exit = first instanceof Fault ? first.exit : EXIT.failed;
  throw new Fault(reasons.map((one) => one.message).join('\n'), exit);
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

async function timed<T>(session: Session, host: Host | undefined, name: string, work: () => Promise<T>): Promise<T> {
  const { signal, timings, terminal, recorder } = session;
  signal.throwIfAborted();
  const where = host?.name ?? 'all';
  const started = performance.now();
  const ms = () => Math.round(performance.now() - started);
  try {
    const result = await work();
    timings.push({ host: where, step: name, ms: ms() });
    recorder.add(stateOf(name), { ...hostOf(host), step: name, durationMs: ms() });
    terminal.say(`${where.padEnd(8)} ${name.padEnd(8)} ${seconds(ms())}`);
    return result;
  } catch (error) {
    terminal.say(`${where.padEnd(8)} ${name.padEnd(8)} ${seconds(ms())}  FAILED`);
    if (!signal.aborted)
      recorder.add('deploying', { ...hostOf(host), step: name, durationMs: ms(), message: 'failed' });
    throw error;
  }
}

const hostOf = (host: Host | undefined) => (host ? { host: host.name } : {});

/** The state that a release is in while a step runs. */
function stateOf(step: string): ReleaseState {
  if (step === 'check') return 'created';
  if (step === 'build') return 'building';
  return ['smoke', 'join', 'in'].includes(step) ? 'verifying' : 'deploying';
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1).padStart(6)} s`;
