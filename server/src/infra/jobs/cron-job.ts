import type { Text } from '../../../shared/fields/types.ts';
import type { CronRunDoc } from './cron.model.ts';
import type { Hold } from './hold.ts';
import type { Missed, Ticks } from './ticks.ts';

/** One run of a job, as the job sees it. */
export interface JobRun {
  /** The tick. Work is told by it, not by the clock: a run that comes late, or again, does the same. */
  scheduledAt: Date;
  /** Aborted when it must give up: stop, lease lost, time limit. */
  signal: AbortSignal;
  /** Writes of the job go through `hold.transact`, so that a run that was taken over writes nothing late. */
  hold: Hold<CronRunDoc>;
  /**
   * Does the run's last (or only) work and ends the run in one transaction: it has happened exactly once, whoever is killed
   * or taken over when. MongoDB only, and small: a transaction of more than some thousand documents is none.
   */
  once(work: () => Promise<Record<string, number>>): Promise<Record<string, number>>;
}

/**
 * A job that runs by the clock. Each tick has one run; a run that failed or crashed is tried again, under a higher fence, so
 * what a run does outside of `once` must bear being begun again. Of one job one run is at work at a time.
 */
export interface CronJob {
  /** Lower case with hyphens; it stays in the history, so it is never given another meaning. */
  name: string;
  label: Text;
  ticks: Ticks;
  missed: Missed;
  /** Of `missed: 'all'`: how many of the latest ones. Default (and at most) 500. */
  mostMissed?: number;
  /** A random wait after the tick, ms at most, for jobs that would all begin at once. */
  jitterMs?: number;
  /** The longest that a run may take, ms. */
  timeLimitMs: number;
  /** Default 5. */
  maxAttempts?: number;
  /** Why it does not run in this installation; null or absent: it does. */
  off?: Text | null;
  /** What an operator should know now, if anything. */
  warning?(): Promise<Text | null>;
  /** @returns what it counted, for the history */
  run(run: JobRun): Promise<Record<string, number>>;
}
