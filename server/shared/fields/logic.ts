import type { Condition } from './types.ts';

/** A value in an object's own right; nothing of a prototype. */
export function own(answers: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.prototype.hasOwnProperty.call(answers, key) ? answers[key] : undefined;
}

const isFilled = (answer: unknown): boolean =>
  answer !== undefined &&
  answer !== null &&
  answer !== '' &&
  answer !== false &&
  !(Array.isArray(answer) && answer.length === 0);

/** -1, 0 or 1; NaN for two that can't be compared. Days compare as texts. */
function compare(answer: unknown, value: unknown): number {
  if (typeof answer === 'number' && typeof value === 'number') return Math.sign(answer - value);
  if (typeof answer === 'string' && typeof value === 'string') return answer < value ? -1 : answer > value ? 1 : 0;
  return NaN;
}

function contains(answer: unknown, value: unknown): boolean {
  if (Array.isArray(answer)) return answer.includes(value);
  return typeof answer === 'string' && typeof value === 'string' && answer.includes(value);
}

/** Whether a condition holds for normalised answers. An answer that is not there equals nothing and is in no list. */
export function evaluate(condition: Condition, answers: Readonly<Record<string, unknown>>): boolean {
  if ('all' in condition) return condition.all.every((each) => evaluate(each, answers));
  if ('any' in condition) return condition.any.some((each) => evaluate(each, answers));
  if ('not' in condition) return !evaluate(condition.not, answers);
  const answer = own(answers, condition.field);
  switch (condition.op) {
    case 'eq':
      return answer === condition.value;
    case 'ne':
      return answer !== condition.value;
    case 'gt':
      return compare(answer, condition.value) > 0;
    case 'gte':
      return compare(answer, condition.value) >= 0;
    case 'lt':
      return compare(answer, condition.value) < 0;
    case 'lte':
      return compare(answer, condition.value) <= 0;
    case 'contains':
      return contains(answer, condition.value);
    case 'in':
      return (condition.value as unknown[]).includes(answer);
    case 'notIn':
      return !(condition.value as unknown[]).includes(answer);
    case 'filled':
      return isFilled(answer);
    case 'empty':
      return !isFilled(answer);
  }
}
