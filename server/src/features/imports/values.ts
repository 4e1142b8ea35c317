import { textOf, type Field, type FormContent } from '../../../shared/fields/index.ts';
import { parseCell } from '../../../shared/fields/projections.ts';
import type { Row } from '../../infra/workbook/index.ts';
import { columnFields, type Header } from './header.ts';
import type { ValueRow } from './imports.model.ts';
import type { SheetHead } from './sheet-scan.ts';

/** Texts of one field that a person is asked about; of more, the most frequent. */
const VALUES_A_FIELD = 50;

const hasOptions = (field: Field | undefined): field is Field => Boolean(field?.options?.length);
const isCode = (field: Field, item: unknown) => field.options!.some(({ code }) => code === item);

/** What a cell means, piece by piece: codes of options, or the text where it is none. */
function itemsOf(field: Field, text: string): string[] {
  const value = parseCell(field, text);
  return (Array.isArray(value) ? value : [value]).filter((item): item is string => typeof item === 'string');
}

/** The texts in columns of option fields that are no option, most frequent first. */
export function unknownValues(head: SheetHead, header: Header): Omit<ValueRow, 'code'>[] {
  return header.fields.flatMap((field, at) => {
    if (!hasOptions(field)) return [];
    const counts = new Map<string, number>();
    // Of the whole sheet, without the header and what stands above it.
    const above = head.rows.filter(({ number }) => number <= header.row).map(({ cells }) => cells[at]?.text);
    for (const [text, count] of head.texts[at] ?? []) {
      const left = count - above.filter((one) => one === text).length;
      if (left <= 0) continue;
      for (const item of itemsOf(field, text))
        if (!isCode(field, item)) counts.set(item, (counts.get(item) ?? 0) + left);
    }
    return [...counts]
      .sort(([, a], [, b]) => b - a)
      .slice(0, VALUES_A_FIELD)
      .map(([text, count]) => ({ field: field.key, text, count }));
  });
}

/** Makes rows say what a person said that their texts mean. */
export type Rewrite = (row: Row) => Row;

/** Puts the option's own label where a text stands that was said to mean it. Rows that need nothing stay the same object. */
export function createRewrite(values: readonly ValueRow[], header: Header, content: FormContent): Rewrite {
  const fields = new Map(columnFields(content).map((field) => [field.key, field]));
  const labels = new Map<string, Map<string, string>>();
  for (const { field: key, text, code } of values) {
    const field = fields.get(key);
    const option = field?.options?.find((one) => one.code === code);
    if (option)
      labels.set(key, (labels.get(key) ?? new Map<string, string>()).set(text, textOf(option.label, 'zh-CN')));
  }
  const columns = header.fields.flatMap((field, at) => {
    const known = field && labels.get(field.key);
    return known ? [{ at, field, known }] : [];
  });
  if (columns.length === 0) return (row) => row;

  return (row) => {
    let cells: Row['cells'] | undefined;
    for (const { at, field, known } of columns) {
      const cell = row.cells[at];
      if (!cell || cell.type === 'empty') continue;
      const items = itemsOf(field, cell.text);
      if (!items.some((item) => known.has(item))) continue;
      const text = items.map((item) => known.get(item) ?? labelOf(field, item)).join('；');
      cells ??= [...row.cells];
      cells[at] = { type: 'text', text };
    }
    return cells ? { number: row.number, cells } : row;
  };
}

function labelOf(field: Field, item: string): string {
  const option = field.options!.find(({ code }) => code === item);
  return option ? textOf(option.label, 'zh-CN') : item;
}
