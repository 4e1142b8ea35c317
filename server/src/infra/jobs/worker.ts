import type { UpdateQuery } from 'mongoose';
import type { Deps } from '../../deps.ts';
import { isDuplicateKey } from '../mongo/index.ts';
import type { Hold } from './hold.ts';
import { createKind, type KindOptions, type WorkKind } from './kind.ts';
import { createRunOne } from './run-one.ts';
import { takeWork } from './take.ts';
import type { Wake } from './wake.ts';
import type { WorkDoc } from './work.ts';

export const LEASE_MS = 20_000;
/** Between two looks when nobody wakes us, ms; jittered, so that processes don't look in step. */
const POLL_MS = 1_000;
/** Of takers that meet on a unique index over what runs, one wins; the others look again. */
const TAKES = 5;

/** Background work of a worker process. */
export interface Worker {
  readonly name: string;
  /** What it works on, for lists and counts of all work; none for one that only plans. */
  readonly kind?: WorkKind;
  /** Works off what is due now. */
  drain(signal?: AbortSignal): Promise<void>;
  /** Works until the returned function is called, which waits for what is in hand to be given back. */
  start(wake: Wake): () => Promise<void>;
}

/** `name` also names it in calls, metrics and the log. */
export interface WorkerOptions<T extends WorkDoc> extends KindOptions<T> {
  /** Narrows what it takes; asked anew each time. */
  only?: () => object | Promise<object>;
  /**
   * Does the work. Returning means done (unless `hold.end` said otherwise), also after the signal: who has not finished
   * throws. `signal` is aborted when the process stops, the lease is lost or the time limit is over: checkpoint what is
   * done and give up at once, by `signal.throwIfAborted()` or by ending the hold. A stop is no failure: it is given back.
   */
  run(hold: Hold<T>, signal: AbortSignal): Promise<void>;
  /**
   * Told once when it is given up, under the fence of the last attempt, before its state becomes `dead`. What it answers
   * is written together with that.
   */
  onDead?(doc: T, error: unknown): Promise<UpdateQuery<T> | void>;
  leaseMs?: number;
  /** Failures and crashes without progress after which it is given up. Default 5. */
  maxAttempts?: number | ((doc: T) => number);
  /** The longest that one run may take, ms; after that it counts as failed. Default none. */
  timeLimitMs?: number | ((doc: T) => number);
  /** How long a run may go on after its signal before we let go of it, ms. Default 20 s. */
  graceMs?: number;
  /** How many it works on at once in a process. Default 1. */
  concurrency?: number;
}

/** Takes one document after another and runs it; failures are tried again later, then given up. */
export function createWorker<T extends WorkDoc>(
  deps: Pick<Deps, 'clock' | 'log' | 'metrics'>,
  options: WorkerOptions<T>,
): Worker & { kind: WorkKind } {
  const { clock, log } = deps;
  const { name, model, leaseMs = LEASE_MS, concurrency = 1 } = options;
  const runOne = createRunOne(deps, options);

  async function take(): Promise<Hold<T> | null> {
    for (let left = TAKES; left > 0; left -= 1) {
      try {
        return await takeWork(model, { clock, leaseMs }, await options.only?.());
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
    }
    return null;
  }

  return {
    name,
    kind: createKind(clock, options),

    async drain(stop) {
      while (!stop?.aborted) {
        const hold = await take();
        if (!hold) return;
        await runOne(hold, stop);
      }
    },

    start(wake) {
      const stop = new AbortController();
      const inHand = new Set<Promise<void>>();
      const bell = createBell();
      wake.on(name, bell.ring);
      const begin = (hold: Hold<T>) => {
        const run = runOne(hold, stop.signal).finally(() => {
          inHand.delete(run);
          bell.ring();
        });
        inHand.add(run);
      };
      const loop = (async () => {
        while (!stop.signal.aborted) {
          let hold: Hold<T> | null = null;
          try {
            if (inHand.size < concurrency) hold = await take();
          } catch (err) {
            log.error('job.failed', { job: name, err });
          }
          if (hold) begin(hold);
          else await bell.wait(POLL_MS * (0.5 + Math.random()));
        }
        await Promise.all(inHand);
      })();
      return async () => {
        stop.abort();
        bell.ring();
        await loop;
      };
    },
  };
}

/** A wait that a call ends. A call while nobody waits ends the next wait at once. */
export function createBell(): { ring: () => void; wait(ms: number): Promise<void> } {
  let called = false;
  let end: (() => void) | undefined;
  return {
    ring: () => {
      called = true;
      end?.();
    },
    wait: (ms) =>
      new Promise<void>((resolve) => {
        const timer = setTimeout(() => end!(), called ? 0 : ms);
        end = () => {
          clearTimeout(timer);
          end = undefined;
          called = false;
          resolve();
        };
      }),
  };
}
