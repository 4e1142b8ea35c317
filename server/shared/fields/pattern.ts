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
