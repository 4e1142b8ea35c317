import type { Field } from './types.ts';

/** No pattern is run on a longer text than this. */
export const PATTERN_INPUT_LIMIT = 1000;

/**
 * A designer's pattern as an expression for the whole value. Undefined when it is no valid expression by itself
 * (`a)|(b` would be one only between the brackets of the anchor).
 */
export function compilePattern(pattern: string): RegExp | undefined {
  try {
    new RegExp(pattern, 'u');
    return new RegExp(`^(?:${pattern})$`, 'u');
  } catch {
    return undefined;
  }
}

const compiled = new WeakMap<Field, { pattern: string; whole: RegExp | undefined }>();

/** The same of a field; compiled once for all its values. */
export function patternOf(field: Field): RegExp | undefined {
  const { pattern } = field;
  if (pattern === undefined) return undefined;
  let known = compiled.get(field);
  if (known?.pattern !== pattern) compiled.set(field, (known = { pattern, whole: compilePattern(pattern) }));
  return known.whole;
}
