import { fieldsOf, type Locale } from '../../../shared/fields/index.ts';
import type { Deps } from '../../deps.ts';
import { Problem, type StaffCaller } from '../../http/index.ts';
import { scoped } from '../scope/index.ts';
import type { SubmissionMigration } from './submissions.migrate.ts';
import { submissionModel, type SubmissionDoc } from './submissions.model.ts';
import { rulesOf } from './submissions.rules.ts';
import { RECORD_RIGHTS, seeAnswers, showAs } from './submissions.sight.ts';
import type { SubmissionParts } from './submissions.store.ts';

/** Under which versions a submission was, when, and with which answers before each migration. */
export function createSubmissionVersions(
  { mongo }: Deps,
  { forms, regions, recordSettings, migration }: SubmissionParts & { migration: SubmissionMigration },
) {
  const submissions = submissionModel(mongo);

  /** How a caller sees the answers of one submission as those of a version. */
  async function shown(
    doc: SubmissionDoc,
    version: number,
    answers: Record<string, unknown>,
    caller: StaffCaller,
    locale: Locale,
  ) {
    const content = (await forms.version(doc.formKey, version))?.content;
    const see = seeAnswers(await recordSettings.access(caller, RECORD_RIGHTS), doc);
    return (content ? fieldsOf(content) : []).flatMap((field) => {
      const text = showAs(see(field), field, answers[field.key], locale, regions.lookup);
      return text === null ? [] : [{ key: field.key, text }];
    });
  }

  return {
    /** @throws not_found */
    async of(caller: StaffCaller, locale: Locale, id: string) {
      const doc = await scoped(submissions, caller, 'submission.read').findOne({ _id: id }).lean<SubmissionDoc>();
      if (!doc) throw new Problem('not_found');
      const originals = [];
      for (const { migrationId, version, at, answers } of migration.originals(doc))
        originals.push({
          migrationId,
          version,
          at,
          answers: answers && (await shown(doc, version, answers, caller, locale)),
        });
      const rules = [];
      for (const step of rulesOf(doc)) {
        const form = await forms.version(doc.formKey, step.version);
        rules.push({ ...step, publishedAt: form!.publishedAt, publishedBy: form!.publishedBy });
      }
      return { version: doc.version, rules, originals };
    },
  };
}

export type SubmissionVersions = ReturnType<typeof createSubmissionVersions>;
