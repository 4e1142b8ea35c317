import { DOCUMENT_LABELS, formatValue, normalise } from '../../../server/shared/fields/index.ts';
import type { AddressValue, DocumentValue, Field, Look } from '../../../server/shared/fields/types.ts';
import { currentLocale, say, t } from '../i18n/index.ts';
import { friendlyDay } from '../i18n/time.ts';
import { groupResidentId } from './document.ts';
import { groupPhone } from './phone.ts';

/** An answer as a citizen reads it: numbers grouped, days in words, units named. Empty for no answer. */
export function answerText(field: Field, raw: unknown, look: Look): string {
  const value = normalise(field, raw);
  const text = formatValue(field, value, currentLocale.value, look);
  if (!text) return typeof value === 'string' ? value : '';
  switch (field.kind) {
    case 'phone':
      return groupPhone(text);
    case 'date':
      return friendlyDay(text);
    case 'consent':
      return t('review.yes');
    case 'integer':
    case 'decimal':
      return field.unit ? `${text} ${say(field.unit)}` : text;
    case 'document': {
      const { type, number } = value as DocumentValue;
      return `${say(DOCUMENT_LABELS[type])} ${groupResidentId(number)}`;
    }
    default:
      return text;
  }
}

/** The region code inside an answer, if there is one. */
export function regionIn(field: Field, value: unknown): string {
  if (field.kind === 'region') return typeof value === 'string' ? value : '';
  return field.kind === 'address' && value ? (value as AddressValue).region : '';
}
