import type { Deps } from '../../deps.ts';
import { cron, type CronJob } from '../../infra/jobs/index.ts';
import { listsOf } from './submissions.listed.ts';
import { submissionModel, type SubmissionDoc } from './submissions.model.ts';

const MINUTE_MS = 60_000;
const BATCH = 500;

type Row = Pick<SubmissionDoc, '_id' | 'rev' | 'formKey' | 'scope' | 'facets'>;

/**
 * Lists records that a host of a release before wrote, which knew of no lists: both releases serve while a fleet is
 * released, and what the migration found was written before.
 */
export function createListsJob({ mongo }: Pick<Deps, 'mongo'>): CronJob {
  const submissions = submissionModel(mongo);
  return {
    name: 'record-lists',
    label: { 'zh-CN': '补齐记录的列表', en: 'Lists of records' },
    ticks: cron('*/10 * * * *'),
    missed: 'latest',
    timeLimitMs: 10 * MINUTE_MS,
    async run({ hold, signal }) {
      for (let changed = 0; ;) {
        signal.throwIfAborted();
        // Null stands in the index for what is not there.
        const rows = await submissions
          .find({ listed: null } as never, { rev: 1, formKey: 1, scope: 1, facets: 1 })
          .limit(BATCH)
          .lean<Row[]>();
        if (rows.length === 0) return { changed };
        await hold.write({});
        const { modifiedCount } = await submissions.collection.bulkWrite(
          rows.map(({ _id, rev, formKey, scope, facets }) => ({
            updateOne: {
              filter: { _id, rev },
              update: { $set: { listed: listsOf(formKey, scope.regionPath, facets) } },
            },
          })) as never[],
          { ordered: false },
        );
        changed += modifiedCount;
      }
    },
  };
}
