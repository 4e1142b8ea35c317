import { PassThrough, type Readable } from 'node:stream';
import {
  DOCUMENT_LABELS,
  documentTypes,
  fieldsOf,
  textOf,
  type Field,
  type Locale,
} from '../../../shared/fields/index.ts';
import { withCommas, withSemicolons } from '../../../shared/messages/index.ts';
import { writeTemplate } from '../../infra/workbook/index.ts';
import type { PublishedVersion } from '../forms/index.ts';

const WORDS = {
  'zh-CN': {
    notes: '填写说明',
    head: ['栏目', '怎么填'],
    intro: '请从第 3 行开始填写，每行一个人；不要改动表头，也不要用公式。带 * 的栏目必填。',
    required: '必填',
    optional: '选填',
    oneOf: '从下拉列表中选一项',
    manyOf: '可填多项，用顿号隔开：',
    date: '格式：2026-01-31',
    number: '只填数字',
    region: '例：广东省/深圳市/南山区，或六位区划代码',
    address: '例：广东省/深圳市/南山区 科技路1号（地区与详址之间空一格）',
    phone: '11 位手机号',
    document: '身份证直接填号码；其他证件在号码前写证件名称，可用：',
    consent: '填“是”或“否”',
    wrong: '请从列表中选择',
  },
  en: {
    notes: 'How to fill in',
    head: ['Column', 'What to type'],
    intro:
      'Begin in row 3, one person per row. Leave the header as it is and use no formulas. Columns with * are required.',
    required: 'Required',
    optional: 'Optional',
    oneOf: 'Choose one from the list',
    manyOf: 'One or more, separated by commas: ',
    date: 'Like 2026-01-31',
    number: 'Digits only',
    region: 'Like 广东省/深圳市/南山区, or the six-digit code',
    address: 'Like 广东省/深圳市/南山区 科技路1号 (a space between region and detail)',
    phone: 'Mobile number of 11 digits',
    document: 'For a resident ID type the number; for others put the name of the document before it: ',
    consent: 'Type 是 (yes) or 否 (no)',
    wrong: 'Choose from the list',
  },
} as const;

/** What to type into a column, in a sentence. */
function howTo(field: Field, locale: Locale): string {
  const words = WORDS[locale];
  const parts: string[] = [field.required ? (field.visibleWhen ? words.optional : words.required) : words.optional];
  const options = (field.options ?? []).map((option) => textOf(option.label, locale));
  if (field.kind === 'radio' || field.kind === 'select') parts.push(words.oneOf);
  if (field.kind === 'checkbox') parts.push(words.manyOf + withCommas(locale, options));
  if (field.kind === 'integer' || field.kind === 'decimal')
    parts.push(words.number + (field.unit ? ` (${textOf(field.unit, locale)})` : ''));
  if (field.kind === 'document')
    parts.push(
      words.document +
        withCommas(
          locale,
          documentTypes(field).map((type) => textOf(DOCUMENT_LABELS[type], locale)),
        ),
    );
  if (
    field.kind === 'date' ||
    field.kind === 'region' ||
    field.kind === 'address' ||
    field.kind === 'phone' ||
    field.kind === 'consent'
  )
    parts.push(words[field.kind]);
  if (field.hint) parts.push(textOf(field.hint, locale));
  return withSemicolons(locale, parts);
}

/** The Excel template of a form version: one column per field, dropdowns, text cells for what must keep its digits, notes. */
export function templateOf(form: PublishedVersion, locale: Locale): Readable {
  const words = WORDS[locale];
  const fields = fieldsOf(form.content).filter((field) => field.kind !== 'static');
  const out = new PassThrough();
  void writeTemplate(out, {
    sheetName: textOf(form.content.title, locale),
    columns: fields.map((field) => ({
      key: field.key,
      header: textOf(field.label, locale),
      note: howTo(field, locale),
      width: field.kind === 'address' || field.kind === 'textarea' ? 36 : 18,
      text: field.kind !== 'integer' && field.kind !== 'decimal',
      ...(field.kind === 'radio' || field.kind === 'select'
        ? { options: (field.options ?? []).map((option) => textOf(option.label, locale)) }
        : {}),
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
