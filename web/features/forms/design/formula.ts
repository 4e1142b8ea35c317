import {
  parseCondition,
  parseExpression,
  printCondition,
  printExpression,
} from '../../../../server/shared/fields/expressions/index.ts';
import type { Condition, Expression } from '../../../../server/shared/fields/types.ts';

/** Formulas as they are typed: `age(birthDate) >= 18`. */
export type Formula = Expression | Condition;
export type FormulaKind = 'expression' | 'condition';

/** The text of a formula; of one that is no formula what is there, as JSON. */
export function printFormula(what: FormulaKind, formula: Formula): string {
  try {
    return what === 'condition' ? printCondition(formula as Condition) : printExpression(formula as Expression);
  } catch {
    return JSON.stringify(formula);
  }
}

/** The formula that a text spells; null for one that can't be read. */
export function parseFormula(what: FormulaKind, text: string): Formula | null {
  return (what === 'condition' ? parseCondition(text) : parseExpression(text)).value ?? null;
}
