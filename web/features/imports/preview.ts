import type { PreviewRow } from './imports.types.ts';

export interface PreviewColumn {
  index: number;
  key: string;
  label: string;
}

export interface PreviewCell {
  key: string;
  label: string;
  text: string;
  message: string | null;
}

const belongs = (issue: PreviewRow['issues'][number], { index, key }: PreviewColumn) =>
  issue.column === index || (issue.column === null && issue.field === key);

/** What the server says of a field, without the field's name that stands above it already. */
function bare(message: string, label: string): string {
  return message.startsWith(label) ? message.slice(label.length).replace(/^[：:]\s*/, '') : message;
}

/** The cells of a row as they are read; where that failed, as they stand in the file, with what is wrong. */
export function previewCells(row: PreviewRow, columns: readonly PreviewColumn[]): PreviewCell[] {
  return columns.map((column) => {
    const own = row.issues.filter((issue) => belongs(issue, column));
    const messages = own.map(({ message }) => bare(message, column.label));
    return {
      key: column.key,
      label: column.label,
      text: row.answers[column.key] || (row.cells[column.index] ?? ''),
      message: messages.length ? [...new Set(messages)].join(' ') : null,
    };
  });
}

/** The rows without what is told above the table already: fields that have no column at all. */
export const withoutMissing = (rows: readonly PreviewRow[], missing: readonly string[]): PreviewRow[] =>
  rows.map((row) => ({
    ...row,
    issues: row.issues.filter(({ field, column }) => column !== null || field === null || !missing.includes(field)),
  }));

/** What is wrong with a row that belongs to none of the columns: a required field without one, the row as a whole. */
export function rowIssues(row: PreviewRow, columns: readonly PreviewColumn[]): string[] {
  const rest = row.issues.filter((issue) => !columns.some((column) => belongs(issue, column)));
  return [...new Set(rest.map(({ message }) => message))];
}
