import { own } from '../own.ts';
import type { Condition, Expression } from '../types.ts';
import { CALLS, tidy } from './functions.ts';

/**
 * Expressions and conditions as closures, made once for a form and run for every set of answers. No text is ever run as
 * code. Making and running never throw, whatever they are given: what is malformed is no value.
 */

/** What closures read: values by slot, the day, and what surrounds a group's record. */
export interface Env {
  values: readonly unknown[];
  /** `YYYY-MM-DD`. */
  today: string;
  outer: Env | null;
}

export type Read = (env: Env) => unknown;

/** Undefined: neither right nor wrong, since an answer is not there. */
export type Test = (env: Env) => boolean | undefined;

/** How a named field is read. */
export type Resolve = (name: string) => Read;

/** What a comparison with an answer that is not there comes to: rules say no, checks keep silent. */
export type Missing = 'no' | 'silent';

/** Far above what can be published; keeps a hostile nesting from filling the stack. */
const DEEPEST = 40;

export const NOTHING: Read = () => undefined;

/** An expression as a closure; a number comes without the noise of binary fractions (0.1 + 0.2 is 0.3). */
export function compileExpression(expression: Expression, resolve: Resolve, depth = 0): Read {
  const read = compilePart(expression, resolve, depth);
  // Answers and written values are as they are.
  if (typeof expression !== 'object' || expression === null || 'field' in expression || 'value' in expression)
    return read;
  return (env) => {
    const value = read(env);
    return typeof value === 'number' ? tidy(value) : value;
  };
}

/** A part of an expression: numbers are as they were calculated, since rounding on the way would add up. */
function compilePart(expression: Expression, resolve: Resolve, depth: number): Read {
  const node = expression as Partial<Record<string, unknown>> | null;
  if (typeof node !== 'object' || node === null || depth > DEEPEST) return NOTHING;
  if ('value' in node) {
    const { value } = node;
    return typeof value === 'object' ? NOTHING : () => value;
  }
  if ('field' in node) return resolve(String(node['field']));
  if ('today' in node) return (env) => env.today;
  const part = (each: unknown): Read => compilePart(each as Expression, resolve, depth + 1);
  if ('if' in node) {
    const test = compileCondition(node['if'] as Condition, resolve, 'no', depth + 1);
    const [then, otherwise] = [part(node['then']), part(node['else'])];
    return (env) => (test(env) === true ? then(env) : otherwise(env));
  }
  const call = own(CALLS, String(node['fn'])) as (typeof CALLS)['add'] | undefined;
  if (!call || !Array.isArray(node['args'])) return NOTHING;
  const args = node['args'].map(part);
  const [first = NOTHING, second = NOTHING] = args;
  if (args.length === 1) return (env) => call([first(env)], env.today);
  if (args.length === 2) return (env) => call([first(env), second(env)], env.today);
  return (env) =>
    call(
      args.map((arg) => arg(env)),
      env.today,
    );
}

/** A condition as a closure. */
export function compileCondition(condition: Condition, resolve: Resolve, missing: Missing, depth = 0): Test {
  const node = condition as Partial<Record<string, unknown>> | null;
  if (typeof node !== 'object' || node === null || depth > DEEPEST) return () => undefined;
  const part = (each: unknown): Test => compileCondition(each as Condition, resolve, missing, depth + 1);
  for (const [group, decides] of [
    ['all', false],
    ['any', true],
  ] as const) {
    if (group in node) return Array.isArray(node[group]) ? join(node[group].map(part), decides) : () => undefined;
  }
  if ('not' in node) {
    const test = part(node['not']);
    return (env) => {
      const verdict = test(env);
      return verdict === undefined ? undefined : !verdict;
    };
  }
  if ('left' in node) {
    const left = compileExpression(node['left'] as Expression, resolve, depth + 1);
    const right = compileExpression(node['right'] as Expression, resolve, depth + 1);
    return compare(left, node['op'], right, missing);
  }
  const read = resolve(String(node['field']));
  const { op, value } = node;
  if (op === 'filled') return (env) => isFilled(read(env));
  if (op === 'empty') return (env) => !isFilled(read(env));
  if (op === 'in' || op === 'notIn') return among(read, Array.isArray(value) ? value : [], op === 'in', missing);
  if (op === 'contains') {
    return (env) => {
      const answer = read(env);
      return answer === undefined && missing === 'silent' ? undefined : contains(answer, value);
    };
  }
  return compare(read, op, () => value, missing);
}

/** All of them (one that is wrong decides), or any (one that is right does); without a decision one that is silent is. */
function join(tests: Test[], decides: boolean): Test {
  return (env) => {
    let silent = false;
    for (let at = 0; at < tests.length; at += 1) {
      const verdict = tests[at]!(env);
      if (verdict === decides) return decides;
      if (verdict === undefined) silent = true;
    }
    return silent ? undefined : !decides;
  };
}

export const isFilled = (answer: unknown): boolean =>
  answer !== undefined &&
  answer !== null &&
  answer !== '' &&
  answer !== false &&
  !(Array.isArray(answer) && answer.length === 0);

function contains(answer: unknown, value: unknown): boolean {
  if (Array.isArray(answer)) return answer.includes(value);
  return typeof answer === 'string' && typeof value === 'string' && answer.includes(value);
}

function among(read: Read, values: readonly unknown[], wanted: boolean, missing: Missing): Test {
  const set = new Set(values);
  return (env) => {
    const answer = read(env);
    return answer === undefined && missing === 'silent' ? undefined : set.has(answer) === wanted;
  };
}

/** An answer that is not there equals nothing. Numbers compare with numbers, texts (days too) with texts, by their order. */
function compare(left: Read, op: unknown, right: Read, missing: Missing): Test {
  const holds = own(COMPARE, String(op)) as ((a: unknown, b: unknown) => boolean) | undefined;
  if (!holds) return () => undefined;
  if (missing === 'no')
    return (env) => {
      const a = left(env);
      const b = right(env);
      return a === undefined && b === undefined ? op === 'ne' : holds(a, b);
    };
  return (env) => {
    const a = left(env);
    const b = right(env);
    return a === undefined || b === undefined ? undefined : holds(a, b);
  };
}

const alike = (a: unknown, b: unknown): boolean =>
  (typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string');

const COMPARE: Record<string, (a: unknown, b: unknown) => boolean> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  gt: (a, b) => alike(a, b) && (a as number) > (b as number),
  gte: (a, b) => alike(a, b) && (a as number) >= (b as number),
  lt: (a, b) => alike(a, b) && (a as number) < (b as number),
  lte: (a, b) => alike(a, b) && (a as number) <= (b as number),
};
