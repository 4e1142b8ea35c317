import type { Types } from 'mongoose';
import type { Deps } from '../../deps.ts';
import { Problem } from '../../http/index.ts';
import type { Files } from '../files/index.ts';
import { draftContext } from './drafts.service.ts';
import { draftModel, submissionModel, type DraftDoc } from './submissions.model.ts';

/** Moves what an account has filled in to the account that it goes into. */
export function createAdoption(
  { mongo, cipher }: Pick<Deps, 'mongo' | 'cipher'>,
  { files }: { files: Pick<Files, 'adopt'> },
) {
  const submissions = submissionModel(mongo);
  const drafts = draftModel(mongo);

  /** Of two drafts of a form the one saved later stays, under a `rev` that neither device has: both are told. */
  const moveDraft = async (draft: DraftDoc, to: string): Promise<void> => {
    const { formKey } = draft;
    const other = await drafts.findOne({ accountId: to, formKey }).lean<DraftDoc>();
    await drafts.deleteOne({ _id: draft._id });
    if (other && other.savedAt >= draft.savedAt) return;
    if (other) await drafts.deleteOne({ _id: other._id });
    const answers = cipher.open(draft.sealed, draftContext(draft.accountId, formKey));
    await drafts.create([
      {
        accountId: to,
        formKey,
        version: draft.version,
        step: draft.step,
        savedAt: draft.savedAt,
        rev: other ? Math.max(other.rev, draft.rev) + 1 : draft.rev,
        sealed: cipher.seal(answers, draftContext(to, formKey)),
      },
    ]);
  };

  /** Call it in the transaction that ends the account. Answers how much there was. */
  return async (from: string, to: string): Promise<{ submissions: number; drafts: number }> => {
    const { modifiedCount } = await submissions.updateMany({ accountId: from }, { $set: { accountId: to } });
    const mine = await drafts.find({ accountId: from }).lean<DraftDoc[]>();
    for (const draft of mine) await moveDraft(draft, to);
    await files.adopt(from, to);
    return { submissions: modifiedCount, drafts: mine.length };
  };
}

/** Moves submissions between people who turned out to be one, or not to be. */
export function createPersonMove({ mongo }: Pick<Deps, 'mongo'>) {
  const submissions = submissionModel(mongo);
  /**
   * Call it in the transaction of the merge. @returns the ids of those moved
   * @throws conflict for more than `most`
   */
  return async (
    from: Types.ObjectId,
    to: Types.ObjectId,
    { only, most }: { only?: readonly Types.ObjectId[]; most: number },
  ): Promise<Types.ObjectId[]> => {
    const found = await submissions
      .find({ personId: from, ...(only ? { _id: { $in: only } } : {}) }, { _id: 1 })
      .limit(most + 1)
      .lean<{ _id: Types.ObjectId }[]>();
    if (found.length > most) throw new Problem('conflict', { params: { most } });
    const ids = found.map(({ _id }) => _id);
    if (ids.length) await submissions.updateMany({ _id: { $in: ids } }, { $set: { personId: to } });
    return ids;
  };
}
