import { fieldsOf, isAsked, type Field, type FormContent } from '../../../shared/fields/index.ts';
import type { Text } from '../../../shared/fields/types.ts';
import { textOf } from '../../../shared/fields/kinds/kind.ts';
import { readTemplateKeys, type Row } from '../../infra/workbook/index.ts';
import type { Guess, ImportMapping } from './imports.model.ts';
import { synonymsOf } from './synonyms.ts';

/** Where the columns of a file go. */
export interface Header {
  /** By column; undefined: a column that the form does not know. */
  fields: (Field | undefined)[];
  /** The file's row of the header; data begins after it. */
  row: number;
}

/** How far down a header is looked for: above it there may be a title and notes. */
const HEADER_WITHIN = 10;
/** How far down a person may say that it is. */
export const HEADER_MAX = 20;

/** Our template has its keys in row 1, hidden, and the labels in row 2. */
const TEMPLATE_HEADER_ROW = 2;

/** A header's text as it is compared: without blanks, marks and case. */
export const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\s*:：]/g, '')
    .toLowerCase();

/** The fields that a column may fill. */
export const columnFields = (content: FormContent): Field[] => fieldsOf(content).filter(isAsked);

/** The fields without a column that no row can do without. */
export const missingFields = (content: FormContent, given: readonly (Field | string | null | undefined)[]): Field[] =>
  columnFields(content).filter(
    (field) => field.required && !field.visibleWhen && !given.includes(field) && !given.includes(field.key),
  );

/** Names of missing fields, for a sentence: so many as anybody reads. */
export const namesIn = (missing: readonly Field[]): Text[] => missing.slice(0, 10).map(({ label }) => label);

/** The header that a mapping says. */
export function headerOf({ headerRow, fields }: ImportMapping, content: FormContent): Header {
  const byKey = new Map(columnFields(content).map((field) => [field.key, field]));
  return { row: headerRow, fields: fields.map((key) => (key === null ? undefined : byKey.get(key))) };
}

/** What a header was said to mean before: a field's key, null for nothing, undefined when nobody said. */
export type Remembered = (header: string) => string | null | undefined;

export interface GuessedColumn {
  field: Field | null;
  guessed: Guess | null;
}

export interface GuessOptions {
  form: string;
  content: FormContent;
  remembered?: Remembered;
}

/**
 * What each column holds, by the hidden keys of our template, what people said before, the fields' labels or keys, words
 * that mean the same. Each field has one column at most: the one that names it best, then the first.
 */
export function guessColumns(
  rows: readonly Row[],
  headerRow: number,
  { form, content, remembered = () => undefined }: GuessOptions,
): GuessedColumn[] {
  const texts = (rows.find(({ number }) => number === headerRow)?.cells ?? []).map(({ text }) => text);
  const fields = columnFields(content);
  const byKey = new Map(fields.map((field) => [field.key, field]));
  const template = headerRow === TEMPLATE_HEADER_ROW ? readTemplateKeys(rows[0]) : null;
  const keys = template?.meta['form'] === form ? template.keys : [];
  const labels = new Map<string, Field>();
  for (const field of fields)
    for (const name of [field.key, textOf(field.label, 'en'), field.label['zh-CN']]) labels.set(plain(name), field);
  const words = new Map(synonymsOf(fields).map(({ field, word }) => [plain(word), field]));

  const columns: GuessedColumn[] = Array.from({ length: Math.max(texts.length, keys.length) }, () => ({
    field: null,
    guessed: null,
  }));
  const taken = new Set<Field>();
  const settled = new Set<number>();
  const pass = (guess: Guess, find: (column: number) => Field | null | undefined) => {
    for (const [at] of columns.entries()) {
      const field = settled.has(at) ? undefined : find(at);
      if (field === undefined || (field && taken.has(field))) continue;
      columns[at] = { field, guessed: guess };
      settled.add(at);
      if (field) taken.add(field);
    }
  };
  const named = (names: ReadonlyMap<string, Field>) => (at: number) =>
    namesOf(texts[at] ?? '')
      .map((name) => names.get(name))
      .find(Boolean);
  pass('template', (at) => byKey.get(keys[at] ?? ''));
  pass('remembered', (at) => {
    const means = texts[at]?.trim() ? remembered(texts[at]) : undefined;
    return means === null ? null : byKey.get(means ?? '');
  });
  pass('label', named(labels));
  pass('synonym', named(words));
  return columns;
}

/** A header, and the same without what stands in brackets: `手机号（必填）`. */
function namesOf(header: string): string[] {
  const whole = plain(header);
  const bare = plain(header.normalize('NFKC').replace(/\([^)]*\)|\[[^\]]*\]|【[^】]*】/g, ''));
  return [whole, bare].filter(Boolean);
}

/** A row with how many fields it names. */
export interface FoundHeader {
  row: number;
  columns: GuessedColumn[];
  score: number;
}

/**
 * The row that names most fields: that of our template, or the first of the best among the first rows. A file that names
 * none is taken to begin with its header.
 */
export function findHeader(rows: readonly Row[], options: GuessOptions): FoundHeader {
  const template = readTemplateKeys(rows[0]);
  const candidates =
    template?.meta['form'] === options.form
      ? [TEMPLATE_HEADER_ROW]
      : rows.filter(({ number }) => number <= HEADER_WITHIN).map(({ number }) => number);
  const found = candidates.map((row): FoundHeader => {
    const columns = guessColumns(rows, row, options);
    return { row, columns, score: columns.filter(({ field }) => field).length };
  });
  const best = found.reduce<FoundHeader | undefined>(
    (before, one) => (before && before.score >= one.score ? before : one),
    undefined,
  );
  return best ?? { row: rows[0]?.number ?? 1, columns: [], score: 0 };
}

/** A header that needs no person: the template's keys or the fields' own names, for every field that a row needs. */
export const isCertain = ({ columns }: FoundHeader, content: FormContent): boolean =>
  columns.some(({ field }) => field) &&
  missingFields(
    content,
    columns.map(({ field, guessed }) => (guessed === 'template' || guessed === 'label' ? field : null)),
  ).length === 0;

/** Without what is only likely: as an import without a person takes it. */
export const onlyCertain = (columns: readonly GuessedColumn[]): GuessedColumn[] =>
  columns.map((column) =>
    column.guessed === 'template' || column.guessed === 'label' ? column : { field: null, guessed: null },
  );
