import type { Types } from 'mongoose';
import { fieldsOf, type FileValue, type FormContent, type Issue } from '../../../shared/fields/index.ts';
import { isFileKind } from '../../../shared/fields/kinds/attachment.ts';
import type { Deps } from '../../deps.ts';
import { Problem, type CitizenCaller, type StaffCaller } from '../../http/index.ts';
import { fileModel, valueOf, type FileDoc } from './files.model.ts';

const DAY_MS = 24 * 3_600_000;
/** A draft that goes at night, and a day for whoever is just sending it. */
const AFTER_DRAFT_MS = 2 * DAY_MS;

interface Held {
  key: string;
  value: FileValue;
}

/** The files in a form's answers. */
export function filesIn(content: FormContent, answers: Readonly<Record<string, unknown>>): Held[] {
  return fieldsOf(content).flatMap(({ key, kind }) => {
    const value = answers[key];
    return isFileKind(kind) && Array.isArray(value) ? value.map((one: FileValue) => ({ key, value: one })) : [];
  });
}

const said = ({ id, name, type, bytes }: FileValue): string => JSON.stringify([id, name, type, bytes]);

/** Whose the files in answers are, and how long they stay. */
export function createFileClaims({
  mongo,
  cipher,
  clock,
  config,
}: Pick<Deps, 'mongo' | 'cipher' | 'clock' | 'config'>) {
  const files = fileModel(mongo);

  return {
    /**
     * The second look at answers with files, and their taking over by the submission: each new one was uploaded by the caller for
     * this field and says of itself what was found in it; each old one stays as it was. Call it in the transaction that writes
     * the submission. @throws invalid_input
     */
    async claim(
      caller: CitizenCaller | StaffCaller,
      submission: { id: Types.ObjectId; formKey: string; content: FormContent; accountId?: string | null | undefined },
      answers: Readonly<Record<string, unknown>>,
      before: Readonly<Record<string, unknown>> = {},
    ): Promise<void> {
      const held = filesIn(submission.content, answers);
      if (held.length === 0) return;
      const old = new Map(filesIn(submission.content, before).map(({ key, value }) => [`${key} ${value.id}`, value]));
      const isNew = ({ key, value }: Held) => !old.has(`${key} ${value.id}`);
      const asked = held.filter(isNew);
      const own = { owner: caller.accountId, submissionId: null, ready: true };
      const ids = asked.map(({ value }) => value.id);
      const docs = ids.length ? await files.find({ _id: { $in: ids }, ...own }).lean<FileDoc[]>() : [];
      const known = new Map(docs.map((doc) => [String(doc._id), doc]));
      const isRight = (one: Held): boolean => {
        if (!isNew(one)) return said(one.value) === said(old.get(`${one.key} ${one.value.id}`)!);
        const doc = known.get(one.value.id);
        return (
          doc?.formKey === submission.formKey && doc.field === one.key && said(valueOf(cipher, doc)) === said(one.value)
        );
      };
      const wrong = new Set(held.filter((one) => !isRight(one)).map(({ key }) => key));
      const issues = [...wrong].map((key): Issue => ({ path: `answers.${key}`, code: 'unknown_file' }));
      if (issues.length) throw new Problem('invalid_input', { issues });
      if (ids.length === 0) return;
      const { modifiedCount } = await files.updateMany(
        { _id: { $in: ids }, ...own },
        {
          $set: { submissionId: submission.id, owner: submission.accountId ?? null, keepUntil: null },
          $unset: { digest: 1 },
        },
      );
      // Another submission took one of them at this moment.
      if (modifiedCount !== ids.length) throw new Problem('conflict');
    },

    /** Keeps the files of a draft as long as the draft. */
    async keep(accountId: string, content: FormContent, answers: Readonly<Record<string, unknown>>): Promise<void> {
      const ids = filesIn(content, answers).map(({ value }) => value.id);
      if (ids.length === 0) return;
      const keepUntil = new Date(+clock() + config.draftDays * DAY_MS + AFTER_DRAFT_MS);
      await files.updateMany({ _id: { $in: ids }, owner: accountId, submissionId: null }, { $max: { keepUntil } });
    },

    /** Lets go of what an account uploaded for a form and did not send; it is swept soon. */
    async release(accountId: string, formKey: string): Promise<void> {
      await files.updateMany(
        { owner: accountId, formKey, submissionId: null },
        { $set: { keepUntil: clock() }, $unset: { digest: 1 } },
      );
    },

    /** Lets go of the files of submissions that are removed for good. Call it in the transaction that does. */
    async releaseOf(submissionIds: readonly Types.ObjectId[]): Promise<void> {
      await files.updateMany(
        { submissionId: { $in: submissionIds } },
        { $set: { owner: null, submissionId: null, ready: false, keepUntil: clock() } },
      );
    },

    /** Moves an account's files to the account that it goes into. */
    async adopt(from: string, to: string): Promise<void> {
      await files.updateMany({ owner: from }, { $set: { owner: to }, $unset: { digest: 1 } });
    },
  };
}

export type FileClaims = ReturnType<typeof createFileClaims>;
