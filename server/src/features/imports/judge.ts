import {
  checkForm,
  type Answers,
  type CheckContext,
  type FormContent,
  type Issue,
} from '../../../shared/fields/index.ts';
import { parseCell } from '../../../shared/fields/projections.ts';
import type { Row } from '../../infra/workbook/index.ts';
import type { Header } from './header.ts';

export interface Judged {
  row: number;
  answers: Answers;
  /** Empty for a good row. */
  issues: Issue[];
}

/** One row of a file through the same rules as a form in the browser: cells to values by column, then `checkForm`. */
export function judgeRow(row: Row, header: Header, content: FormContent, ctx: CheckContext): Judged {
  const raw: Record<string, unknown> = {};
  const lost: Issue[] = [];
  header.fields.forEach((field, column) => {
    const cell = row.cells[column];
    if (!field || !cell || cell.type === 'empty') return;
    // A number of 16 digits and more has been rounded by the program that wrote it: the digits can't be had back.
    if (cell.lossy && field.kind !== 'integer' && field.kind !== 'decimal')
      lost.push({ path: `answers.${field.key}`, code: 'digits_lost' });
    const value = parseCell(field, cell.type === 'date' ? cell.text.slice(0, 10) : cell.text, ctx);
    if (value !== undefined) raw[field.key] = value;
  });
  const { answers, issues } = checkForm(content, raw, ctx);
  const told = new Set(lost.map(({ path }) => path));
  return { row: row.number, answers, issues: [...lost, ...issues.filter(({ path }) => !told.has(path))] };
}

/** Rows with nothing but blanks are no rows. */
export const isBlankRow = (row: Row): boolean => row.cells.every((cell) => cell.text.trim() === '');
