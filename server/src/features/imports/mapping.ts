import type { FormContent, Issue } from '../../../shared/fields/index.ts';
import type { Deps } from '../../deps.ts';
import { Problem } from '../../http/index.ts';
import {
  columnFields,
  findHeader,
  guessColumns,
  HEADER_MAX,
  headerOf,
  type GuessedColumn,
  type GuessOptions,
} from './header.ts';
import { sealContext, type Column, type ImportDoc, type ImportMapping, type ValueRow } from './imports.model.ts';
import type { Memory } from './memory.ts';
import type { SheetHead } from './sheet-scan.ts';
import { unknownValues } from './values.ts';

/** What a person says; what is left out is found or guessed. */
export interface MappingChoice {
  sheet: number;
  headerRow?: number | undefined;
  columns?: readonly (string | null)[] | undefined;
  values?: readonly Omit<ValueRow, 'count'>[] | undefined;
}

type Named = Pick<ImportDoc, '_id' | 'formKey'>;

const SAMPLES = 3;
const SAMPLE_CHARS = 60;
const HEADER_CHARS = 100;

export type Mappings = ReturnType<typeof createMappings>;

/** Makes mappings of sheets: found and guessed, or as a person says. */
export function createMappings({ cipher }: Deps, memory: Memory) {
  const open = <T>(importId: unknown, sealed: string) => cipher.openJson<T>(sealed, sealContext(String(importId)));
  const seal = (importId: unknown, value: unknown) => cipher.sealJson(value, sealContext(String(importId)));

  return {
    open,
    seal,
    columns: (doc: ImportDoc): Column[] => (doc.mapping ? open<Column[]>(doc._id, doc.mapping.columns) : []),
    values: (doc: ImportDoc): ValueRow[] => (doc.mapping ? open<ValueRow[]>(doc._id, doc.mapping.values) : []),

    /** How a form's headers are guessed, with what people said before. */
    async guessing(form: string, content: FormContent, head: SheetHead): Promise<GuessOptions> {
      const first = head.rows.filter(({ number }) => number <= HEADER_MAX);
      const texts = first.flatMap(({ cells }) => cells.map(({ text }) => text));
      return { form, content, remembered: await memory.headers(form, texts) };
    },

    /**
     * The mapping that a person's choice comes to.
     * @throws Problem invalid_input for a field or an option that the form doesn't have, or a field given twice
     */
    async choose(doc: Named, content: FormContent, head: SheetHead, choice: MappingChoice): Promise<ImportMapping> {
      assertKnown(content, choice);
      const options = await this.guessing(doc.formKey, content, head);
      const { headerRow: row } = choice;
      const found =
        row === undefined ? findHeader(head.rows, options) : { row, columns: guessColumns(head.rows, row, options) };
      return this.write(doc, content, head, choice, found);
    },

    /** The mapping with the columns as they were found, unless the choice says others. */
    async write(
      { _id, formKey }: Named,
      content: FormContent,
      head: SheetHead,
      { sheet, columns: chosen, values: said = [] }: MappingChoice,
      found: { row: number; columns: readonly GuessedColumn[] },
    ): Promise<ImportMapping> {
      const columns = columnsOf(head, found.row);
      const fields = columns.map((_, at) => (chosen ? (chosen[at] ?? null) : (found.columns[at]?.field?.key ?? null)));
      const guessed = columns.map((_, at) => {
        const guess = found.columns[at];
        return guess && (guess.field?.key ?? null) === fields[at] ? guess.guessed : null;
      });
      const mapping = { sheet, headerRow: found.row, fields, guessed, columns: seal(_id, columns), values: '' };
      const unknown = unknownValues(head, headerOf(mapping, content));
      const recalled = await memory.values(formKey, unknown);
      const byText = new Map(said.map((one) => [`${one.field}\n${one.text}`, one.code]));
      const isOption = (field: string, code: string | null) =>
        columnFields(content).some(({ key, options }) => key === field && options?.some((one) => one.code === code));
      const values = unknown.map(({ field, text, count }): ValueRow => {
        const code = byText.has(`${field}\n${text}`) ? byText.get(`${field}\n${text}`)! : recalled(field, text);
        return { field, text, count, code: isOption(field, code) ? code : null };
      });
      return { ...mapping, values: seal(_id, values) };
    },
  };
}

/**
 * Every column of a sheet that holds something, with its header and some of what stands below. Of a sheet that was not looked
 * through (nobody is asked), every column of its beginning.
 */
function columnsOf({ rows, texts }: SheetHead, headerRow: number): Column[] {
  const width = rows.reduce(
    (most, { cells }) => Math.max(most, cells.findLastIndex(({ text }) => text.trim() !== '') + 1),
    texts.length,
  );
  const header = rows.find(({ number }) => number === headerRow)?.cells ?? [];
  const below = rows.filter(({ number }) => number > headerRow);
  return Array.from({ length: width }, (_, at) => {
    const samples = new Set<string>();
    for (const { cells } of below) {
      const text = cells[at]?.text.trim() ?? '';
      if (text !== '' && samples.size < SAMPLES) samples.add(text.slice(0, SAMPLE_CHARS));
    }
    return { header: (header[at]?.text ?? '').trim().slice(0, HEADER_CHARS), samples: [...samples] };
  });
}

function assertKnown(content: FormContent, { columns = [], values = [] }: MappingChoice): void {
  const fields = new Map(columnFields(content).map((field) => [field.key, field]));
  const issues: Issue[] = [];
  const seen = new Set<string>();
  for (const [at, key] of columns.entries()) {
    if (key === null) continue;
    if (!fields.has(key)) issues.push({ path: `body.columns.${at}`, code: 'unknown_field' });
    else if (seen.has(key)) issues.push({ path: `body.columns.${at}`, code: 'duplicate_parameter' });
    seen.add(key);
  }
  for (const [at, { field, code }] of values.entries()) {
    const options = fields.get(field)?.options;
    if (!options) issues.push({ path: `body.values.${at}.field`, code: 'unknown_field' });
    else if (code !== null && !options.some((option) => option.code === code))
      issues.push({ path: `body.values.${at}.code`, code: 'unknown_option' });
  }
  if (issues.length) throw new Problem('invalid_input', { issues });
}
