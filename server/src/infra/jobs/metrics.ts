import type { Log } from '../logger/index.ts';
import type { Metrics } from '../metrics/index.ts';
import type { WorkCount, WorkKind } from './kind.ts';

/** Seconds that runs of jobs took, by how they ended. */
export const jobDuration = (metrics: Metrics) =>
  metrics.histogram(
    'job_duration_seconds',
    'Time that a run of a job took.',
    ['job', 'outcome'],
    [0.05, 0.25, 1, 5, 15, 60, 300, 900, 3600],
  );

/** How long an answer of the database is good for, ms: the gauges are asked for one by one. */
const FRESH_MS = 1_000;

/**
 * Counts the work of all kinds when metrics are collected: `work_documents{job,state}`, and `work_overdue_seconds{job}`, for
 * how long the work that has waited longest could have been taken. They are of the database, so that any process tells them.
 */
export function watchWork(
  { clock, metrics, log }: { clock: () => Date; metrics: Metrics; log: Log },
  kinds: readonly WorkKind[],
): void {
  let asked: { at: number; counts: Promise<WorkCount[]> } | undefined;
  const count = () => {
    if (!asked || performance.now() - asked.at > FRESH_MS)
      asked = {
        at: performance.now(),
        counts: Promise.all(kinds.map((kind) => kind.counts())).then((counts) => counts.flat()),
      };
    return asked.counts;
  };
  const gauge = (name: string, help: string, labels: string[], values: (counts: WorkCount[]) => Value[]) =>
    metrics.collected(name, help, labels, async () => {
      try {
        return values(await count());
      } catch (err) {
        // The other metrics of the process are wanted all the more.
        log.warn('mongo.error', { err });
        return [];
      }
    });
  gauge('work_documents', 'Documents of background work.', ['job', 'state'], (counts) =>
    counts.map(({ job, state, count: value }) => ({ labels: { job, state }, value })),
  );
  gauge('work_overdue_seconds', 'For how long the oldest work that is due has waited.', ['job'], (counts) => {
    const now = clock().getTime();
    return counts
      .filter(({ state }) => state === 'waiting')
      .map(({ job, oldest }) => ({ labels: { job }, value: Math.max(0, now - oldest.getTime()) / 1000 }));
  });
}

interface Value {
  labels: Record<string, string>;
  value: number;
}
