import type { Types } from 'mongoose';
import type { Sight } from '../../../shared/field-policy.ts';
import { fieldsOf, textOf, type Answers, type Field, type Locale } from '../../../shared/fields/index.ts';
import type { Deps } from '../../deps.ts';
import { decodeCursor, encodeCursor, Problem, type StaffCaller } from '../../http/index.ts';
import { transact } from '../../infra/mongo/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Forms, PublishedVersion } from '../forms/index.ts';
import type { Access, RecordSettings } from '../record-settings/index.ts';
import type { Regions } from '../regions/index.ts';
import { scoped } from '../scope/index.ts';
import {
  mappedTo,
  RECORD_RIGHTS,
  seeAnswers,
  showAs,
  type RowOutcome,
  type SubmissionDoc,
  type Submissions,
} from '../submissions/index.ts';
import { importReviewModel, type ImportReview, type ReviewDecision } from './import-rows.model.ts';
import { importModel, sealContext, type ImportCounts, type ImportDoc } from './imports.model.ts';
import type { ImportRead } from './imports.read.ts';

export type Reviews = ReturnType<typeof createReviews>;

interface Others {
  audit: Audit;
  forms: Forms;
  regions: Regions;
  submissions: Submissions;
  read: ImportRead;
  recordSettings: Pick<RecordSettings, 'access'>;
}

/** Under which rule a decision writes the row. */
const RULE = { update: 'update', create: 'create' } as const;
/** What a written row is counted as. */
const COUNTED: Partial<Record<RowOutcome, keyof ImportCounts>> = {
  inserted: 'created',
  updated: 'updated',
  unchanged: 'unchanged',
  duplicate: 'skipped',
};

/** The queue of rows whose submission was there already. */
export function createReviews(
  { mongo, clock, cipher }: Deps,
  { audit, forms, regions, submissions, read, recordSettings }: Others,
) {
  const imports = importModel(mongo);
  const reviews = importReviewModel(mongo);

  async function formOf({ formKey, version }: ImportDoc): Promise<PublishedVersion> {
    const form = await forms.version(formKey, version);
    if (!form) throw new Problem('not_found');
    return form;
  }

  /** The submissions that were there, as far as the caller may see them. */
  async function existing(
    caller: StaffCaller,
    ids: readonly (Types.ObjectId | null)[],
  ): Promise<Map<string, SubmissionDoc>> {
    const found = await scoped(submissions.model(), caller, 'submission.read')
      .find({ _id: { $in: ids.filter((id) => id !== null) }, deletedAt: null }, { history: 0 })
      .lean<SubmissionDoc[]>();
    return new Map(found.map((doc) => [String(doc._id), doc]));
  }

  const open = (doc: ImportDoc, { answers }: ImportReview) => cipher.openJson<Answers>(answers, sealContext(doc._id));

  /** A row beside what is there; what is sensitive is masked, so `differs` says whether it is the same. */
  function present(
    doc: ImportDoc,
    form: PublishedVersion,
    review: ImportReview,
    there: SubmissionDoc | undefined,
    { locale, access }: { locale: Locale; access: Access },
  ) {
    const imported = open(doc, review);
    const stored = there ? submissions.open(there) : {};
    const fields = fieldsOf(form.content);
    // What the file says belongs to no place yet; what is stored does.
    const seeStored = there ? seeAnswers(access, there) : () => 'hide' as const;
    const seeRow = (field: Field) => access.least(doc.formKey, field);
    const show = (see: (field: Field) => Sight, answers: Answers, field: Field) =>
      showAs(see(field), field, answers[field.key], locale, regions.lookup);
    const nameField = mappedTo(form.content, 'person.name');
    return {
      row: review.row,
      existing: there
        ? {
            id: String(there._id),
            receiptNumber: there.receiptNumber,
            name: nameField ? showAs(seeStored(nameField), nameField, there.name, locale, regions.lookup) : there.name,
            submittedAt: there.submittedAt.toISOString(),
          }
        : null,
      answers: fields
        .filter((field) => seeRow(field) !== 'hide' || (there && seeStored(field) !== 'hide'))
        .filter(({ key }) => imported[key] !== undefined || stored[key] !== undefined)
        .map((field) => ({
          field: field.key,
          label: textOf(field.label, locale),
          existing: show(seeStored, stored, field),
          imported: show(seeRow, imported, field),
          differs: JSON.stringify(stored[field.key]) !== JSON.stringify(imported[field.key]),
        })),
      decision: review.decision,
      decidedBy: review.decidedBy,
      decidedAt: review.decidedAt?.toISOString() ?? null,
    };
  }

  /**
   * Takes the decision down, before it is carried out: of two people who decide differently, one does.
   * @throws conflict for a row that was decided otherwise, or an import that is undone or gone
   */
  async function claim(caller: StaffCaller, id: string, row: number, decision: ReviewDecision) {
    return transact(mongo, async () => {
      const doc = await read.get(caller, id);
      if (!caller.permissions.has('submission.write')) throw new Problem('forbidden');
      if (doc.state === 'undoing' || doc.state === 'undone' || doc.expiredAt)
        throw new Problem('conflict', { params: { state: doc.state } });
      const before = await reviews.findOne({ importId: doc._id, row }).lean<ImportReview>();
      if (!before) throw new Problem('not_found');
      if (before.decision !== null && before.decision !== decision)
        throw new Problem('conflict', { params: { decision: before.decision } });
      if (before.done) return { doc, review: before };
      const review = await reviews
        .findOneAndUpdate(
          { _id: before._id },
          { $set: { decision, decidedBy: caller.name, decidedAt: clock() } },
          { returnDocument: 'after' },
        )
        .orFail()
        .lean<ImportReview>();
      // An undo that begins at this moment meets this write.
      await imports.updateOne({ _id: doc._id }, { $inc: { rev: 1 } });
      return { doc, review };
    });
  }

  return {
    /** @throws not_found for an import out of the caller's reach */
    async list(
      caller: StaffCaller,
      id: string,
      {
        cursor,
        limit,
        open: onlyOpen,
        locale,
      }: { cursor?: string | undefined; limit: number; open?: boolean | undefined; locale: Locale },
    ) {
      const doc = await read.get(caller, id);
      const form = await formOf(doc);
      const after = cursor ? (decodeCursor(cursor, ['number'])[0] as number) : 0;
      const found = await reviews
        .find({ importId: doc._id, row: { $gt: after }, ...(onlyOpen === undefined ? {} : { done: !onlyOpen }) })
        .sort({ row: 1 })
        .limit(limit + 1)
        .lean<ImportReview[]>();
      const rows = found.slice(0, limit);
      const seen = { locale, access: await recordSettings.access(caller, RECORD_RIGHTS) };
      const there = await existing(
        caller,
        rows.map(({ submissionId }) => submissionId),
      );
      return {
        items: rows.map((review) => present(doc, form, review, there.get(String(review.submissionId)), seen)),
        nextCursor: found.length > limit ? encodeCursor([rows.at(-1)!.row]) : null,
      };
    },

    /**
     * Decides a row, with the rights of who decides. The same decision again changes nothing; one that was cut in the middle
     * is carried out by it.
     * @throws conflict for a row that was decided otherwise, forbidden where the caller may not write
     */
    async decide(
      { caller, ip }: { caller: StaffCaller; ip: string },
      id: string,
      row: number,
      { decision, locale }: { decision: ReviewDecision; locale: Locale },
    ) {
      const { doc, review } = await claim(caller, id, row, decision);
      const form = await formOf(doc);
      if (!review.done) {
        let counted: keyof ImportCounts = 'skipped';
        if (decision !== 'keep') {
          const [result] = await submissions.writeMany([{ row, answers: open(doc, review) }], {
            caller,
            form,
            importId: doc._id,
            onDuplicate: RULE[decision],
          });
          const outcome = COUNTED[result!.outcome];
          if (!outcome) {
            // Nothing was written: the row is free for somebody who may.
            const free = { decision: null, decidedBy: null, decidedAt: null };
            await reviews.updateOne({ _id: review._id, done: false }, { $set: free });
            throw new Problem('forbidden');
          }
          counted = outcome;
        }
        await transact(mongo, async () => {
          const { modifiedCount } = await reviews.updateOne({ _id: review._id, done: false }, { $set: { done: true } });
          if (modifiedCount === 0) return;
          await imports.updateOne(
            { _id: doc._id },
            { $inc: { 'counts.review': -1, [`counts.${counted}`]: 1, rev: 1 } },
          );
          await audit.record({
            caller,
            ip,
            action: 'import.reviewed',
            object: { type: 'import', id },
            facts: { row, decision },
          });
        });
      }
      const there = await existing(caller, [review.submissionId]);
      const seen = { locale, access: await recordSettings.access(caller, RECORD_RIGHTS) };
      return present(doc, form, review, there.get(String(review.submissionId)), seen);
    },
  };
}
