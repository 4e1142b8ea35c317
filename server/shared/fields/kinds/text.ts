import { patternOf, PATTERN_INPUT_LIMIT } from '../pattern.ts';
import { hasBadCharacters, lengthOf, oneLine } from '../strings.ts';
import type { Fault, Field } from '../types.ts';
import { vetBounds } from '../vet/bounds.ts';
import { fault, flaw, HIDDEN, isBlank, type Kind, type KindProjection } from './kind.ts';

/** The longest text of a `text` field that names no `max`. */
export const TEXT_MAX = 200;

/** Judges a text's characters and length. `max` holds where the field says none. */
export function checkText(field: Field, value: unknown, max: number): Fault | null {
  if (typeof value !== 'string') return fault('wrong_type');
  if (hasBadCharacters(value)) return fault('bad_characters');
  const longest = typeof field.max === 'number' ? field.max : max;
  // Characters are counted only where their number may matter: none is more than two units long.
  if (value.length <= longest && !(typeof field.min === 'number' && value.length < 2 * field.min)) return null;
  const length = lengthOf(value);
  if (length > longest) return fault('too_long', { max: longest, length });
  if (typeof field.min === 'number' && length < field.min) return fault('too_short', { min: field.min, length });
  return null;
}

/** One line of text. */
export const text: Kind = {
  normalise: (raw) => (typeof raw === 'string' ? oneLine(raw) : raw),
  check(field, value) {
    const found = checkText(field, value, TEXT_MAX);
    if (found || field.pattern === undefined) return found;
    const line = value as string;
    if (line.length > PATTERN_INPUT_LIMIT) return fault('too_long', { max: PATTERN_INPUT_LIMIT, length: line.length });
    return patternOf(field)?.test(line) ? null : fault('pattern_mismatch');
  },
  isEmpty: isBlank,
  format: (value) => (typeof value === 'string' ? value : ''),
};

/** The first character of a text; no character of a text that has only one. */
export function maskText(value: unknown): string {
  const [first, second] = typeof value === 'string' ? value : '';
  return first === undefined || second === undefined ? HIDDEN : first + HIDDEN;
}

export const textProjection: KindProjection = {
  parse: (cell) => oneLine(cell),
  mask: maskText,
  jsonSchema: (field) => ({
    type: 'string',
    minLength: typeof field.min === 'number' ? field.min : 1,
    maxLength: typeof field.max === 'number' ? field.max : TEXT_MAX,
    ...(field.pattern === undefined ? {} : { pattern: `^(?:${field.pattern})$` }),
  }),
  gives: 'text',
  filterable: true,
  dedupe: true,
  maps: ['person.name'],
  uses: ['min', 'max', 'pattern', 'patternHint'],
  vet: (field) => [
    ...vetBounds(field, { whole: true, lowest: 0, highest: PATTERN_INPUT_LIMIT }),
    ...(field.patternHint && field.pattern === undefined ? [flaw('patternHint', 'not_for_kind')] : []),
  ],
};
