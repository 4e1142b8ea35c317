import type { Deps } from '../../deps.ts';
import { Problem } from '../../http/index.ts';
import { transact } from '../../infra/mongo/index.ts';
import { byOf, entryOf } from '../history/index.ts';
import type { Actor } from '../people/index.ts';
import { scoped } from '../scope/index.ts';
import { isActive, submissionModel, type Decision, type SubmissionDoc } from './submissions.model.ts';
import type { SubmissionParts, SubmissionStore } from './submissions.store.ts';

/** What a decision makes of a submission, and how it is called where it is recorded. */
const OUTCOMES = {
  accept: { status: 'accepted', action: 'submission.accepted' },
  return: { status: 'returned', action: 'submission.returned' },
  reject: { status: 'rejected', action: 'submission.rejected' },
} as const;

export interface DecisionInput {
  decision: Decision;
  reason?: string | undefined;
  rev: number;
}

/** Decisions about submissions. What is decided may be decided otherwise; each decision is recorded. */
export function createSubmissionReview(
  deps: Deps,
  { audit, forms, codec }: SubmissionParts,
  store: Pick<SubmissionStore, 'assertFree'>,
) {
  const { mongo, clock, cipher } = deps;
  const submissions = submissionModel(mongo);

  /** The place that the submission holds by the form's rule, when it counts again after it did not. */
  async function placeOf(doc: SubmissionDoc): Promise<string | undefined> {
    const form = await forms.version(doc.formKey, doc.version);
    const ruleKey = form ? codec.dedupeKey(doc.formKey, form.content, codec.open(doc)) : undefined;
    return ruleKey && doc.beside ? codec.besideKey(ruleKey, doc.importId!) : ruleKey;
  }

  return {
    /**
     * Accepts, returns or rejects a submission. A rejected one no longer holds what must be unique.
     * @throws not_found, edit_conflict when it was changed since `rev`, conflict for one that was taken back or is decided
     * so already, invalid_input without the reason that its sender needs, already_submitted
     */
    decide({ caller, ip }: Actor, id: string, { decision, reason, rev }: DecisionInput): Promise<SubmissionDoc> {
      if (decision !== 'accept' && !reason)
        throw new Problem('invalid_input', { issues: [{ path: 'body.reason', code: 'required' }] });
      const { status, action } = OUTCOMES[decision];
      return transact(mongo, async () => {
        const reach = scoped(submissions, caller, 'submission.review');
        const doc = await reach.findOne({ _id: id, deletedAt: null }).lean<SubmissionDoc>();
        // Who may not read it can't judge it.
        const read = await scoped(submissions, caller, 'submission.read').findOne({ _id: id }, { _id: 1 }).lean();
        if (!doc || !read) throw new Problem('not_found');
        if (doc.rev !== rev) throw new Problem('edit_conflict');
        if (doc.status === 'withdrawn' || doc.status === status)
          throw new Problem('conflict', { params: { status: doc.status } });
        const dedupeKey = !isActive(status) ? undefined : isActive(doc.status) ? doc.dedupeKey : await placeOf(doc);
        if (dedupeKey !== doc.dedupeKey) await store.assertFree(doc.formKey, dedupeKey, doc._id);
        const now = clock();
        const by = byOf(caller);
        const changed = await submissions
          .findOneAndUpdate(
            { _id: id, rev },
            {
              $set: {
                status,
                review: { decision, reason: reason ?? null, at: now, by: caller.accountId, byName: caller.name },
                updatedAt: now,
                ...(dedupeKey ? { dedupeKey } : {}),
              },
              ...(dedupeKey ? {} : { $unset: { dedupeKey: 1 } }),
              $inc: { rev: 1 },
              $push: {
                history: entryOf(cipher, codec.historyContext(id), {
                  at: now,
                  by,
                  action: status,
                  ...(reason ? { reason } : {}),
                }),
              },
            },
            { returnDocument: 'after' },
          )
          .lean<SubmissionDoc>();
        if (!changed) throw new Problem('edit_conflict');
        await audit.record({
          caller,
          ip,
          action,
          object: { type: 'submission', id },
          detail: { form: doc.formKey, reason: reason ?? null },
        });
        return changed;
      });
    },
  };
}

export type SubmissionReview = ReturnType<typeof createSubmissionReview>;

/**
 * Does one thing to several submissions, each by itself: one that can't be done stops none of the others.
 * @returns the ids of those done, and the others with the code of their problem
 */
export async function eachOf<T extends { id: string }>(
  items: readonly T[],
  work: (item: T) => Promise<unknown>,
): Promise<{ done: string[]; failed: { id: string; code: string }[] }> {
  const done: string[] = [];
  const failed: { id: string; code: string }[] = [];
  for (const item of items) {
    try {
      await work(item);
      done.push(item.id);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      failed.push({ id: item.id, code: error.code });
    }
  }
  return { done, failed };
}
