import {
  gather,
  judgeValue,
  planOf,
  type Answers,
  type CheckContext,
  type Field,
  type FormContent,
  type Issue,
  type Judgement,
} from '../../../shared/fields/index.ts';
import { columnOf, parseCell } from '../../../shared/fields/projections.ts';
import type { Cell, Row } from '../../infra/workbook/index.ts';
import type { Header } from './header.ts';

export interface Judged {
  row: number;
  answers: Answers;
  /** Empty for a good row. */
  issues: Issue[];
}

type JudgeCell = (cell: Cell | undefined) => Judgement;

/** After so many cells of a column it is plain whether its texts come again and again. */
const TRIAL = 1_000;
/** Judgements that a column keeps. */
const KEPT = 4_000;

/**
 * Judges texts of one field. Most columns hold the same few texts over and over: their judgements are kept, frozen, so that
 * nobody can change one row's answer through another's.
 */
function createJudgeText(field: Field, ctx: CheckContext): (text: string) => Judgement {
  const judge = (text: string) => judgeValue(field, parseCell(field, text, ctx), ctx);
  let kept: Map<string, Judgement> | null = new Map();
  let seen = 0;
  let again = 0;
  return (text) => {
    if (!kept) return judge(text);
    seen += 1;
    const known = kept.get(text);
    if (known) {
      again += 1;
      return known;
    }
    const found = judge(text);
    if (seen >= TRIAL && again * 2 < seen) kept = null;
    else if (kept.size < KEPT) kept.set(text, found);
    if (typeof found.answer === 'object') Object.freeze(found.answer);
    return found;
  };
}

function createJudgeCell(field: Field, ctx: CheckContext): JudgeCell {
  const none = judgeValue(field, undefined, ctx);
  const judge = createJudgeText(field, ctx);
  const { number, time } = columnOf(field);
  return (cell) => {
    if (cell === undefined || cell.type === 'empty') return none;
    const found = judge(cell.type === 'date' && !time ? cell.text.slice(0, 10) : cell.text);
    // A number of 16 digits and more has been rounded by the program that wrote it: the digits can't be had back.
    return cell.lossy && !number ? { answer: found.answer, fault: { code: 'digits_lost' } } : found;
  };
}

/**
 * Judges the rows of a file by the same rules as a form in the browser: cells to values by column, then as `checkForm`
 * does. What follows from form and header alone is worked out here, once for all rows.
 */
export function createJudge(header: Header, content: FormContent, ctx: CheckContext): (row: Row) => Judged {
  const plan = planOf(content);
  const fields = plan.fields.map(({ field }) => field);
  const columnOf = new Map<string, number>();
  for (const [column, field] of header.fields.entries())
    if (field && !columnOf.has(field.key)) columnOf.set(field.key, column);
  const columns = fields.map((field) => columnOf.get(field.key) ?? -1);
  const judges = fields.map((field) => createJudgeCell(field, ctx));

  return ({ number, cells }) => {
    const { answers, issues } = gather(plan, ctx, ({ at }) => judges[at]!(cells[columns[at]!]));
    return { row: number, answers, issues };
  };
}

/** Rows with nothing but blanks are no rows. */
export const isBlankRow = (row: Row): boolean => row.cells.every((cell) => cell.text.trim() === '');
