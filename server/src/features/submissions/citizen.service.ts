import { citizensContent, fieldsOf, personOf, type Answers, type FormContent } from '../../../shared/fields/index.ts';
import type { Deps } from '../../deps.ts';
import { keyset, Problem, type CitizenCaller } from '../../http/index.ts';
import { transact } from '../../infra/mongo/index.ts';
import { byOf, changedKeys, entryOf } from '../history/index.ts';
import { asUpdate } from './submissions.codec.ts';
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

/** The fields that only staff fill in. */
function staffKeys(content: FormContent): string[] {
  const own = new Set(fieldsOf(citizensContent(content)));
  return own.size === fieldsOf(content).length
    ? []
    : fieldsOf(content).flatMap((field) => (own.has(field) ? [] : [field.key]));
}

/** What citizens do with their own submissions; others' don't exist for them. */
export function createCitizenSubmissions(deps: Deps, parts: SubmissionParts, store: SubmissionStore) {
  const { mongo, clock, cipher } = deps;
  const { audit, forms, people, regions, codec, recordSettings } = parts;
  const submissions = submissionModel(mongo);
  const drafts = draftModel(mongo);

  async function own(accountId: string, id: string): Promise<SubmissionDoc> {
    const doc = await submissions.findOne({ _id: id, accountId, deletedAt: null }).lean<SubmissionDoc>();
    if (!doc) throw new Problem('not_found');
    return doc;
  }

  const titleOf = async ({ formKey, version }: SubmissionDoc) => (await forms.version(formKey, version))?.content.title;

  /** Until when its sender may change it; null: no limit for a returned one, never for the others. */
  async function correctable(doc: SubmissionDoc): Promise<{ may: boolean; until: Date | null }> {
    if (doc.status === 'returned') return { may: true, until: null };
    const { editHours } = await recordSettings.of(doc.formKey);
    if (doc.status !== 'submitted' || editHours === 0) return { may: false, until: null };
    const until = new Date(doc.submittedAt.getTime() + editHours * 3_600_000);
    return { may: clock() < until, until };
  }

  /** What its sender may see: nothing that only staff fill in. */
  async function ownAnswers(doc: SubmissionDoc): Promise<Answers> {
    const content = (await forms.version(doc.formKey, doc.version))?.content;
    const answers = codec.open(doc);
    if (content) for (const key of staffKeys(content)) delete answers[key];
    return answers;
  }

  const detail = async (doc: SubmissionDoc) => ({
    ...receipt(doc),
    title: await titleOf(doc),
    answers: await ownAnswers(doc),
    rev: doc.rev,
    review: doc.review
      ? { decision: doc.review.decision, reason: doc.review.reason, at: doc.review.at.toISOString() }
      : null,
    ...(await correctable(doc).then(({ may, until }) => ({
      mayCorrect: may,
      correctUntil: may ? (until?.toISOString() ?? null) : null,
    }))),
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
      if (form.status !== 'open') throw new Problem('form_closed');
      const answers = store.check(citizensContent(form.content), input.answers);
      await parts.assertReferences(caller, form.content, answers);
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

    /**
     * Changes what was sent: one that was returned, or one not decided yet while the form allows it. It is judged by the
     * version that it was filled on, and waits for a decision again.
     * @throws not_found, edit_conflict when it was changed or decided since `rev`, conflict when it may not be changed (any
     * more), invalid_input, already_submitted
     */
    correct({ caller, ip }: CitizenActor, id: string, { rev, answers: raw }: { rev: number; answers: unknown }) {
      return transact(mongo, async () => {
        const doc = await own(caller.accountId, id);
        if (doc.rev !== rev) throw new Problem('edit_conflict');
        if (!(await correctable(doc)).may) throw new Problem('conflict');
        const content = (await forms.version(doc.formKey, doc.version))!.content;
        const before = codec.open(doc);
        const answers = store.check(citizensContent(content), raw, before);
        for (const key of staffKeys(content)) if (before[key] !== undefined) answers[key] = before[key];
        await parts.assertReferences(caller, content, answers, before);
        const { _id, formKey, accountId } = doc;
        await parts.files.claim(caller, { id: _id, formKey, content, accountId }, answers, before);
        const { region } = personOf(content, answers);
        const scope = { ...doc.scope, regionPath: region ? regions.path(region) : doc.scope.regionPath };
        const dedupeKey = codec.dedupeKey(doc.formKey, content, answers);
        await store.assertFree(doc.formKey, dedupeKey, doc._id);
        const match = await people.match(personOf(content, answers), { caller, scope, ip });
        const place = { formKey: doc.formKey, content, regionPath: scope.regionPath };
        const { $set, $unset } = asUpdate(codec.seal(id, place, answers), dedupeKey);
        const sort = codec.sort(content, answers, (await recordSettings.of(doc.formKey)).sorts);
        const step = { at: clock(), by: byOf(caller), action: 'corrected', before, after: answers };
        const changed = await submissions
          .findOneAndUpdate(
            { _id: id, rev },
            {
              $set: { ...$set, ...match, ...(sort ? { sort } : {}), scope, status: 'submitted', updatedAt: clock() },
              $unset: { ...$unset, review: 1 },
              $inc: { rev: 1 },
              $push: { history: entryOf(cipher, codec.historyContext(id), step) },
            },
            { returnDocument: 'after' },
          )
          .lean<SubmissionDoc>();
        if (!changed) throw new Problem('edit_conflict');
        await audit.record({
          caller,
          ip,
          action: 'submission.corrected',
          object: { type: 'submission', id },
          detail: { form: doc.formKey, keys: changedKeys(before, answers) },
        });
        return detail(changed);
      });
    },

    /** Takes a submission back; a new one may be sent then. Again is no fault. */
    withdraw({ caller, ip }: CitizenActor, id: string) {
      return transact(mongo, async () => {
        const doc = await own(caller.accountId, id);
        if (doc.status === 'withdrawn') return detail(doc);
        // What is decided stays; what is returned may be given up.
        if (doc.status !== 'submitted' && doc.status !== 'returned') throw new Problem('conflict');
        const entry = entryOf(cipher, codec.historyContext(id), { at: clock(), by: byOf(caller), action: 'withdrawn' });
        const changed = await submissions
          .findOneAndUpdate(
            { _id: id, rev: doc.rev },
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
