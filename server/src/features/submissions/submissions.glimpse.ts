import { SIGHTS, type Sight } from '../../../shared/field-policy.ts';
import { fieldsOf, type Answers, type Field, type Locale } from '../../../shared/fields/index.ts';
import { sameJson } from '../../../shared/forms/changes.ts';
import { endsOf, type Mapping } from '../../../shared/forms/mappings.ts';
import type { Deps } from '../../deps.ts';
import type { StaffCaller } from '../../http/index.ts';
import { scoped } from '../scope/index.ts';
import { dayOf, type MigrationRun, type SubmissionMigration } from './submissions.migrate.ts';
import { submissionModel, type SubmissionDoc } from './submissions.model.ts';
import { RECORD_RIGHTS, seeAnswers, showAs, type SeeField } from './submissions.sight.ts';
import type { SubmissionParts } from './submissions.store.ts';

/** Samples that are read at once. */
const MOST_GLIMPSED = 50;

type Fields = ReadonlyMap<string, Field>;
const byKey = (fields: readonly Field[]): Fields => new Map(fields.map((field) => [field.key, field]));
const topKey = (name: string): string => name.split('.')[0]!;
const least = (sights: readonly Sight[]): Sight => SIGHTS[Math.min(...sights.map((one) => SIGHTS.indexOf(one)))]!;

/** The top keys that a field of the new version has its answer from by mappings. */
const sourcesOf = (key: string, mappings: readonly Mapping[]): string[] =>
  mappings
    .map(endsOf)
    .filter(({ to }) => to.some((name) => topKey(name) === key))
    .flatMap(({ from }) => from.map(topKey));

/**
 * How the answer after a migration is seen: never better than what it was made of, or a new key without rules would show what
 * the old one hides. Over several versions nobody knows any more what that was: all that changed counts.
 */
function seeAfter(
  see: SeeField,
  old: Fields,
  { mappings, changed, isNext }: { mappings: readonly Mapping[]; changed: readonly string[]; isNext: boolean },
): SeeField {
  return (field) => {
    const sources = new Set([field.key, ...(isNext ? sourcesOf(field.key, mappings) : changed)]);
    const fields = [...sources].flatMap((key) => old.get(key) ?? []);
    return least([field, ...fields].map(see));
  };
}

/** What a migration does or did to some submissions, as a caller may see it. */
export function createGlimpse(
  { mongo }: Deps,
  { forms, regions, recordSettings, codec, migration }: SubmissionParts & { migration: SubmissionMigration },
) {
  const submissions = submissionModel(mongo);

  /** The answers before and after; null where there is no more to do, nor anything that it did. */
  async function sidesOf(doc: SubmissionDoc, migrationId: string, { target, carry }: GlimpsedRun) {
    const now = codec.open(doc);
    const original = migration.originals(doc).find((one) => one.migrationId === migrationId);
    if (original) return { version: original.version, before: original.answers ?? now, after: now };
    if (doc.version >= target.version) return { version: doc.version, before: now, after: null };
    const { answers } = await carry(doc.version, now, dayOf(doc));
    return { version: doc.version, before: now, after: answers as Answers | null };
  }

  return async function glimpse(
    caller: StaffCaller,
    locale: Locale,
    ids: readonly string[],
    run: GlimpsedRun & { migrationId: string },
  ) {
    const docs = await scoped(submissions, caller, 'submission.read')
      .find({ _id: { $in: ids.slice(0, MOST_GLIMPSED) } })
      .limit(MOST_GLIMPSED)
      .lean<SubmissionDoc[]>();
    const access = await recordSettings.access(caller, RECORD_RIGHTS);
    const found = [];
    for (const doc of docs) {
      const { version, before, after } = await sidesOf(doc, run.migrationId, run);
      const old = fieldsOf((await forms.version(doc.formKey, version))!.content);
      const fields = fieldsOf(run.target.content);
      const see = seeAnswers(access, doc);
      const texts = (all: readonly Field[], answers: Answers, seeOne: SeeField) =>
        all.flatMap((field) => {
          const text = showAs(seeOne(field), field, answers[field.key], locale, regions.lookup);
          return text === null ? [] : [{ key: field.key, text }];
        });
      const keys = new Set([...old, ...fields].map(({ key }) => key));
      const changed = after ? [...keys].filter((key) => !sameJson(before[key], after[key])) : [];
      const isNext = version === run.target.version - 1;
      const seen = seeAfter(see, byKey(old), { mappings: run.target.mappings ?? [], changed, isNext });
      const differing = (all: readonly Field[]) => all.filter(({ key }) => changed.includes(key));
      found.push({
        id: String(doc._id),
        receiptNumber: doc.receiptNumber,
        version: doc.version,
        answers: texts(old, before, see),
        before: texts(differing(old), before, see),
        after: after ? texts(differing(fields), after, seen) : [],
      });
    }
    return found;
  };
}

/** What a glimpse needs to know of a migration. */
export type GlimpsedRun = Pick<MigrationRun, 'target' | 'carry'>;
