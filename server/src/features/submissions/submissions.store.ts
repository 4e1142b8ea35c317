import type { Types } from 'mongoose';
import { checkForm, personOf, type Answers, type FormContent } from '../../../shared/fields/index.ts';
import type { Deps } from '../../deps.ts';
import { Problem, type CitizenCaller, type StaffCaller } from '../../http/index.ts';
import { shanghaiDay } from '../../infra/clock/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Files } from '../files/index.ts';
import type { CurrentForm, Forms, PublishedVersion } from '../forms/index.ts';
import { byOf, entryOf, type By } from '../history/index.ts';
import type { People } from '../people/index.ts';
import type { RecordSettings } from '../record-settings/index.ts';
import type { Regions } from '../regions/index.ts';
import type { Scope } from '../scope/index.ts';
import { createReceiptNumbers } from './receipt.ts';
import type { Known, SubmissionCodec } from './submissions.codec.ts';
import type { AssertReferences } from './submissions.references.ts';
import { submissionModel, type SubmissionDoc } from './submissions.model.ts';

export interface SubmissionParts {
  audit: Audit;
  forms: Pick<Forms, 'published' | 'version'>;
  people: People;
  regions: Regions;
  codec: SubmissionCodec;
  /** The second look at answers, by the database. */
  assertReferences: AssertReferences;
  files: Files;
  recordSettings: RecordSettings;
}

export interface NewSubmission {
  form: PublishedVersion;
  answers: Answers;
  scope: Scope;
  source: SubmissionDoc['source'];
  accountId: string | null;
  by: By;
}

/** What every way of making a submission shares. */
export function createSubmissionStore(
  deps: Deps,
  { audit, forms, people, regions, codec, recordSettings, files }: SubmissionParts,
) {
  const { mongo, clock, cipher } = deps;
  const submissions = submissionModel(mongo);
  const nextReceipt = createReceiptNumbers();

  return {
    /**
     * The version that is to be filled: the current one, or an earlier one in its grace time.
     * @throws not_found, version_outdated
     */
    async versionToFill(
      formKey: string,
      number: number | undefined,
    ): Promise<PublishedVersion & { status: CurrentForm['status'] }> {
      const current = await forms.published(formKey);
      if (!current) throw new Problem('not_found');
      if (number === undefined || number === current.version) return current;
      const grace = current.accepts?.find(({ version }) => version === number);
      const older = grace && Date.parse(grace.until) > clock().getTime() ? await forms.version(formKey, number) : null;
      if (!older) throw new Problem('version_outdated', { params: { current: current.version } });
      return { ...older, status: current.status };
    },

    /** `before`: the answers that are edited. @throws invalid_input with every fault at `answers.KEY` */
    check(content: FormContent, raw: unknown, before?: Answers): Answers {
      const today = shanghaiDay(clock());
      const { answers, issues } = checkForm(content, raw, { today, regions: regions.lookup, before });
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
        /** Keys that the form's records are sorted by. */
        sorts?: readonly string[];
        imported?: Pick<SubmissionDoc, 'importId' | 'row' | 'beside'>;
      },
    ): SubmissionDoc {
      const { form, answers, by, known, imported } = input;
      const now = clock();
      const _id = new mongo.base.Types.ObjectId();
      const id = String(_id);
      const stored = codec.seal(
        id,
        { formKey: form.key, content: form.content, regionPath: input.scope.regionPath },
        answers,
        known,
      );
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
        listed: stored.listed,
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
      const sort = codec.sort(form.content, answers, input.sorts ?? []);
      if (sort) doc.sort = sort;
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
      const { sorts } = await recordSettings.of(form.key);
      const doc: SubmissionDoc = {
        ...this.build({ ...input, ...match, sorts }),
        ...(requestKey ? { requestKey } : {}),
      };
      const { _id, accountId } = doc;
      await files.claim(caller, { id: _id, formKey: form.key, content: form.content, accountId }, answers);
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
