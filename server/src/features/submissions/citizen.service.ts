import { personOf } from '../../../shared/fields/index.ts';
import type { Deps } from '../../deps.ts';
import { keyset, Problem, type CitizenCaller } from '../../http/index.ts';
import { transact } from '../../infra/mongo/index.ts';
import { byOf, entryOf } from '../history/index.ts';
import { draftModel, submissionModel, type SubmissionDoc } from './submissions.model.ts';
import type { SubmissionParts, SubmissionStore } from './submissions.store.ts';

interface CitizenActor {
  caller: CitizenCaller;
  ip: string;
  requestKey: string | null;
}

const receipt = ({ _id, receiptNumber, formKey, version, status, submittedAt }: SubmissionDoc) => ({
  id: String(_id),
  receiptNumber,
  formKey,
  version,
  status,
  submittedAt: submittedAt.toISOString(),
});

/** What citizens do with their own submissions; others' don't exist for them. */
export function createCitizenSubmissions(deps: Deps, parts: SubmissionParts, store: SubmissionStore) {
  const { mongo, clock, cipher } = deps;
  const { audit, forms, regions, codec } = parts;
  const submissions = submissionModel(mongo);
  const drafts = draftModel(mongo);

  async function own(accountId: string, id: string): Promise<SubmissionDoc> {
    const doc = await submissions.findOne({ _id: id, accountId, deletedAt: null }).lean<SubmissionDoc>();
    if (!doc) throw new Problem('not_found');
    return doc;
  }

  const titleOf = async ({ formKey, version }: SubmissionDoc) => (await forms.version(formKey, version))?.content.title;

  const detail = async (doc: SubmissionDoc) => ({
    ...receipt(doc),
    title: await titleOf(doc),
    answers: codec.open(doc),
    history: doc.history.map(({ at, action, by }) => ({ at: at.toISOString(), action, by: by.kind })),
  });

  return {
    /**
     * Sends a filled form: the submission, its person and the end of the draft are one.
     * @throws not_found, form_closed, version_outdated, invalid_input, already_submitted
     */
    async submit(
      { caller, ip, requestKey }: CitizenActor,
      formKey: string,
      input: { version: number; answers: unknown },
    ) {
      const form = await store.versionToFill(formKey, input.version);
      if (form.status === 'closed') throw new Problem('form_closed');
      const answers = store.check(form.content, input.answers);
      const { region } = personOf(form.content, answers);
      const scope = { regionPath: region ? regions.path(region) : [], orgPath: [], createdBy: caller.accountId };
      const doc = await transact(mongo, async () => {
        const added = await store.add(
          { form, answers, scope, source: 'citizen', accountId: caller.accountId, by: byOf(caller) },
          { caller, ip, requestKey },
        );
        await drafts.deleteOne({ accountId: caller.accountId, formKey });
        return added;
      });
      return receipt(doc);
    },

    async list({ accountId }: CitizenCaller, { limit, cursor }: { limit: number; cursor?: string | undefined }) {
      const paging = keyset('submittedAt', cursor);
      const found = await submissions
        .find({ $and: [{ accountId, deletedAt: null }, paging.filter] }, { history: 0, answers: 0, sealed: 0 })
        .sort(paging.sort)
        .limit(limit + 1)
        .lean<SubmissionDoc[]>();
      const { rows, nextCursor } = paging.cut(found, limit);
      const items = [];
      for (const row of rows) items.push({ ...receipt(row), title: await titleOf(row) });
      return { items, nextCursor };
    },

    /** @throws not_found, also for those of others */
    detail: async ({ accountId }: CitizenCaller, id: string) => detail(await own(accountId, id)),

    /** Takes a submission back; a new one may be sent then. Again is no fault. */
    withdraw({ caller, ip }: CitizenActor, id: string) {
      return transact(mongo, async () => {
        const doc = await own(caller.accountId, id);
        if (doc.status === 'withdrawn') return detail(doc);
        const entry = entryOf(cipher, codec.historyContext(id), { at: clock(), by: byOf(caller), action: 'withdrawn' });
        const changed = await submissions
          .findOneAndUpdate(
            { _id: id, status: 'submitted', rev: doc.rev },
            {
              $set: { status: 'withdrawn', updatedAt: clock() },
              $unset: { dedupeKey: 1 },
              $inc: { rev: 1 },
              $push: { history: entry },
            },
            { returnDocument: 'after' },
          )
          .lean<SubmissionDoc>();
        if (!changed) throw new Problem('edit_conflict');
        await audit.record({ caller, ip, action: 'submission.withdrawn', object: { type: 'submission', id } });
        return detail(changed);
      });
    },
  };
}

export type CitizenSubmissions = ReturnType<typeof createCitizenSubmissions>;
