import type { Fault, Field } from '../../../server/shared/fields/types.ts';
import { sayFieldFault } from '../i18n/field-texts.ts';
import { say } from '../i18n/index.ts';
import { currentLocale } from '../i18n/index.ts';
import type { ErrorLine } from '../ui/ErrorSummary.vue';
import { controlId } from './widget.ts';

/** The sentence for each fault, by field key. */
export function errorSentences(fields: Field[], faults: Record<string, Fault>): Record<string, string> {
  const sentences: Record<string, string> = {};
  fields.forEach((field) => {
    const found = faults[field.key];
    if (found) sentences[field.key] = sayFieldFault(found, field);
  });
  return sentences;
}

/** The same sentences for the summary, each after its field's name and linked to its first control. */
export function errorLines(fields: Field[], faults: Record<string, Fault>): ErrorLine[] {
  const sentences = errorSentences(fields, faults);
  const colon = currentLocale.value === 'en' ? ': ' : '：';
  return fields
    .filter(({ key }) => sentences[key])
    .map(({ key, label }) => ({
      target: controlId(key),
      sentence: `${say(label).replace(/[？?：:。.]\s*$/, '')}${colon}${sentences[key]}`,
    }));
}
