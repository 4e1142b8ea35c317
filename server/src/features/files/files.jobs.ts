import type { Deps } from '../../deps.ts';
import { cron, type CronJob } from '../../infra/jobs/index.ts';
import { fileModel, type FileDoc } from './files.model.ts';

const AT_ONCE = 100;

/** Removes files that no submission took: given up, left behind by a page or a process, or of a submission that is gone. */
export function createFileJobs({ mongo, storage, log }: Pick<Deps, 'mongo' | 'storage' | 'log'>): CronJob[] {
  const files = fileModel(mongo);
  return [
    {
      name: 'expired-files',
      label: { 'zh-CN': '清理无主的上传文件', en: 'Uploaded files that no record took' },
      ticks: cron('25 * * * *'),
      missed: 'latest',
      timeLimitMs: 30 * 60_000,
      async run({ scheduledAt, signal }) {
        const due = { submissionId: null, keepUntil: { $lt: scheduledAt } };
        let removed = 0;
        for (;;) {
          signal.throwIfAborted();
          const some = await files.find(due, { _id: 1 }).limit(AT_ONCE).lean<Pick<FileDoc, '_id'>[]>();
          for (const { _id } of some) {
            // From here on nobody can claim it; whoever dies before the end leaves the rest to the next run.
            const { matchedCount } = await files.updateOne(
              { _id, ...due },
              { $set: { ready: false }, $unset: { digest: 1 } },
            );
            if (matchedCount === 0) continue;
            await storage.remove(String(_id));
            await files.deleteOne({ _id });
            removed += 1;
          }
          if (some.length < AT_ONCE) break;
        }
        log.info('files.swept', { count: removed });
        return { removed };
      },
    },
  ];
}
