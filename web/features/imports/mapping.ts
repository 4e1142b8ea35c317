import type { ImportValue, ImportView, MappingInput } from './imports.types.ts';

/** What a person has said so far, while it is edited. */
export interface MappingDraft {
  sheet: number;
  headerRow: number;
  /** Fields by column; null: left out. */
  fields: (string | null)[];
  values: ImportValue[];
  duplicates: ImportView['duplicates'];
}

/** The mapping of an import as something to edit. */
export const draftOf = (view: ImportView): MappingDraft => ({
  sheet: view.sheet ?? 0,
  headerRow: view.headerRow ?? 0,
  fields: view.columns.map((column) => column.field),
  values: view.values,
  duplicates: view.duplicates,
});

/** What is sent: columns and values belong to one sheet and header, and are left out where another is asked for. */
export function inputOf(draft: MappingDraft, view: ImportView): MappingInput {
  const { sheet, headerRow, fields, values, duplicates } = draft;
  if (sheet !== view.sheet) return { rev: view.rev, sheet, duplicates };
  if (headerRow !== view.headerRow) return { rev: view.rev, sheet, headerRow, duplicates };
  const said = values.filter(({ field }) => fields.includes(field));
  return {
    rev: view.rev,
    sheet,
    headerRow,
    columns: fields,
    values: said.map(({ field, text, code }) => ({ field, text, code })),
    duplicates,
  };
}

/** For each column whose field another column has too: that other column's index, else null. */
export function clashes(fields: readonly (string | null)[]): (number | null)[] {
  return fields.map((field, at) => {
    if (field === null) return null;
    const other = fields.findIndex((one, index) => one === field && index !== at);
    return other < 0 ? null : other;
  });
}

/** A column as spreadsheet programs call it: 0 is A, 26 is AA. */
export function columnLetter(index: number): string {
  let letters = '';
  for (let rest = index; rest >= 0; rest = Math.floor(rest / 26) - 1)
    letters = String.fromCharCode(65 + (rest % 26)) + letters;
  return letters;
}

/** Texts that are no option, field by field, in the order in which the fields come. */
export function valuesByField(values: readonly ImportValue[]): { field: string; values: ImportValue[] }[] {
  const groups = new Map<string, ImportValue[]>();
  for (const value of values) groups.set(value.field, [...(groups.get(value.field) ?? []), value]);
  return [...groups].map(([field, list]) => ({ field, values: list }));
}
