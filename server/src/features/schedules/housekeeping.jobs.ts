import type { Deps } from '../../deps.ts';
import { cron, trimHistory, type CronJob } from '../../infra/jobs/index.ts';

const MINUTE_MS = 60_000;

/** What the platform itself leaves behind. Codes, quotas and idempotency keys go by TTL indexes, sessions by Redis. */
export const housekeepingJobs = (deps: Pick<Deps, 'mongo' | 'storage'>): CronJob[] => [
  {
    name: 'job-history',
    label: { 'zh-CN': '清理任务历史', en: 'Old runs of jobs' },
    ticks: cron('0 4 * * *'),
    missed: 'latest',
    timeLimitMs: 10 * MINUTE_MS,
    run: async (run) => ({ removed: await trimHistory(deps, run) }),
  },
  {
    name: 'storage-sweep',
    label: { 'zh-CN': '清理未完成的上传', en: 'Pieces of unfinished uploads' },
    ticks: cron('50 3 * * *'),
    missed: 'latest',
    timeLimitMs: 30 * MINUTE_MS,
    run: async () => ({ removed: await deps.storage.sweep() }),
  },
];
