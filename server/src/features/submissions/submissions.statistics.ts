import type { PipelineStage } from 'mongoose';
import { fieldsOf, textOf, type Locale } from '../../../shared/fields/index.ts';
import { groupsOf, isChosen, isDimension } from '../../../shared/fields/projections.ts';
import { SMALLEST_CELL, suppressSmall } from '../../../shared/small-cells.ts';
import type { Deps } from '../../deps.ts';
import { Problem, type StaffCaller } from '../../http/index.ts';
import { scoped } from '../scope/index.ts';
import { ACTIVE_STATUSES, submissionModel } from './submissions.model.ts';
import { RECORD_RIGHTS } from './submissions.sight.ts';
import type { SubmissionParts } from './submissions.store.ts';

/** Ends before the request does, ms. */
const MOST_MS = 6_000;

/** Different answers that are looked at; numbers and days have many. */
const MOST_VALUES = 10_000;

/** How many records of a form answered what, within the caller's scope; small numbers left out. */
export function createSubmissionStatistics(
  { mongo }: Pick<Deps, 'mongo'>,
  { forms, regions, recordSettings }: Pick<SubmissionParts, 'forms' | 'regions' | 'recordSettings'>,
) {
  const submissions = submissionModel(mongo);

  /** @throws not_found for an unknown form, invalid_input for a field that can't be counted by or may not be seen */
  return async function statistics(caller: StaffCaller, locale: Locale, form: string, key: string) {
    const current = await forms.published(form);
    if (!current) throw new Problem('not_found');
    const field = fieldsOf(current.content).find((one) => one.key === key);
    const refuse = (code: string) => new Problem('invalid_input', { issues: [{ path: 'query.by', code }] });
    if (!field || !isDimension(field)) throw refuse('unknown_option');
    const access = await recordSettings.access(caller, RECORD_RIGHTS);
    // A count of ones is a list of who said what: as searching by the field.
    if (!access.maySearch(form, field)) throw refuse('field_right');
    const stages: PipelineStage[] = [
      { $match: { formKey: form, deletedAt: null, status: { $in: [...ACTIVE_STATUSES] } } },
      { $group: { _id: `$answers.${key}`, count: { $sum: 1 } } },
      { $limit: MOST_VALUES },
    ];
    const found = await scoped(submissions, caller, 'submission.read')
      .aggregate<{ _id: unknown; count: number }>(stages)
      .option({ maxTimeMS: MOST_MS });
    // All options, also those that nobody chose; then what the answers bring, and no answer.
    const cells = new Map<string | null, { value: string | null; text: string; count: number }>();
    for (const { code, label } of isChosen(field) ? (field.options ?? []) : [])
      cells.set(code, { value: code, text: textOf(label, locale), count: 0 });
    for (const { _id: value, count } of found) {
      const groups = groupsOf(field, value ?? undefined, locale, { regions: regions.lookup });
      for (const { code, text } of groups.length ? groups : [{ code: null, text: '' }]) {
        const cell = cells.get(code) ?? { value: code, text, count: 0 };
        cells.set(code, { ...cell, count: cell.count + count });
      }
    }
    return { field: key, smallest: SMALLEST_CELL, cells: suppressSmall([...cells.values()]) };
  };
}

export type SubmissionStatistics = ReturnType<typeof createSubmissionStatistics>;
