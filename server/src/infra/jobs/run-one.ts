import type { Deps } from '../../deps.ts';
import { LeaseLost, type Hold } from './hold.ts';
import { jobDuration } from './metrics.ts';
import { CRASHED } from './take.ts';
import type { WorkDoc } from './work.ts';
import type { WorkerOptions } from './worker.ts';

const MAX_ATTEMPTS = 5;
const GRACE_MS = 20_000;
const BACKOFF_MS = { first: 5_000, most: 10 * 60_000 };

/** How a run ended; a label of the metrics. `stopped`: given back. `lost`: somebody else goes on with it. */
export type Outcome = 'finished' | 'failed' | 'dead' | 'stopped' | 'lost';

class Stopped extends Error {
  override name = 'Stopped';
}
class TimeLimit extends Error {
  override name = 'TimeLimit';
}
class Crashed extends Error {
  override name = 'Crashed';
  readonly code = CRASHED;
}

/** Wait before attempt n + 1, ms: doubling, with half of it jittered, so that what failed together doesn't come back together. */
export function backoff(attempts: number, random: () => number = Math.random): number {
  const most = Math.min(BACKOFF_MS.first * 2 ** (attempts - 1), BACKOFF_MS.most);
  return Math.round(most / 2 + (random() * most) / 2);
}

/** Runs one document that has been taken, and sees to what becomes of it. Never throws. */
export function createRunOne<T extends WorkDoc>(
  { clock, log, metrics }: Pick<Deps, 'clock' | 'log' | 'metrics'>,
  options: WorkerOptions<T>,
): (hold: Hold<T>, stop: AbortSignal | undefined) => Promise<void> {
  const { maxAttempts = MAX_ATTEMPTS, timeLimitMs, graceMs = GRACE_MS } = options;
  const duration = jobDuration(metrics);
  const jobOf = (doc: T) =>
    options.jobField ? String((doc as unknown as Record<string, unknown>)[options.jobField]) : options.name;
  const most = (doc: T) => (typeof maxAttempts === 'function' ? maxAttempts(doc) : maxAttempts);
  const limitOf = (doc: T) => (typeof timeLimitMs === 'function' ? timeLimitMs(doc) : timeLimitMs);

  async function work(hold: Hold<T>, stop: AbortSignal | undefined): Promise<Outcome> {
    const { attempts } = hold.doc.work;
    if (hold.takenOver && attempts >= most(hold.doc))
      return giveUp(hold, attempts, new Crashed('its workers fell silent'));
    const over = new AbortController();
    const signal = AbortSignal.any([hold.signal, over.signal]);
    const onStop = () => over.abort(new Stopped('the process stops'));
    stop?.addEventListener('abort', onStop, { once: true });
    if (stop?.aborted) onStop();
    const limitMs = limitOf(hold.doc);
    const limit = limitMs && setTimeout(() => over.abort(new TimeLimit(`longer than ${limitMs} ms`)), limitMs);
    try {
      await within(options.run(hold, signal), signal, graceMs);
      hold.signal.throwIfAborted();
      if (!hold.ended) await hold.end({ state: 'done', fault: null, attempts: 0 });
      return 'finished';
    } catch (error) {
      return await fail(hold, signal.aborted ? signal.reason : error);
    } finally {
      clearTimeout(limit);
      stop?.removeEventListener('abort', onStop);
      hold.release();
    }
  }

  async function fail(hold: Hold<T>, error: unknown): Promise<Outcome> {
    if (error instanceof LeaseLost || hold.signal.aborted) return 'lost';
    const { doc } = hold;
    if (error instanceof Stopped) {
      if (!hold.ended) await hold.giveBack();
      return 'stopped';
    }
    const attempts = doc.work.attempts + 1;
    log.error('job.failed', { job: jobOf(doc), id: String(doc._id), attempt: attempts, err: error });
    // It has said itself what is to become of it; what failed came after that.
    if (hold.ended) return 'failed';
    if (attempts >= most(doc)) return giveUp(hold, attempts, error);
    const due = new Date(clock().getTime() + backoff(attempts));
    await hold.end({ state: 'waiting', due, attempts, fault: faultOf(error) });
    return 'failed';
  }

  async function giveUp(hold: Hold<T>, attempts: number, error: unknown): Promise<Outcome> {
    const { doc } = hold;
    const update = await options.onDead?.(doc, error);
    await hold.end({ state: 'dead', attempts, fault: faultOf(error) }, update ?? {});
    log.error('job.dead', { job: jobOf(doc), id: String(doc._id), attempts, fault: faultOf(error) });
    return 'dead';
  }

  return async (hold, stop) => {
    const job = jobOf(hold.doc);
    if (hold.takenOver) metrics.jobs.inc({ job, outcome: 'taken_over' });
    const begun = performance.now();
    const outcome = await work(hold, stop).catch((err: unknown): Outcome => {
      // Not even what became of it could be written: the lease runs out and somebody takes it over.
      if (!(err instanceof LeaseLost)) log.error('job.failed', { job, id: String(hold.doc._id), err });
      return 'lost';
    });
    hold.release();
    metrics.jobs.inc({ job, outcome });
    duration.observe({ job, outcome }, (performance.now() - begun) / 1000);
  };
}

/** The code or class of a failure: never its text. */
function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as { code?: unknown };
  return typeof code === 'string' || typeof code === 'number' ? String(code) : error.name;
}

/** The run's end, or the signal's reason when the run ignores the signal for longer than `graceMs`. */
async function within(run: Promise<void>, signal: AbortSignal, graceMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const ignored = new Promise<never>((_resolve, reject) => {
    onAbort = () => (timer = setTimeout(() => reject(signal.reason as Error), graceMs));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    await Promise.race([run, ignored]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort!);
  }
}
