import type { Deps } from '../../deps.ts';
import { cron, type CronJob } from '../../infra/jobs/index.ts';
import { importFaultModel, importReviewModel, importUploadModel, removeOf } from './import-rows.model.ts';
import { importModel, type ImportDoc } from './imports.model.ts';
import { ACTIVE_STATES, ENDED_STATES } from './imports.states.ts';
import type { RemoveFiles } from './remove.ts';

const DAY_MS = 24 * 3_600_000;
/** No upload takes so long: what is older belongs to a process that died. */
const UPLOAD_MS = 3_600_000;
const AT_ONCE = 100;

/** Removes what nobody needs any more: files, refused rows and queues of imports that ended long ago. */
export function createImportJobs(
  { mongo, storage, config, log }: Deps,
  { removeFiles }: { removeFiles: RemoveFiles },
): CronJob[] {
  const imports = importModel(mongo);
  const uploads = importUploadModel(mongo);
  type Kept = Pick<ImportDoc, '_id' | 'fileId'>;

  /** Calls `work` with every import that the filter finds; what it does must make the filter find it no more. */
  async function each(filter: object, signal: AbortSignal, work: (doc: Kept) => Promise<void>): Promise<number> {
    let count = 0;
    for (;;) {
      signal.throwIfAborted();
      const some = await imports.find(filter, { fileId: 1 }).limit(AT_ONCE).lean<Kept[]>();
      for (const doc of some) await work(doc);
      count += some.length;
      if (some.length < AT_ONCE) return count;
    }
  }

  return [
    {
      name: 'import-expiry',
      label: { 'zh-CN': '清理过期的导入', en: 'Expired imports' },
      ticks: cron('20 3 * * *'),
      missed: 'latest',
      timeLimitMs: 3_600_000,
      async run({ scheduledAt, signal }) {
        const before = new Date(scheduledAt.getTime() - config.importKeepDays * DAY_MS);

        const abandoned = await uploads.find({ at: { $lt: new Date(scheduledAt.getTime() - UPLOAD_MS) } }).lean();
        for (const { _id } of abandoned) {
          await storage.remove(_id);
          await uploads.deleteOne({ _id });
        }

        // Nobody has come back to them.
        const waiting = { 'work.state': 'held' as const, 'work.due': { $lt: before }, state: { $in: ACTIVE_STATES } };
        const cancelled = await imports.updateMany(waiting, {
          $set: { state: 'cancelled', phase: null, finishedAt: scheduledAt, 'work.state': 'done' },
          $inc: { rev: 1 },
        });

        // Ended, but whoever was to remove its file died over it.
        const left = { state: { $in: ENDED_STATES }, 'work.state': 'done', fileId: { $ne: null } };
        const files = await each(left, signal, removeFiles);

        const old = { state: { $in: ENDED_STATES }, finishedAt: { $lt: before }, expiredAt: null };
        const expired = await each(old, signal, async (doc) => {
          await removeFiles(doc);
          await removeOf(importFaultModel(mongo), doc._id);
          await removeOf(importReviewModel(mongo), doc._id);
          await imports.updateOne({ _id: doc._id }, { $set: { expiredAt: scheduledAt }, $inc: { rev: 1 } });
        });

        const counts = { uploads: abandoned.length, cancelled: cancelled.modifiedCount, files, expired };
        log.info('import.expired', counts);
        return counts;
      },
    },
  ];
}
