import { textOf, type Locale, type Text } from '../../../shared/fields/index.ts';
import { Problem } from '../../http/index.ts';
import type { CellInput, SheetColumn } from '../../infra/workbook/index.ts';

/** A column of an export: how it is called and what it shows of an item. */
export interface Column<T> {
  key: string;
  label: Text;
  width?: number;
  show(item: T): CellInput;
}

/** The columns asked for, in their order. @throws invalid_input naming those that don't exist */
export function choose<T>(
  all: readonly Column<T>[],
  wanted: readonly string[] | null,
  where: 'body' | 'query',
): Column<T>[] {
  if (!wanted) return [...all];
  const found = wanted.map((key) => all.find((column) => column.key === key));
  const issues = found.flatMap((column, at) =>
    column ? [] : [{ path: where === 'body' ? `body.columns.${at}` : 'query.columns', code: 'unknown_option' }],
  );
  if (issues.length) throw new Problem('invalid_input', { issues });
  return [...new Set(found)] as Column<T>[];
}

/** As the workbook writer wants them. Everything is a text cell: numbers of people and phones keep their digits. */
export const sheetColumns = <T>(columns: readonly Column<T>[], locale: Locale): SheetColumn[] =>
  columns.map(({ label, width }) => ({ header: textOf(label, locale), width: width ?? 18, textFormat: true }));

/** Opens each item once, whatever the columns; they are shown one item after another. */
export function openedOnce<T extends object, R>(open: (item: T) => R): (item: T) => R {
  let last: { item: T; opened: R } | undefined;
  return (item) => {
    if (last?.item !== item) last = { item, opened: open(item) };
    return last.opened;
  };
}
