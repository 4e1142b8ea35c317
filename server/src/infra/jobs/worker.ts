import type { Model } from 'mongoose';
import type { Deps } from '../../deps.ts';
import { Hold, LeaseLost, takeWork } from './hold.ts';
import type { Wake } from './wake.ts';
import type { WorkDoc } from './work.ts';

export const LEASE_MS = 20_000;
/** Between two looks when nobody wakes us, ms; jittered, so that processes don't look in step. */
const POLL_MS = 1_000;
const MAX_ATTEMPTS = 5;
const BACKOFF_MS = { first: 5_000, most: 10 * 60_000 };

/** Background work of a worker process. */
export interface Worker {
  readonly name: string;
  /** Works off what is due now. */
  drain(signal?: AbortSignal): Promise<void>;
  /** Works until the returned function is called, which waits for what is in hand to be given back. */
  start(wake: Wake): () => Promise<void>;
}

export interface WorkerOptions<T extends WorkDoc> {
  /** Names it in calls, metrics and the log. */
  name: string;
  model: Model<T>;
  /** Narrows what it takes; asked anew each time. */
  only?: () => object;
  /**
   * Does the work. Returning without `hold.end` means done. `signal` is aborted when the process stops, the lease is
   * lost or the time limit is over: give up at once, by throwing its reason or by ending the hold yourself.
   */
  run(hold: Hold<T>, signal: AbortSignal): Promise<void>;
  /** Told once when it is given up, under the fence of the last attempt, before its state becomes `dead`. */
  onDead?(doc: T, error: unknown): Promise<void>;
  leaseMs?: number;
  maxAttempts?: number;
  /** The longest that one run may take, ms; after that it counts as failed. */
  timeLimitMs?: number;
}

class Stopped extends Error {
  override name = 'Stopped';
}
class TimeLimit extends Error {
  override name = 'TimeLimit';
}

/** Wait before attempt n + 1: doubling, with full jitter, so that what failed together doesn't come back together. */
export function backoff(attempts: number, random: () => number = Math.random): number {
  const most = Math.min(BACKOFF_MS.first * 2 ** (attempts - 1), BACKOFF_MS.most);
  return Math.round(most / 2 + (random() * most) / 2);
}

/** Takes one document after another and runs it; failures are tried again later, then given up. */
export function createWorker<T extends WorkDoc>(
  { clock, log, metrics }: Pick<Deps, 'clock' | 'log' | 'metrics'>,
  options: WorkerOptions<T>,
): Worker {
  const { name, model, leaseMs = LEASE_MS, maxAttempts = MAX_ATTEMPTS, timeLimitMs } = options;
  const duration = metrics.counter('job_seconds_total', 'Time spent in runs of jobs.', ['job']);

  async function runOne(hold: Hold<T>, stop: AbortSignal | undefined): Promise<void> {
    const over = new AbortController();
    const signal = AbortSignal.any([hold.signal, over.signal]);
    const onStop = () => over.abort(new Stopped());
    stop?.addEventListener('abort', onStop, { once: true });
    const limit = timeLimitMs && setTimeout(() => over.abort(new TimeLimit()), timeLimitMs);
    const taken = hold.doc.work;
    if (taken.attempts === 0 && taken.fence > 1) metrics.jobs.inc({ job: name, outcome: 'taken_over' });
    const begun = performance.now();
    try {
      await options.run(hold, signal);
      if (!hold.ended) await hold.end({ state: 'done', fault: null, attempts: 0 });
      metrics.jobs.inc({ job: name, outcome: 'finished' });
    } catch (error) {
      await fail(hold, signal.aborted ? signal.reason : error).catch((err: unknown) => {
        // Not even that could be written: the lease runs out and somebody takes it over.
        if (!(err instanceof LeaseLost)) log.warn('job.failed', { job: name, id: String(hold.doc._id), err });
      });
    } finally {
      clearTimeout(limit);
      stop?.removeEventListener('abort', onStop);
      hold.release();
      duration.inc({ job: name }, (performance.now() - begun) / 1000);
    }
  }

  async function fail(hold: Hold<T>, error: unknown): Promise<void> {
    if (error instanceof LeaseLost || hold.ended) return;
    if (error instanceof Stopped) return hold.giveBack();
    const attempts = hold.doc.work.attempts + 1;
    const fault = error instanceof Error ? ((error as { code?: unknown }).code ?? error.name) : 'unknown';
    log.error('job.failed', { job: name, id: String(hold.doc._id), attempt: attempts, err: error });
    metrics.jobs.inc({ job: name, outcome: 'failed' });
    if (attempts < maxAttempts) {
      const due = new Date(clock().getTime() + backoff(attempts));
      await hold.end({ state: 'waiting', due, attempts, fault: String(fault) });
      return;
    }
    metrics.jobs.inc({ job: name, outcome: 'dead' });
    await options.onDead?.(hold.doc, error);
    await hold.end({ state: 'dead', attempts, fault: String(fault) });
  }

  const worker: Worker = {
    name,
    async drain(stop) {
      while (!stop?.aborted) {
        const hold = await takeWork(model, { clock, leaseMs }, options.only?.());
        if (!hold) return;
        await runOne(hold, stop);
      }
    },
    start(wake) {
      const stop = new AbortController();
      let called = false;
      let rouse = () => void (called = true);
      wake.on(name, () => rouse());
      const pause = () =>
        new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, called ? 0 : POLL_MS * (0.5 + Math.random()));
          called = false;
          rouse = () => {
            called = true;
            clearTimeout(timer);
            resolve();
          };
        });
      const loop = (async () => {
        while (!stop.signal.aborted) {
          await worker.drain(stop.signal).catch((err: unknown) => log.error('job.failed', { job: name, err }));
          if (!stop.signal.aborted) await pause();
        }
      })();
      return async () => {
        stop.abort();
        rouse();
        await loop;
      };
    },
  };
  return worker;
}
