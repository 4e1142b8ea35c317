import type { ValueType } from '../kinds/kind.ts';
import type { FunctionName } from '../types.ts';

/** What an argument may be: a type, one that sorts (all arguments the same), a text to join, or anything (all the same). */
export type Wanted = ValueType | 'sorted' | 'word' | 'any' | 'same';

export interface Signature {
  /** The last one stands for all that follow. */
  takes: readonly Wanted[];
  min: number;
  max: number;
  /** `first`: the type of the arguments. */
  gives: ValueType | 'first';
  /** May be given an answer of every record of a group. */
  lists?: boolean;
}

/** The most arguments of a function that takes any number. */
const MANY = 20;

/** What the functions take by rights; forms that call them otherwise are not published. */
export const SIGNATURES: Record<FunctionName, Signature> = {
  add: { takes: ['number'], min: 2, max: MANY, gives: 'number' },
  sub: { takes: ['number'], min: 2, max: 2, gives: 'number' },
  mul: { takes: ['number'], min: 2, max: MANY, gives: 'number' },
  div: { takes: ['number'], min: 2, max: 2, gives: 'number' },
  round: { takes: ['number'], min: 1, max: 2, gives: 'number' },
  min: { takes: ['sorted'], min: 1, max: MANY, gives: 'first', lists: true },
  max: { takes: ['sorted'], min: 1, max: MANY, gives: 'first', lists: true },
  sum: { takes: ['number'], min: 1, max: MANY, gives: 'number', lists: true },
  count: { takes: ['any'], min: 1, max: MANY, gives: 'number', lists: true },
  concat: { takes: ['word'], min: 1, max: MANY, gives: 'text' },
  length: { takes: ['text'], min: 1, max: 1, gives: 'number' },
  age: { takes: ['day'], min: 1, max: 2, gives: 'number' },
  days: { takes: ['day'], min: 2, max: 2, gives: 'number' },
  addDays: { takes: ['day', 'number'], min: 2, max: 2, gives: 'day' },
  orElse: { takes: ['same'], min: 2, max: MANY, gives: 'first' },
};

export const SORTED: readonly ValueType[] = ['number', 'day', 'moment', 'time'];
export const WORDS: readonly ValueType[] = ['text', 'number', 'day', 'moment', 'time'];
