import { restricted, type RuleBook, type Sight } from '../../../shared/field-policy.ts';
import {
  fieldsOf,
  formatValue,
  isSensitive,
  type Field,
  type FormContent,
  type Locale,
  type Look,
  type RegionLookup,
} from '../../../shared/fields/index.ts';
import { HIDDEN, maskValue } from '../../../shared/fields/projections.ts';
import type { Access } from '../record-settings/index.ts';
import type { SubmissionDoc } from './submissions.model.ts';

/** The rights by which submissions are read and changed. */
export const RECORD_RIGHTS = ['submission.read', 'submission.write'] as const;

/** How a reader sees the answer to a field. */
export type SeeField = (field: Field) => Sight;

/** How a caller sees the answers of one submission. */
export const seeAnswers =
  (access: Access, { formKey, scope }: Pick<SubmissionDoc, 'formKey' | 'scope'>): SeeField =>
  (field) =>
    access.see(formKey, field, scope);

/** What everybody may be shown, whatever the rules say of single roles: for what is kept, as the audit is. */
export const leastSeen =
  (books: ReadonlyMap<string, RuleBook>, formKey: string): SeeField =>
  (field) => {
    const least = restricted(books.get(formKey), field.key);
    return least === 'show' && isSensitive(field) ? 'mask' : least;
  };

/** An answer as text, masked or left out as `see` says; null for none. Every way out of a submission's answers is this one. */
export function showAs(
  see: Sight,
  field: Field | undefined,
  value: unknown,
  locale: Locale,
  names: RegionLookup | Look,
): string | null {
  if (!field || see === 'hide' || value === undefined || value === null) return null;
  const look = 'path' in names ? { regions: names } : names;
  return (see === 'mask' ? maskValue(field, value, locale, look) : formatValue(field, value, locale, look)) || null;
}

/** The same for what is kept: a hidden value leaves a sign that there was one. */
export const keepAs = (
  see: Sight,
  field: Field | undefined,
  value: unknown,
  locale: Locale,
  regions: RegionLookup,
): string | null =>
  see === 'hide' && value !== undefined && value !== null ? HIDDEN : showAs(see, field, value, locale, regions);

/** The field that says a fact of the person, in this version. */
export const mappedTo = (content: FormContent, target: NonNullable<Field['maps']>): Field | undefined =>
  fieldsOf(content).find(({ maps }) => maps === target);
