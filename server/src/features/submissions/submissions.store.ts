import type { Types } from 'mongoose';
import { checkForm, personOf, type Answers, type FormContent } from '../../../shared/fields/index.ts';
import type { Deps } from '../../deps.ts';
import { Problem, type CitizenCaller, type StaffCaller } from '../../http/index.ts';
import { shanghaiDay } from '../../infra/clock/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Forms, PublishedVersion } from '../forms/index.ts';
import { byOf, entryOf, type By } from '../history/index.ts';
import type { People } from '../people/index.ts';
import type { Regions } from '../regions/index.ts';
import type { Scope } from '../scope/index.ts';
import { createReceiptNumbers } from './receipt.ts';
import type { Known, SubmissionCodec } from './submissions.codec.ts';
import { submissionModel, type SubmissionDoc } from './submissions.model.ts';

export interface SubmissionParts {
  audit: Audit;
  forms: Pick<Forms, 'published' | 'version'>;
  people: People;
  regions: Regions;
  codec: SubmissionCodec;
}

/** A draft that was begun on a version may still be sent for so long after the next one was published. */
const GRACE_MS = 24 * 3_600_000;

export interface NewSubmission {
  form: PublishedVersion;
  answers: Answers;
  scope: Scope;
  source: SubmissionDoc['source'];
  accountId: string | null;
  by: By;
}

/** What every way of making a submission shares. */
export function createSubmissionStore(deps: Deps, { audit, forms, people, regions, codec }: SubmissionParts) {
  const { mongo, clock, cipher } = deps;
  const submissions = submissionModel(mongo);
  const nextReceipt = createReceiptNumbers();

  return {
    /**
     * The version that is to be filled: the current one, or one that was current a day ago.
     * @throws not_found, version_outdated
     */
    async versionToFill(
      formKey: string,
      number: number | undefined,
    ): Promise<PublishedVersion & { status: 'open' | 'closed' }> {
      const current = await forms.published(formKey);
      if (!current) throw new Problem('not_found');
      if (number === undefined || number === current.version) return current;
      const [older, next] = [await forms.version(formKey, number), await forms.version(formKey, number + 1)];
      if (!older || !next || clock().getTime() - Date.parse(next.publishedAt) > GRACE_MS) {
        throw new Problem('version_outdated', { params: { current: current.version } });
      }
      return { ...older, status: current.status };
    },

    /** @throws invalid_input with every fault at `answers.KEY` */
    check(content: FormContent, raw: unknown): Answers {
      const { answers, issues } = checkForm(content, raw, { today: shanghaiDay(clock()), regions: regions.lookup });
      if (issues.length) throw new Problem('invalid_input', { issues });
      return answers;
    },

    /** Looks before the unique index does. @throws already_submitted */
    async assertFree(formKey: string, dedupeKey: string | undefined, own?: Types.ObjectId): Promise<void> {
      if (!dedupeKey) return;
      const holder = await submissions.findOne({ formKey, dedupeKey }, { _id: 1 }).lean();
      if (holder && String(holder._id) !== String(own)) throw new Problem('already_submitted');
    },

    /** A complete document; nothing is written. `known`: what an import has worked out of the answers already. */
    build(
      input: NewSubmission & {
        personId: Types.ObjectId | null;
        claimed: boolean;
        known?: Known;
        imported?: Pick<SubmissionDoc, 'importId' | 'row' | 'beside'>;
      },
    ): SubmissionDoc {
      const { form, answers, by, known, imported } = input;
      const now = clock();
      const _id = new mongo.base.Types.ObjectId();
      const id = String(_id);
      const stored = codec.seal(id, form.key, form.content, answers, known);
      const dedupeKey = known ? known.dedupeKey : codec.dedupeKey(form.key, form.content, answers);
      const action = input.source === 'import' ? 'imported' : 'submitted';
      // Named one by one: spreading is slow, and an import does this for every row.
      const doc: SubmissionDoc = {
        _id,
        formKey: form.key,
        version: form.version,
        personId: input.personId,
        claimed: input.claimed,
        source: input.source,
        status: 'submitted',
        answers: stored.answers,
        sealed: stored.sealed,
        answersHash: stored.answersHash,
        facets: stored.facets,
        name: stored.name,
        receiptNumber: nextReceipt(now),
        scope: input.scope,
        rev: 1,
        history: [entryOf(cipher, codec.historyContext(id), { at: now, by, action })],
        submittedAt: now,
        updatedAt: now,
        deletedAt: null,
        deletedBy: null,
      };
      if (input.accountId !== null) doc.accountId = input.accountId;
      if (stored.phoneIndex !== undefined) doc.phoneIndex = stored.phoneIndex;
      if (stored.documentIndex !== undefined) doc.documentIndex = stored.documentIndex;
      if (dedupeKey !== undefined) doc.dedupeKey = dedupeKey;
      return imported ? Object.assign(doc, imported) : doc;
    },

    /**
     * Stores one submission with its person. Runs in a transaction; the same `requestKey` gives the same submission.
     * @throws already_submitted
     */
    async add(
      input: NewSubmission,
      { caller, ip, requestKey }: { caller: CitizenCaller | StaffCaller; ip: string; requestKey: string | null },
    ): Promise<SubmissionDoc> {
      if (requestKey) {
        const earlier = await submissions.findOne({ requestKey }).lean<SubmissionDoc>();
        if (earlier) return earlier;
      }
      const { form, answers, scope } = input;
      await this.assertFree(form.key, codec.dedupeKey(form.key, form.content, answers));
      const match = await people.match(personOf(form.content, answers), { caller, scope, ip });
      const doc: SubmissionDoc = { ...this.build({ ...input, ...match }), ...(requestKey ? { requestKey } : {}) };
      await submissions.create([doc]);
      await audit.record({
        caller,
        ip,
        action: 'submission.created',
        object: { type: 'submission', id: String(doc._id) },
        detail: { form: form.key, version: form.version },
      });
      return doc;
    },

    by: byOf,
  };
}

export type SubmissionStore = ReturnType<typeof createSubmissionStore>;
