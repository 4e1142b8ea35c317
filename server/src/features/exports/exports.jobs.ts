import type { Deps } from '../../deps.ts';
import { cron, type CronJob } from '../../infra/jobs/index.ts';
import { transact } from '../../infra/mongo/index.ts';
import type { Audit } from '../audit/index.ts';
import { exportModel, type ExportDoc } from './exports.model.ts';

const DAY_MS = 24 * 3_600_000;
/** An approval that never comes. */
const UNDECIDED_MS = 7 * DAY_MS;
/** What an export was is kept in its document for so long; the audit keeps it for longer. */
const KEPT_MS = 180 * DAY_MS;
const ENDED = ['ready', 'failed', 'cancelled', 'expired', 'rejected'] as const;

/** What becomes of exports with time. Each step may be done again, by anybody, after it broke off anywhere. */
export function createExportJobs(
  { mongo, clock, storage }: Pick<Deps, 'mongo' | 'clock' | 'storage'>,
  { audit }: { audit: Audit },
): { expire(signal?: AbortSignal): Promise<Record<string, number>>; jobs: CronJob[] } {
  const exports = exportModel(mongo);

  /** Ends an export; its file becomes pieces that are to go, so that whoever comes next knows of them. */
  async function end(doc: ExportDoc): Promise<void> {
    await transact(mongo, async () => {
      const { modifiedCount } = await exports.updateOne(
        { _id: doc._id, state: doc.state },
        {
          $set: {
            state: 'expired',
            'work.state': 'done',
            password: null,
            file: null,
            pieces: doc.file?.id ?? null,
            finishedAt: doc.finishedAt ?? clock(),
          },
        },
      );
      if (modifiedCount === 0) return;
      await audit.record({
        caller: { kind: 'system' },
        action: 'export.expired',
        object: { type: 'export', id: String(doc._id) },
        facts: { state: doc.state },
      });
    });
  }

  /** Removes files whose time has come, what ended exports left in storage, and documents of long ago. */
  async function expire(signal?: AbortSignal): Promise<Record<string, number>> {
    const now = clock().getTime();
    const counts = { expired: 0, removed: 0, forgotten: 0 };
    const over = {
      $or: [
        { state: 'ready' as const, 'file.expiresAt': { $lte: new Date(now) } },
        { state: 'waiting_approval' as const, createdAt: { $lte: new Date(now - UNDECIDED_MS) } },
      ],
    };
    for await (const doc of exports.find(over).lean<ExportDoc>().cursor()) {
      signal?.throwIfAborted();
      await end(doc);
      counts.expired += 1;
    }
    for await (const { _id, pieces } of exports.find({ state: { $in: ENDED }, pieces: { $gt: '' } }).cursor()) {
      signal?.throwIfAborted();
      await storage.remove(pieces!);
      await exports.updateOne({ _id, pieces }, { $set: { pieces: null } });
      counts.removed += 1;
    }
    const old = { state: { $in: ENDED }, pieces: null, file: null, createdAt: { $lte: new Date(now - KEPT_MS) } };
    counts.forgotten = (await exports.deleteMany(old)).deletedCount;
    return counts;
  }

  return {
    expire,
    jobs: [
      {
        name: 'export-expiry',
        label: { 'zh-CN': '删除到期的导出文件', en: 'Remove export files whose time has come' },
        ticks: cron('*/10 * * * *'),
        missed: 'latest',
        timeLimitMs: 5 * 60_000,
        run: ({ signal }) => expire(signal),
      },
    ],
  };
}
