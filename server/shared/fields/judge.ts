import { fault } from './kinds/kind.ts';
import { KINDS } from './kinds/index.ts';
import type { CheckContext, Fault, Field } from './types.ts';

/** The one spelling of a value. Never throws. */
export function normalise(field: Field, value: unknown): unknown {
  return KINDS[field.kind].normalise(value, field);
}

/** Whether nothing was filled in. The value is normalised. */
export function isEmpty(field: Field, value: unknown): boolean {
  return KINDS[field.kind].isEmpty(value);
}

/** What one value comes to by itself. */
export interface Judgement {
  /** Normalised; undefined for an empty one. */
  answer: unknown;
  fault: Fault | null;
}

/**
 * Normalises and judges one value; of a group, how many records there are and their shape. Visibility is not its business,
 * nor is what other answers demand. Never throws.
 */
export function judgeValue(field: Field, value: unknown, ctx: CheckContext): Judgement {
  const kind = KINDS[field.kind];
  const answer = kind.normalise(value, field);
  if (!kind.isEmpty(answer)) return { answer, fault: kind.check(field, answer, ctx) };
  return { answer: undefined, fault: field.required && field.kind !== 'static' ? fault('required') : null };
}

/** Faults of values that nothing can be done with: they are not worth keeping even in a draft. */
const UNUSABLE: ReadonlySet<string> = new Set(['wrong_type', 'unknown_field', 'bad_characters']);

/** Whether a value with this fault, or none, may be kept. */
export const isUsable = (found: Fault | null | undefined): boolean => !found || !UNUSABLE.has(found.code);
