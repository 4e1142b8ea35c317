import type { Condition, Expression } from '../types.ts';
import { RESERVED } from './tokens.ts';

/**
 * The text of a condition, `age(birthDate) >= 18 and city in ("sz", "gz")`; `parseCondition` makes the same condition of it.
 * Takes what can be published.
 */
export function printCondition(condition: Condition): string {
  return conditionText(condition, LEVEL.or);
}

/** The text of an expression, `round(weight / (height * height), 1)`; `parseExpression` makes the same expression of it. */
export function printExpression(expression: Expression): string {
  return expressionText(expression, LEVEL.add);
}

/** How strongly parts hold together; what holds less stands in brackets. */
const LEVEL = { or: 1, and: 2, not: 3, compare: 4, add: 5, mul: 6, one: 7 } as const;

const SIGNS = { eq: '==', ne: '!=', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;
const CALCULATES = { add: ['+', 'add'], sub: ['-', 'add'], mul: ['*', 'mul'], div: ['/', 'mul'] } as const;

const wrap = (text: string, own: number, needed: number): string => (own < needed ? `(${text})` : text);

function conditionText(condition: Condition, needed: number): string {
  if ('all' in condition || 'any' in condition) {
    const [members, word, level] =
      'all' in condition
        ? ([condition.all, ' and ', LEVEL.and] as const)
        : ([condition.any, ' or ', LEVEL.or] as const);
    // A group of one is the one itself, and brackets keep a group within a group apart.
    if (members.length === 1) return conditionText(members[0]!, needed);
    return wrap(members.map((member) => conditionText(member, level + 1)).join(word), level, needed);
  }
  if ('not' in condition) return wrap(`not ${conditionText(condition.not, LEVEL.not)}`, LEVEL.not, needed);
  if ('left' in condition) {
    const [left, right] = [condition.left, condition.right].map((side) => expressionText(side, LEVEL.add));
    return wrap(`${left} ${SIGNS[condition.op]} ${right}`, LEVEL.compare, needed);
  }
  return wrap(comparisonText(condition), LEVEL.compare, needed);
}

function comparisonText(condition: Extract<Condition, { field: string }>): string {
  const name = nameText(condition.field);
  switch (condition.op) {
    case 'filled':
    case 'empty':
      return `${condition.op}(${name})`;
    case 'in':
    case 'notIn':
      return `${name} ${condition.op === 'in' ? 'in' : 'not in'} (${condition.value.map(literalText).join(', ')})`;
    case 'contains':
      return `${name} contains ${literalText(condition.value)}`;
    default:
      return `${name} ${SIGNS[condition.op]} ${literalText(condition.value)}`;
  }
}

function expressionText(expression: Expression, needed: number): string {
  if ('value' in expression) return literalText(expression.value);
  if ('field' in expression) return nameText(expression.field);
  if ('today' in expression) return 'today';
  if ('if' in expression) {
    const [then, otherwise] = [expression.then, expression.else].map((part) => expressionText(part, LEVEL.add));
    return `if(${conditionText(expression.if, LEVEL.or)}, ${then}, ${otherwise})`;
  }
  const { fn, args } = expression;
  const [first, second, third] = args;
  if ((fn === 'add' || fn === 'sub' || fn === 'mul' || fn === 'div') && first && second && !third) {
    const [sign, name] = CALCULATES[fn];
    const level = LEVEL[name];
    return wrap(`${expressionText(first, level)} ${sign} ${expressionText(second, level + 1)}`, level, needed);
  }
  return `${fn}(${args.map((arg) => expressionText(arg, LEVEL.add)).join(', ')})`;
}

/** Keys that mean something else by themselves stand in square brackets. */
function nameText(name: string): string {
  return RESERVED.has(name) ? `[${name}]` : name;
}

const literalText = (value: string | number | boolean): string => JSON.stringify(value);
