import type { Fault, Field } from '../../../server/shared/fields/types.ts';
import { sayFieldFault } from '../i18n/field-texts.ts';
import { say } from '../i18n/index.ts';
import { currentLocale } from '../i18n/index.ts';
import type { ErrorLine } from '../ui/ErrorSummary.vue';
import { controlId } from './widget.ts';

/** The field at a path (`name`, `members.0.name`), with those above it and the record's number. */
function fieldAt(fields: Field[], path: string): { field: Field; label: string } | null {
  const [key, at, inner] = path.split('.');
  const field = fields.find((each) => each.key === key);
  if (!field) return null;
  const member = inner && field.fields && field.fields.find((each) => each.key === inner);
  const name = ({ label }: Field) => say(label).replace(/[？?：:。.]\s*$/, '');
  return member
    ? { field: member, label: `${name(field)} ${Number(at) + 1} · ${name(member)}` }
    : { field, label: name(field) };
}

/** The sentence for each fault, by the path of its field. */
export function errorSentences(fields: Field[], faults: Record<string, Fault>): Record<string, string> {
  const sentences: Record<string, string> = {};
  Object.keys(faults).forEach((path) => {
    const found = fieldAt(fields, path);
    if (found) sentences[path] = sayFieldFault(faults[path]!, found.field);
  });
  return sentences;
}

/** The same sentences for the summary in the order of the fields, each after its field's name and linked to its first control. */
export function errorLines(fields: Field[], faults: Record<string, Fault>): ErrorLine[] {
  const sentences = errorSentences(fields, faults);
  const colon = currentLocale.value === 'en' ? ': ' : '：';
  const lines: ErrorLine[] = [];
  fields.forEach(({ key }) => {
    Object.keys(sentences)
      .filter((path) => path.split('.')[0] === key)
      .forEach((path) =>
        lines.push({
          target: controlId(path),
          sentence: `${fieldAt(fields, path)!.label}${colon}${sentences[path]}`,
        }),
      );
  });
  return lines;
}
