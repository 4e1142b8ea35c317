import { checkDraft, citizensContent, type Answers } from '../../../shared/fields/index.ts';
import type { Deps } from '../../deps.ts';
import { Problem } from '../../http/index.ts';
import { shanghaiDay } from '../../infra/clock/index.ts';
import { isDuplicateKey } from '../../infra/mongo/index.ts';
import type { Files } from '../files/index.ts';
import type { Forms } from '../forms/index.ts';
import { draftModel, type DraftDoc } from './submissions.model.ts';

export interface DraftInput {
  version: number;
  answers: unknown;
  step: number;
  /** Of the draft that this one follows; 0 for a first one. */
  rev: number;
}

/** The context under which a draft's answers are sealed. */
export const draftContext = (accountId: string, formKey: string) => `draft:${accountId}:${formKey}`;

/** A citizen's unfinished form, kept on the server so that any device can go on with it. */
export function createDrafts(
  { mongo, cipher, clock }: Deps,
  { forms, files }: { forms: Pick<Forms, 'published' | 'version'>; files: Pick<Files, 'keep' | 'release'> },
) {
  const drafts = draftModel(mongo);
  const answersOf = (draft: DraftDoc): Answers =>
    cipher.openJson<Answers>(draft.sealed, draftContext(draft.accountId, draft.formKey));

  const present = (draft: DraftDoc) => ({
    version: draft.version,
    answers: answersOf(draft),
    step: draft.step,
    rev: draft.rev,
    savedAt: draft.savedAt.toISOString(),
  });

  const find = (accountId: string, formKey: string) => drafts.findOne({ accountId, formKey }).lean<DraftDoc>();

  return {
    /** @throws not_found */
    async get(accountId: string, formKey: string) {
      const draft = await find(accountId, formKey);
      if (!draft) throw new Problem('not_found');
      return present(draft);
    },

    /**
     * Keeps the answers, complete or not. A save that has arrived already (the answer to it was lost) is confirmed.
     * @throws not_found, form_closed, invalid_input, edit_conflict when another device saved since `rev`
     */
    async save(accountId: string, formKey: string, input: DraftInput) {
      const form = await forms.published(formKey);
      const version = await forms.version(formKey, input.version);
      if (!form || !version) throw new Problem('not_found');
      if (form.status !== 'open') throw new Problem('form_closed');
      const { answers, issues } = checkDraft(citizensContent(version.content), input.answers, {
        today: shanghaiDay(clock()),
      });
      if (issues.length) throw new Problem('invalid_input', { issues });
      await files.keep(accountId, version.content, answers);

      const { step, rev } = input;
      const next = {
        version: input.version,
        sealed: cipher.sealJson(answers, draftContext(accountId, formKey)),
        step,
        rev: rev + 1,
        savedAt: clock(),
      };
      const saved =
        rev === 0
          ? await insert()
          : await drafts
              .findOneAndUpdate({ accountId, formKey, rev }, { $set: next }, { returnDocument: 'after' })
              .lean<DraftDoc>();
      if (saved) return present(saved);
      const there = await find(accountId, formKey);
      const same =
        there?.rev === rev + 1 &&
        there.version === input.version &&
        there.step === step &&
        JSON.stringify(answersOf(there)) === JSON.stringify(answers);
      if (!there || !same) throw new Problem('edit_conflict');
      return present(there);

      async function insert(): Promise<DraftDoc | null> {
        try {
          const [made] = await drafts.create([{ accountId, formKey, ...next }]);
          return made!.toObject() as DraftDoc;
        } catch (error) {
          if (isDuplicateKey(error)) return null;
          throw error;
        }
      }
    },

    /** Also when there is none. */
    async remove(accountId: string, formKey: string): Promise<void> {
      await drafts.deleteOne({ accountId, formKey });
      await files.release(accountId, formKey);
    },
  };
}

export type Drafts = ReturnType<typeof createDrafts>;
