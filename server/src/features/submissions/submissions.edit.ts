import { fieldsOf, personOf, type Answers, type Field } from '../../../shared/fields/index.ts';
import type { Deps } from '../../deps.ts';
import { Problem, type StaffCaller } from '../../http/index.ts';
import { transact } from '../../infra/mongo/index.ts';
import { byOf, changesOf, entryOf } from '../history/index.ts';
import type { Actor } from '../people/index.ts';
import type { Access } from '../record-settings/index.ts';
import { assertInScope, scoped, stampScope } from '../scope/index.ts';
import { asUpdate } from './submissions.codec.ts';
import { isActive, submissionModel, type SubmissionDoc } from './submissions.model.ts';
import type { SubmissionPresenter } from './submissions.presenter.ts';
import { keepAs, leastSeen, RECORD_RIGHTS, seeAnswers } from './submissions.sight.ts';
import type { SubmissionParts, SubmissionStore } from './submissions.store.ts';

/**
 * The answers of an edit: what was sent, and what stays as it is: what is read masked and is not sent, what is hidden, and
 * what may not be changed.
 * @throws invalid_input for another value of what is shown and may not be changed
 */
function keptWith(
  access: Access,
  doc: SubmissionDoc,
  fields: readonly Field[],
  old: Answers,
  raw: Record<string, unknown>,
): Record<string, unknown> {
  const see = seeAnswers(access, doc);
  const answers: Record<string, unknown> = { ...raw };
  const issues = [];
  for (const field of fields) {
    const { key } = field;
    const sight = see(field);
    const fixed = sight === 'hide' || !access.mayWrite(doc.formKey, field, doc.scope);
    if (fixed && sight === 'show' && raw[key] !== undefined && JSON.stringify(raw[key]) !== JSON.stringify(old[key]))
      issues.push({ path: `answers.${key}`, code: 'field_right' });
    if (!fixed && !(sight === 'mask' && raw[key] === undefined)) continue;
    if (old[key] === undefined) delete answers[key];
    else answers[key] = old[key];
  }
  if (issues.length) throw new Problem('invalid_input', { issues });
  return answers;
}

/** Staff's writes of submissions. Each is recorded in the submission's history and in the audit. */
export function createSubmissionEdit(
  deps: Deps,
  {
    audit,
    regions,
    people,
    codec,
    presenter,
    recordSettings,
    assertReferences,
    files,
  }: SubmissionParts & { presenter: SubmissionPresenter },
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
      await assertReferences(caller, form.content, answers);
      const access = await recordSettings.access(caller, RECORD_RIGHTS);
      return transact(mongo, async () => {
        const scope = await stampScope(
          caller,
          'submission.write',
          personOf(form.content, answers).region,
          people.places,
        );
        const issues = fieldsOf(form.content)
          .filter((field) => answers[field.key] !== undefined && !access.mayWrite(form.key, field, scope))
          .map(({ key }) => ({ path: `answers.${key}`, code: 'field_right' }));
        if (issues.length) throw new Problem('invalid_input', { issues });
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
        const access = await recordSettings.access(caller, RECORD_RIGHTS);
        const answers = store.check(content, keptWith(access, doc, [...fields.values()], old, raw), old);
        await assertReferences(caller, content, answers, old);
        await files.claim(
          caller,
          { id: doc._id, formKey: doc.formKey, content, accountId: doc.accountId },
          answers,
          old,
        );

        const [before, after] = [personOf(content, old).region, personOf(content, answers).region];
        const scope =
          after === before
            ? doc.scope
            : { ...doc.scope, regionPath: after ? regions.path(after) : doc.scope.regionPath };
        assertInScope(caller, 'submission.write', scope);
        // One that stands beside another keeps its place until it says something else.
        const ruleKey = codec.dedupeKey(doc.formKey, content, answers);
        const moved = ruleKey !== codec.dedupeKey(doc.formKey, content, old);
        const dedupeKey = !isActive(doc.status) ? undefined : moved ? ruleKey : doc.dedupeKey;
        await store.assertFree(doc.formKey, dedupeKey, doc._id);
        const place = { formKey: doc.formKey, content, regionPath: scope.regionPath };
        const { $set, $unset } = asUpdate(codec.seal(id, place, answers), dedupeKey);
        const sort = codec.sort(content, answers, (await recordSettings.of(doc.formKey)).sorts);
        const changed = await change(doc, {
          $set: { ...$set, ...(sort ? { sort } : {}), scope, updatedAt: clock() },
          $unset: { ...$unset, ...(moved ? { beside: 1 } : {}) },
          $inc: { rev: 1 },
          $push: { history: entry(id, { by: byOf(caller), action: 'edited', before: old, after: answers }) },
        });
        const see = leastSeen(await recordSettings.books(), doc.formKey);
        const changes = changesOf(old, answers, (key, value) => {
          const field = fields.get(key);
          return keepAs(field ? see(field) : 'hide', field, value, locale, regions.lookup);
        });
        await audit.record({
          caller,
          ip,
          action: 'submission.changed',
          object: object(id),
          detail: { form: doc.formKey, changes },
        });
        return changed;
      });
    },

    /** Into the recycle bin; what it held unique is free again. @throws edit_conflict when it was changed since `rev` */
    async remove({ caller, ip }: Actor, id: string, reason: string, rev?: number): Promise<void> {
      await transact(mongo, async () => {
        const doc = await reach(caller, 'submission.delete', id, false);
        if (rev !== undefined && doc.rev !== rev) throw new Problem('edit_conflict');
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
        const ruleKey = isActive(doc.status) ? codec.dedupeKey(doc.formKey, content, codec.open(doc)) : undefined;
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
