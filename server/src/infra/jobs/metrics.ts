import type { Metrics } from '../metrics/index.ts';

/** Seconds that runs of jobs took, by how they ended. */
export const jobDuration = (metrics: Metrics) =>
  metrics.histogram(
    'job_duration_seconds',
    'Time that a run of a job took.',
    ['job', 'outcome'],
    [0.05, 0.25, 1, 5, 15, 60, 300, 900, 3600],
  );
