import { textOf, type Locale, type Text } from '../../../shared/fields/index.ts';
import { Problem } from '../../http/index.ts';
import type { CellInput, SheetColumn } from '../../infra/workbook/index.ts';

/** A column of an export: how it is called and what it shows of an item. */
export interface Column<T> {
  key: string;
  label: Text;
  width?: number;
  show: (item: T) => CellInput;
}

/** The columns asked for, in their order. @throws invalid_input naming one that does not exist */
export function choose<T>(all: readonly Column<T>[], wanted: string | undefined): Column<T>[] {
  if (!wanted) return [...all];
  return [...new Set(wanted.split(','))].map((key) => {
    const column = all.find((candidate) => candidate.key === key);
    if (!column) throw new Problem('invalid_input', { issues: [{ path: 'query.columns', code: 'unknown_option' }] });
    return column;
  });
}

/** As the workbook writer wants them. Everything is a text cell: numbers of people and phones keep their digits. */
export const sheetColumns = (columns: readonly Column<never>[], locale: Locale): SheetColumn[] =>
  columns.map(({ label, width }) => ({ header: textOf(label, locale), width: width ?? 18, textFormat: true }));
