import { PassThrough, type Readable } from 'node:stream';
import { fieldsOf, isAsked, textOf, type Field, type Locale } from '../../../shared/fields/index.ts';
import { columnOf, howToFill } from '../../../shared/fields/projections.ts';
import { withSemicolons } from '../../../shared/messages/index.ts';
import { writeTemplate } from '../../infra/workbook/index.ts';
import type { PublishedVersion } from '../forms/index.ts';

const WORDS = {
  'zh-CN': {
    notes: '填写说明',
    head: ['栏目', '怎么填'],
    intro: '请从第 3 行开始填写，每行一个人；不要改动表头，也不要用公式。带 * 的栏目必填。',
    required: '必填',
    optional: '选填',
    wrong: '请从列表中选择',
  },
  en: {
    notes: 'How to fill in',
    head: ['Column', 'What to type'],
    intro:
      'Begin in row 3, one person per row. Leave the header as it is and use no formulas. Columns with * are required.',
    required: 'Required',
    optional: 'Optional',
    wrong: 'Choose from the list',
  },
} as const;

/** What to type into a column, in a sentence. */
function howTo(field: Field, locale: Locale): string {
  const words = WORDS[locale];
  const parts: string[] = [field.required ? (field.visibleWhen ? words.optional : words.required) : words.optional];
  const how = howToFill(field, locale);
  if (how) parts.push(how);
  if (field.hint) parts.push(textOf(field.hint, locale));
  return withSemicolons(locale, parts);
}

/** The Excel template of a form version: one column per field, dropdowns, text cells for what must keep its digits, notes. */
export function templateOf(form: PublishedVersion, locale: Locale): Readable {
  const words = WORDS[locale];
  const fields = fieldsOf(form.content).filter(isAsked);
  const out = new PassThrough();
  void writeTemplate(out, {
    sheetName: textOf(form.content.title, locale),
    columns: fields.map((field) => ({
      key: field.key,
      header: textOf(field.label, locale),
      note: howTo(field, locale),
      width: columnOf(field).width,
      text: !columnOf(field).number,
      ...(columnOf(field).list ? { options: (field.options ?? []).map((option) => textOf(option.label, locale)) } : {}),
      required: Boolean(field.required && !field.visibleWhen),
    })),
    notesSheet: [
      [words.intro],
      [...words.head],
      ...fields.map((field) => [textOf(field.label, locale), howTo(field, locale)]),
    ],
    notesTitle: words.notes,
    optionsError: words.wrong,
    meta: { form: form.key, version: String(form.version) },
  }).catch((err: unknown) => out.destroy(err as Error));
  return out;
}
