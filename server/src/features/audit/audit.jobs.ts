import type { Deps } from '../../deps.ts';
import { cron, removeAll, type CronJob } from '../../infra/jobs/index.ts';
import { auditModel } from './audit.model.ts';
import type { RecordAudit } from './audit.record.ts';

const DAY_MS = 24 * 3_600_000;

/**
 * The one way out of the audit: records older than AUDIT_DAYS (never less than 180) go, where that is set, and the audit
 * says so. They stay in the backups for as long as those are kept.
 */
export function createAuditJobs(
  { mongo, config }: Pick<Deps, 'mongo' | 'config'>,
  { record }: { record: RecordAudit },
): CronJob[] {
  const { auditDays } = config;
  return [
    {
      name: 'old-audit',
      label: { 'zh-CN': '清理到期的审计日志', en: 'Old audit records' },
      ticks: cron('20 4 * * *'),
      missed: 'latest',
      timeLimitMs: 60 * 60_000,
      off:
        auditDays === null
          ? {
              'zh-CN': '未设置 AUDIT_DAYS：审计日志永久保留',
              en: 'AUDIT_DAYS is not set: audit records are kept for ever',
            }
          : null,
      async run(run) {
        const before = new Date(run.scheduledAt.getTime() - auditDays! * DAY_MS);
        const removed = await removeAll(
          run,
          auditModel(mongo),
          { at: { $lt: before } },
          {
            also: (ids) =>
              record({
                caller: { kind: 'system' },
                action: 'audit.expired',
                facts: { count: ids.length, before: before.toISOString() },
              }),
          },
        );
        return { removed };
      },
    },
  ];
}
