import { addDays, isDay } from '../days.ts';
import { lengthOf } from '../strings.ts';
import type { FunctionName } from '../types.ts';

/**
 * What the functions of expressions do. Each takes any arguments and never throws: what can't be worked out is undefined.
 * What they take by rights is in `vet/signatures.ts`.
 */
type Call = (args: readonly unknown[], today: string) => unknown;

/** The longest text that an expression can make; the highest that any field keeps. */
const TEXT_LIMIT = 10_000;
const MS_A_DAY = 86_400_000;
/** No sum of days leads further: all days lie between 1900 and 2199. */
const DAYS_LIMIT = 110_000;

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const asDay = (value: unknown): string | undefined => (typeof value === 'string' && isDay(value) ? value : undefined);

/** Without the noise of binary fractions (0.1 + 0.2 is 0.3); no value where it is too large to be a number. */
export function tidy(value: number): number | undefined {
  if (Number.isInteger(value)) return value + 0;
  return Number.isFinite(value) ? Number(value.toPrecision(15)) : undefined;
}

/** The arguments that are there; the answers of a group's records one by one. */
function given(args: readonly unknown[]): unknown[] {
  const found: unknown[] = [];
  for (const arg of args) {
    if (Array.isArray(arg)) found.push(...(arg as unknown[]).filter((each) => each !== undefined));
    else if (arg !== undefined) found.push(arg);
  }
  return found;
}

/** Two numbers to one. */
const arithmetic =
  (work: (a: number, b: number) => number): Call =>
  (args) => {
    let result = args[0];
    for (let at = 1; at < args.length; at += 1) {
      const next = args[at];
      if (!isNumber(result) || !isNumber(next)) return undefined;
      result = work(result, next);
    }
    return isNumber(result) ? result + 0 : undefined;
  };

/** The first by order of the values that are there: all numbers, or all texts that sort. */
const extreme =
  (isBetter: (a: number | string, b: number | string) => boolean): Call =>
  (args) => {
    let best: number | string | undefined;
    for (const value of given(args)) {
      if (!isNumber(value) && typeof value !== 'string') return undefined;
      if (best !== undefined && typeof best !== typeof value) return undefined;
      if (best === undefined || isBetter(value, best)) best = value;
    }
    return typeof best === 'number' ? best + 0 : best;
  };

/** Half away from 0, by the digits that are shown: 1.005 to two places is 1.01. */
function round(value: unknown, places: unknown = 0): number | undefined {
  if (!isNumber(value) || !isNumber(places)) return undefined;
  const shift = Math.min(Math.max(Math.round(places), 0), 6);
  const size = Number(Math.abs(value).toPrecision(15));
  const rounded = size < 1e15 ? Number(`${Math.round(Number(`${size}e${shift}`))}e-${shift}`) : size;
  return Number.isFinite(rounded) ? Math.sign(value) * rounded + 0 : value;
}

/** Whole years from a day to another; none before the first. */
function years(from: unknown, to: unknown): number | undefined {
  const born = asDay(from);
  const day = asDay(to);
  if (born === undefined || day === undefined || day < born) return undefined;
  return Number(day.slice(0, 4)) - Number(born.slice(0, 4)) - (day.slice(4) < born.slice(4) ? 1 : 0);
}

function daysBetween(from: unknown, to: unknown): number | undefined {
  const first = asDay(from);
  const last = asDay(to);
  return first && last ? Math.round((Date.parse(last) - Date.parse(first)) / MS_A_DAY) : undefined;
}

function dayAfter(day: unknown, days: unknown): string | undefined {
  const from = asDay(day);
  if (!from || !isNumber(days) || !Number.isInteger(days) || Math.abs(days) > DAYS_LIMIT) return undefined;
  return asDay(addDays(from, days));
}

function concat(args: readonly unknown[]): string | undefined {
  let text = '';
  for (const value of given(args)) {
    if (typeof value === 'string') text += value;
    else if (isNumber(value)) text += tidy(value);
    if (text.length >= TEXT_LIMIT) break;
  }
  return text === '' ? undefined : text.slice(0, TEXT_LIMIT);
}

export const CALLS: Record<FunctionName, Call> = {
  add: arithmetic((a, b) => a + b),
  sub: arithmetic((a, b) => a - b),
  mul: arithmetic((a, b) => a * b),
  div: arithmetic((a, b) => a / b),
  round: ([value, places]) => round(value, places),
  min: extreme((a, b) => a < b),
  max: extreme((a, b) => a > b),
  sum: (args) => given(args).reduce<number>((sum, value) => (isNumber(value) ? sum + value : sum), 0),
  count: (args) => given(args).length,
  concat,
  length: ([text]) => (typeof text === 'string' ? lengthOf(text) : 0),
  age: ([born, day], today) => years(born, day === undefined ? today : day),
  days: ([from, to]) => daysBetween(from, to),
  addDays: ([day, days]) => dayAfter(day, days),
  orElse: (args) => args.find((value) => value !== undefined),
};
