import { vetBounds } from '../vet/bounds.ts';
import { fault, HIDDEN, isBlank, type Kind, type KindProjection } from './kind.ts';
import { checkRange, digitsOnly, formatNumber, normaliseNumber, parseNumber, rangeOf, rangeText } from './number.ts';

/** A whole number. */
export const integer: Kind = {
  normalise: normaliseNumber,
  check(field, value) {
    if (typeof value === 'string') return fault('not_integer');
    if (typeof value !== 'number' || Number.isNaN(value)) return fault('wrong_type');
    return checkRange(field, value, Number.MAX_SAFE_INTEGER) ?? (Number.isInteger(value) ? null : fault('not_integer'));
  },
  isEmpty: isBlank,
  format: formatNumber,
};

export const integerProjection: KindProjection = {
  parse: parseNumber,
  mask: () => HIDDEN,
  jsonSchema: (field) => ({
    type: 'integer',
    minimum: typeof field.min === 'number' ? field.min : -Number.MAX_SAFE_INTEGER,
    maximum: typeof field.max === 'number' ? field.max : Number.MAX_SAFE_INTEGER,
  }),
  gives: 'number',
  filterable: true,
  dedupe: true,
  cell: { howTo: digitsOnly, number: true },
  groups: (value, field) => [rangeOf(value, field)],
  groupText: rangeText,
  uses: ['min', 'max', 'unit'],
  vet: (field) => vetBounds(field, { whole: true, lowest: -Number.MAX_SAFE_INTEGER, highest: Number.MAX_SAFE_INTEGER }),
};
