import { DOCUMENT_LABELS, formatWithUnit, normalise } from '../../../server/shared/fields/index.ts';
import type { AddressValue, DocumentValue, Field, Look } from '../../../server/shared/fields/types.ts';
import { currentLocale, say, t } from '../i18n/index.ts';
import { friendlyDay } from '../i18n/time.ts';
import { groupResidentId } from './document.ts';
import { groupPhone } from './phone.ts';

/** An answer as a citizen reads it: numbers grouped, days in words, units named. Empty for no answer. */
export function answerText(field: Field, raw: unknown, look: Look): string {
  const value = normalise(field, raw);
  if (field.fields && Array.isArray(value))
    return value.map((row: Record<string, unknown>) => recordText(field.fields!, row, look)).join('\n');
  const text = formatWithUnit(field, value, currentLocale.value, look);
  if (!text) return typeof value === 'string' ? value : '';
  switch (field.kind) {
    case 'phone':
      return groupPhone(text);
    case 'date':
      return friendlyDay(text);
    case 'consent':
      return t('review.yes');
    case 'datetime':
      return `${friendlyDay(text.slice(0, 10))} ${text.slice(11)}`;
    case 'document': {
      const { type, number } = value as DocumentValue;
      return `${say(DOCUMENT_LABELS[type])} ${groupResidentId(number)}`;
    }
    default:
      return text;
  }
}

/** A record of a group as a line. */
function recordText(fields: Field[], row: Record<string, unknown>, look: Look): string {
  const en = currentLocale.value === 'en';
  return fields
    .map((field) => [say(field.label), answerText(field, row[field.key], look)])
    .filter(([, text]) => text)
    .map((pair) => pair.join(en ? ': ' : '：'))
    .join(en ? '; ' : '；');
}

/** The region codes inside an answer. */
export function regionsIn(field: Field, value: unknown): string[] {
  if (field.kind === 'region') return typeof value === 'string' ? [value] : [];
  if (field.kind === 'address') return value ? [(value as AddressValue).region] : [];
  if (!field.fields || !Array.isArray(value)) return [];
  const inner = field.fields;
  return (value as Record<string, unknown>[]).reduce<string[]>(
    (codes, row) => inner.reduce((all, each) => all.concat(regionsIn(each, row[each.key])), codes),
    [],
  );
}
