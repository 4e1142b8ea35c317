import type { mongo } from 'mongoose';
import type { Answers } from '../../../shared/fields/index.ts';
import type { Deps } from '../../deps.ts';
import { cron, type CronJob } from '../../infra/jobs/index.ts';
import { submissionModel, type SubmissionDoc } from './submissions.model.ts';
import type { SubmissionParts } from './submissions.store.ts';

const MINUTE_MS = 60_000;
const BATCH = 500;
/** Writes that began under the settings before have ended by then. */
const SETTLED_MS = MINUTE_MS;

type Row = Pick<SubmissionDoc, '_id' | 'rev' | 'version' | 'answers' | 'sort'>;

/**
 * Gives the records of a form the values of its sorts after these were changed; until then a new sort is not offered. A run
 * that breaks off begins anew, and writes only what differs. Who changes a record meanwhile writes its values too.
 */
export function createSortsJob(
  { mongo, clock }: Pick<Deps, 'mongo' | 'clock'>,
  { forms, codec, recordSettings }: Pick<SubmissionParts, 'forms' | 'codec' | 'recordSettings'>,
): CronJob {
  const submissions = submissionModel(mongo);

  async function fill(formKey: string, sorts: readonly string[], signal: AbortSignal, held: () => Promise<unknown>) {
    let changed = 0;
    let operations: mongo.AnyBulkWriteOperation[] = [];
    const flush = async () => {
      signal.throwIfAborted();
      await held();
      if (operations.length)
        changed += (await submissions.collection.bulkWrite(operations as never[], { ordered: false })).modifiedCount;
      operations = [];
    };
    const rows = submissions
      .find({ formKey }, { rev: 1, version: 1, answers: 1, sort: 1 })
      .lean<Row[]>()
      .cursor({ batchSize: BATCH }) as AsyncIterable<Row>;
    for await (const { _id, rev, version, answers, sort } of rows) {
      const form = await forms.version(formKey, version);
      // Only answers in clear are sorted by: nothing has to be opened.
      const next = form ? (codec.sort(form.content, answers as Answers, sorts) ?? {}) : {};
      if (JSON.stringify(sort ?? {}) === JSON.stringify(next)) continue;
      operations.push({ updateOne: { filter: { _id, rev }, update: { $set: { sort: next } } } });
      if (operations.length === BATCH) await flush();
    }
    await flush();
    await recordSettings.markSorted(formKey, sorts);
    return changed;
  }

  return {
    name: 'record-sorts',
    label: { 'zh-CN': '准备记录的排序', en: 'Sorts of records' },
    ticks: cron('*/10 * * * *'),
    missed: 'latest',
    timeLimitMs: 60 * MINUTE_MS,
    async run({ hold, signal }) {
      let changed = 0;
      for (const { _id, sorts } of await recordSettings.unsorted(new Date(clock().getTime() - SETTLED_MS)))
        changed += await fill(_id, sorts, signal, () => hold.write({}));
      return { changed };
    },
  };
}
