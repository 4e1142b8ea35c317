import { lines } from '../strings.ts';
import { vetBounds } from '../vet/bounds.ts';
import { isBlank, type Kind, type KindProjection } from './kind.ts';
import { checkText, maskText } from './text.ts';

/** The longest text of a `textarea` field that names no `max`, and the highest `max`. */
export const TEXTAREA_MAX = 2000;
const TEXTAREA_LIMIT = 10_000;

/** Several lines of text. */
export const textarea: Kind = {
  normalise: (raw) => (typeof raw === 'string' ? lines(raw) : raw),
  check: (field, value) => checkText(field, value, TEXTAREA_MAX),
  isEmpty: isBlank,
  format: (value) => (typeof value === 'string' ? value : ''),
};

export const textareaProjection: KindProjection = {
  parse: (cell) => lines(cell),
  mask: maskText,
  jsonSchema: (field) => ({
    type: 'string',
    minLength: typeof field.min === 'number' ? field.min : 1,
    maxLength: typeof field.max === 'number' ? field.max : TEXTAREA_MAX,
  }),
  gives: 'text',
  cell: { width: 36 },
  uses: ['min', 'max'],
  vet: (field) => vetBounds(field, { whole: true, lowest: 0, highest: TEXTAREA_LIMIT }),
};
