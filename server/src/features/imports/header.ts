import { textOf } from '../../../shared/fields/kinds/kind.ts';
import { fieldsOf, type Field, type FormContent } from '../../../shared/fields/index.ts';
import { readTemplateKeys, type Row } from '../../infra/workbook/index.ts';

/** Where the columns of a file go. */
export interface Header {
  /** By column; undefined: a column that the form does not know. */
  fields: (Field | undefined)[];
  /** The file's row of the header; data begins after it. */
  row: number;
}

/** How far down a header is looked for: above it there may be a title and notes. */
export const HEADER_WITHIN = 10;

const plain = (text: string) =>
  text
    .normalize('NFKC')
    .replace(/[\s*＊:：]/g, '')
    .toLowerCase();

/** Our template has its keys in row 1, hidden, and the labels in row 2. */
const TEMPLATE_HEADER_ROW = 2;

/**
 * The header of a file: the hidden keys of our template, or the row that names the form's fields by label (either language)
 * or key. Null when there is no row that names all required fields that do not depend on others, or the template is another
 * form's.
 */
export function findHeader(rows: readonly Row[], form: string, content: FormContent): Header | null {
  const fields = fieldsOf(content).filter((field) => field.kind !== 'static');
  const template = readTemplateKeys(rows[0]);
  if (template) {
    if (template.meta['form'] !== form) return null;
    const byKey = new Map(fields.map((field) => [field.key, field]));
    return { row: TEMPLATE_HEADER_ROW, fields: unique(template.keys.map((key) => (key ? byKey.get(key) : undefined))) };
  }
  const names = new Map<string, Field>();
  for (const field of fields) {
    for (const name of [field.key, field.label['zh-CN'], textOf(field.label, 'en')]) names.set(plain(name), field);
  }
  const needed = fields.filter((field) => field.required && !field.visibleWhen);
  const candidates = rows
    .filter((row) => row.number <= HEADER_WITHIN)
    .map((row) => ({ row: row.number, fields: unique(row.cells.map((cell) => names.get(plain(cell.text)))) }))
    .filter((header) => needed.every((field) => header.fields.includes(field)) && header.fields.some(Boolean));
  return candidates[0] ?? null;
}

/** The labels of required columns that the best row lacks; for saying what is wrong with a file. */
export function missingColumns(rows: readonly Row[], content: FormContent): string[] {
  const texts = new Set(
    rows.filter((row) => row.number <= HEADER_WITHIN).flatMap((row) => row.cells.map((cell) => plain(cell.text))),
  );
  return fieldsOf(content)
    .filter(
      (field) =>
        field.required &&
        !field.visibleWhen &&
        field.kind !== 'static' &&
        !texts.has(plain(field.label['zh-CN'])) &&
        !texts.has(plain(field.key)),
    )
    .map((field) => field.label['zh-CN']);
}

/** A label that stands twice fills its field once; the second column is ignored. */
function unique(fields: (Field | undefined)[]): (Field | undefined)[] {
  const seen = new Set<Field>();
  return fields.map((field) => {
    if (!field || seen.has(field)) return undefined;
    seen.add(field);
    return field;
  });
}
