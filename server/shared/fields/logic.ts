import { compileCondition } from './expressions/compile.ts';
import { own } from './own.ts';
import type { Condition } from './types.ts';

/**
 * Whether a condition holds for normalised answers, by themselves; a form's own are compiled once (`plan.ts`). An answer that
 * is not there equals nothing and is in no list. `today`: `YYYY-MM-DD`, for conditions that speak of it.
 */
export function evaluate(condition: Condition, answers: Readonly<Record<string, unknown>>, today = ''): boolean {
  const test = compileCondition(condition, (name) => () => own(answers, name), 'no');
  return test({ values: [], today, outer: null }) === true;
}
