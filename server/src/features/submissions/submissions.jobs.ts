import type { Types } from 'mongoose';
import type { Deps } from '../../deps.ts';
import { cron, removeAll, type CronJob } from '../../infra/jobs/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Files } from '../files/index.ts';
import { draftModel, submissionModel } from './submissions.model.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Drafts that nobody has touched for long, and what has lain in the recycle bin for long, go for good. */
export function createSubmissionJobs(
  { mongo, config }: Pick<Deps, 'mongo' | 'config'>,
  { audit, files }: { audit: Pick<Audit, 'record'>; files: Pick<Files, 'releaseOf'> },
): CronJob[] {
  const daysBefore = (at: Date, days: number) => new Date(at.getTime() - days * DAY_MS);
  return [
    {
      name: 'expired-drafts',
      label: { 'zh-CN': '清理过期草稿', en: 'Expired drafts' },
      ticks: cron('30 3 * * *'),
      missed: 'latest',
      timeLimitMs: 30 * MINUTE_MS,
      async run(run) {
        const before = daysBefore(run.scheduledAt, config.draftDays);
        return { removed: await removeAll(run, draftModel(mongo), { savedAt: { $lt: before } }) };
      },
    },
    {
      name: 'purged-submissions',
      label: { 'zh-CN': '清空回收站：登记记录', en: 'Recycle bin: records' },
      ticks: cron('40 3 * * *'),
      missed: 'latest',
      timeLimitMs: 60 * MINUTE_MS,
      async run(run) {
        const before = daysBefore(run.scheduledAt, config.recycleDays);
        const removed = await removeAll<unknown, Types.ObjectId>(
          run,
          submissionModel(mongo) as never,
          { deletedAt: { $ne: null, $lt: before } },
          {
            // Its history, which is inside of it, goes too; the audit tells that it was there.
            async also(ids) {
              await files.releaseOf(ids);
              for (const id of ids)
                await audit.record({
                  caller: { kind: 'system' },
                  action: 'submission.purged',
                  object: { type: 'submission', id: String(id) },
                });
            },
          },
        );
        return { removed };
      },
    },
  ];
}
