import { fieldsOf, isSensitive, personOf } from '../../../shared/fields/index.ts';
import type { Deps } from '../../deps.ts';
import { Problem, type StaffCaller } from '../../http/index.ts';
import { transact } from '../../infra/mongo/index.ts';
import { byOf, changesOf, entryOf } from '../history/index.ts';
import type { Actor } from '../people/index.ts';
import { assertInScope, scoped, stampScope } from '../scope/index.ts';
import { asUpdate } from './submissions.codec.ts';
import { submissionModel, type SubmissionDoc } from './submissions.model.ts';
import { showAnswer, type SubmissionPresenter } from './submissions.presenter.ts';
import type { SubmissionParts, SubmissionStore } from './submissions.store.ts';

/** Staff's writes of submissions. Each is recorded in the submission's history and in the audit. */
export function createSubmissionEdit(
  deps: Deps,
  { audit, regions, people, codec, presenter }: SubmissionParts & { presenter: SubmissionPresenter },
  store: SubmissionStore,
) {
  const { mongo, clock, cipher } = deps;
  const submissions = submissionModel(mongo);
  const object = (id: string) => ({ type: 'submission', id });

  async function reach(
    caller: StaffCaller,
    permission: 'submission.write' | 'submission.delete',
    id: string,
    deleted: boolean,
  ): Promise<SubmissionDoc> {
    const doc = await scoped(submissions, caller, permission)
      .findOne({ _id: id, deletedAt: deleted ? { $ne: null } : null })
      .lean<SubmissionDoc>();
    if (!doc) throw new Problem('not_found');
    return doc;
  }

  const entry = (id: string, step: Omit<Parameters<typeof entryOf>[2], 'at'>) =>
    entryOf(cipher, codec.historyContext(id), { at: clock(), ...step });

  /** Changes the document as it was read, or nothing. */
  async function change(doc: SubmissionDoc, update: Record<string, unknown>): Promise<SubmissionDoc> {
    const changed = await submissions
      .findOneAndUpdate({ _id: doc._id, rev: doc.rev }, update, { returnDocument: 'after' })
      .lean<SubmissionDoc>();
    if (!changed) throw new Problem('edit_conflict');
    return changed;
  }

  return {
    /** A form filled in by staff, also one that is closed for citizens. */
    async create(
      { caller, ip, requestKey }: Actor,
      input: { form: string; version?: number | undefined; answers: unknown },
    ): Promise<SubmissionDoc> {
      const form = await store.versionToFill(input.form, input.version);
      const answers = store.check(form.content, input.answers);
      return transact(mongo, async () => {
        const scope = await stampScope(
          caller,
          'submission.write',
          personOf(form.content, answers).region,
          people.places,
        );
        return store.add(
          { form, answers, scope, source: 'staff', accountId: null, by: byOf(caller) },
          { caller, ip, requestKey },
        );
      });
    },

    /** @throws not_found, edit_conflict when someone else saved since `rev`, invalid_input, already_submitted, forbidden */
    edit({ caller, ip, locale }: Actor, id: string, rev: number, raw: Record<string, unknown>): Promise<SubmissionDoc> {
      return transact(mongo, async () => {
        const doc = await reach(caller, 'submission.write', id, false);
        if (doc.rev !== rev) throw new Problem('edit_conflict');
        const content = await presenter.contentOf(doc);
        const fields = new Map(fieldsOf(content).map((field) => [field.key, field]));
        const old = codec.open(doc);
        const kept = Object.entries(old).filter(([key]) => isSensitive(fields.get(key)!) && raw[key] === undefined);
        const answers = store.check(content, { ...raw, ...Object.fromEntries(kept) });

        const [before, after] = [personOf(content, old).region, personOf(content, answers).region];
        const scope =
          after === before
            ? doc.scope
            : { ...doc.scope, regionPath: after ? regions.path(after) : doc.scope.regionPath };
        assertInScope(caller, 'submission.write', scope);
        // One that stands beside another keeps its place until it says something else.
        const ruleKey = codec.dedupeKey(doc.formKey, content, answers);
        const moved = ruleKey !== codec.dedupeKey(doc.formKey, content, old);
        const dedupeKey = doc.status !== 'submitted' ? undefined : moved ? ruleKey : doc.dedupeKey;
        await store.assertFree(doc.formKey, dedupeKey, doc._id);
        const { $set, $unset } = asUpdate(codec.seal(id, doc.formKey, content, answers), dedupeKey);
        const changed = await change(doc, {
          $set: { ...$set, scope, updatedAt: clock() },
          $unset: { ...$unset, ...(moved ? { beside: 1 } : {}) },
          $inc: { rev: 1 },
          $push: { history: entry(id, { by: byOf(caller), action: 'edited', before: old, after: answers }) },
        });
        const changes = changesOf(old, answers, (key, value) =>
          showAnswer(fields.get(key), value, locale, regions.lookup),
        );
        await audit.record({ caller, ip, action: 'submission.changed', object: object(id), detail: { changes } });
        return changed;
      });
    },

    /** Into the recycle bin; what it held unique is free again. */
    async remove({ caller, ip }: Actor, id: string, reason: string): Promise<void> {
      await transact(mongo, async () => {
        const doc = await reach(caller, 'submission.delete', id, false);
        await change(doc, {
          $set: { deletedAt: clock(), deletedBy: caller.name },
          $unset: { dedupeKey: 1 },
          $inc: { rev: 1 },
          $push: { history: entry(id, { by: byOf(caller), action: 'deleted', reason }) },
        });
        await audit.record({ caller, ip, action: 'submission.deleted', object: object(id), detail: { reason } });
      });
    },

    /** Out of the recycle bin. @throws already_submitted when another one has taken its place */
    restore({ caller, ip }: Actor, id: string): Promise<SubmissionDoc> {
      return transact(mongo, async () => {
        const doc = await reach(caller, 'submission.delete', id, true);
        const content = await presenter.contentOf(doc);
        const ruleKey = doc.status === 'submitted' ? codec.dedupeKey(doc.formKey, content, codec.open(doc)) : undefined;
        const dedupeKey = ruleKey && doc.beside ? codec.besideKey(ruleKey, doc.importId!) : ruleKey;
        await store.assertFree(doc.formKey, dedupeKey, doc._id);
        const restored = await change(doc, {
          $set: { deletedAt: null, deletedBy: null, ...(dedupeKey ? { dedupeKey } : {}) },
          $inc: { rev: 1 },
          $push: { history: entry(id, { by: byOf(caller), action: 'restored' }) },
        });
        await audit.record({ caller, ip, action: 'submission.restored', object: object(id) });
        return restored;
      });
    },
  };
}

export type SubmissionEdit = ReturnType<typeof createSubmissionEdit>;
