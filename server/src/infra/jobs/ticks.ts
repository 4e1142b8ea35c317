import { Cron } from 'croner';

/** The moments at which something happens again and again. */
export interface Ticks {
  /** As people read it: the pattern. */
  readonly text: string;
  /** The first one after a moment. */
  next(after: Date): Date | null;
  /** The last one at or before a moment. */
  last(upTo: Date): Date | null;
}

/**
 * Ticks of a cron pattern of five fields, or six with seconds before them; in Asia/Shanghai, whatever the host's time zone.
 * @throws TypeError for a pattern that is none
 */
export function cron(pattern: string): Ticks {
  const times = new Cron(pattern, { timezone: 'Asia/Shanghai', mode: '5-or-6-parts' });
  return {
    text: pattern,
    next: (after) => times.nextRun(after),
    last: (upTo) => times.previousRuns(1, new Date(upTo.getTime() + 1))[0] ?? null,
  };
}

/**
 * What becomes of ticks that passed while nobody ran: `latest` runs the last of them only, `all` every one, `skip` none
 * that is older than a minute.
 */
export type Missed = 'latest' | 'all' | 'skip';

/** The most ticks that are looked back at: a program that was off for a year must not run for a year. */
export const MOST_TICKS = 500;
const SKIP_AFTER_MS = 60_000;

/** The ticks after `planned` up to `now` that are to run, oldest first, and how many are not (of those looked at). */
export function dueTicks(
  ticks: Ticks,
  missed: Missed,
  planned: Date,
  now: Date,
  most = MOST_TICKS,
): { run: Date[]; skipped: number } {
  const due: Date[] = [];
  for (let at = ticks.last(now); at && at > planned && due.length < MOST_TICKS;) {
    due.push(at);
    at = ticks.last(new Date(at.getTime() - 1));
  }
  due.reverse();
  const run =
    missed === 'all'
      ? due.slice(-most)
      : missed === 'latest'
        ? due.slice(-1)
        : due.filter((at) => now.getTime() - at.getTime() <= SKIP_AFTER_MS);
  return { run, skipped: due.length - run.length };
}
