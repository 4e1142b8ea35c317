import type { Deps } from '../../deps.ts';
import { createCron, watchWork, type CronJob, type Worker } from '../../infra/jobs/index.ts';
import type { Audit } from '../audit/index.ts';
import { DeadWorkController } from './dead-work.controller.ts';
import { createDeadWork } from './dead-work.service.ts';
import { housekeepingJobs } from './housekeeping.jobs.ts';
import { SchedulesController } from './schedules.controller.ts';
import { createSchedulesService } from './schedules.service.ts';

/**
 * Jobs by the clock and everything that works in the background, for operators.
 * @param others.jobs of all features
 * @param others.workers of all features; together with those of the jobs they are what a worker process runs
 */
export function createSchedules(
  deps: Deps,
  { audit, jobs, workers }: { audit: Audit; jobs: readonly CronJob[]; workers: readonly Worker[] },
) {
  const cron = createCron(deps, [...jobs, ...housekeepingJobs(deps)]);
  const all = [...workers, ...cron.workers];
  const kinds = all.flatMap(({ kind }) => kind ?? []);
  watchWork(deps, kinds);
  return {
    cron,
    workers: all,
    controllers: [
      new SchedulesController(createSchedulesService(deps, { audit, cron })),
      new DeadWorkController(createDeadWork(deps, { audit, kinds })),
    ],
  };
}
