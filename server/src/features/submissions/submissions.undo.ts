import type { Types } from 'mongoose';
import type { Deps } from '../../deps.ts';
import type { StaffCaller } from '../../http/index.ts';
import { byOf, entryOf, valuesBefore } from '../history/index.ts';
import type { Undone } from '../people/index.ts';
import { inScope } from '../scope/index.ts';
import { asUpdate } from './submissions.codec.ts';
import { submissionModel, type SubmissionDoc } from './submissions.model.ts';
import { rulesStep } from './submissions.rules.ts';
import type { SubmissionParts } from './submissions.store.ts';

type Made = Pick<SubmissionDoc, '_id' | 'row' | 'rev' | 'deletedAt' | 'scope'>;

/** Takes back what an import wrote, as far as nobody has changed it since. */
export function createSubmissionUndo(
  { mongo, clock, cipher }: Deps,
  { forms, codec, recordSettings }: SubmissionParts,
) {
  const submissions = submissionModel(mongo);

  /** The update that gives a submission the values from before the import. */
  async function back(doc: SubmissionDoc, caller: StaffCaller) {
    const { version, regionPath } = doc.changedBy!;
    const form = await forms.version(doc.formKey, version);
    if (!form) throw new Error(`version ${version} of form ${doc.formKey} is gone`);
    const id = String(doc._id);
    const now = codec.open(doc);
    const before = valuesBefore(cipher, codec.historyContext(id), doc.history, now);
    const { $set, $unset } = asUpdate(
      codec.seal(id, { formKey: doc.formKey, content: form.content, regionPath }, before),
      doc.dedupeKey,
    );
    const sort = codec.sort(form.content, before, (await recordSettings.of(doc.formKey)).sorts);
    return {
      updateOne: {
        filter: { _id: doc._id, rev: doc.rev },
        update: {
          $set: {
            ...$set,
            ...(sort ? { sort } : {}),
            version,
            scope: { ...doc.scope, regionPath },
            updatedAt: clock(),
          },
          $unset: { ...$unset, changedBy: 1 as const },
          $inc: { rev: 1 },
          $push: {
            ...(version === doc.version ? {} : rulesStep(doc, version, clock())),
            history: entryOf(cipher, codec.historyContext(id), {
              at: clock(),
              by: byOf(caller),
              action: 'undone',
              before: now,
              after: before,
            }),
          },
        },
      },
    };
  }

  async function remove(made: readonly Made[]): Promise<number> {
    if (made.length === 0) return 0;
    const { deletedCount } = await submissions.deleteMany({ _id: { $in: made.map(({ _id }) => _id) }, rev: 1 });
    return deletedCount;
  }

  async function restore(changed: readonly SubmissionDoc[], caller: StaffCaller): Promise<number> {
    const operations = [];
    for (const doc of changed) operations.push(await back(doc, caller));
    if (operations.length === 0) return 0;
    return (await submissions.bulkWrite(operations as never, { ordered: false })).modifiedCount;
  }

  /**
   * The next part of undoing an import, by rows of its file. Submissions that it made go for good, not into the recycle bin:
   * nobody has touched them, the file has them still, and a list of people that was a mistake must not stay stored.
   * Those that it changed get their values from before back, with an entry in their history. What somebody changed since,
   * or lies out of reach of the caller's `submission.write`, stays. May run in a transaction, with the note of how far it came.
   * @param after the row to go on behind; 0 at first
   * @param limit ≤ 1,000 submissions
   */
  return async function undoImport(
    importId: Types.ObjectId,
    { caller, after, limit }: { caller: StaffCaller; after: number; limit: number },
  ): Promise<Undone<number>> {
    const made = await submissions
      .find({ importId, row: { $gt: after } }, { row: 1, rev: 1, deletedAt: 1, scope: 1 })
      .sort({ row: 1 })
      .limit(limit)
      .lean<Made[]>();
    const changed = await submissions
      .find({ 'changedBy.importId': importId, 'changedBy.row': { $gt: after } })
      .sort({ 'changedBy.row': 1 })
      .limit(limit)
      .lean<SubmissionDoc[]>();
    const rows = [...made.map(({ row }) => row!), ...changed.map(({ changedBy }) => changedBy!.row)];
    const last = rows.sort((a, b) => a - b)[limit - 1] ?? null;
    const within = (row: number) => last === null || row <= last;
    const mine = made.filter(({ row }) => within(row!));
    const theirs = changed.filter(({ changedBy }) => within(changedBy!.row));

    const may = (doc: Pick<SubmissionDoc, 'scope' | 'deletedAt'>) =>
      doc.deletedAt === null && inScope(caller, 'submission.write', doc.scope);
    const removed = await remove(mine.filter((doc) => doc.rev === 1 && may(doc)));
    const restored = await restore(
      theirs.filter((doc) => doc.rev === doc.changedBy!.rev && may(doc)),
      caller,
    );
    return { removed, restored, kept: mine.length + theirs.length - removed - restored, last };
  };
}
