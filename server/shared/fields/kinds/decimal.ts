import { vetBounds } from '../vet/bounds.ts';
import { fault, flaw, HIDDEN, isBlank, type Kind, type KindProjection } from './kind.ts';
import { checkRange, digitsOnly, formatNumber, normaliseNumber, parseNumber, rangeOf, rangeText } from './number.ts';

/** Beyond it a double can't keep two digits after the point. */
const LIMIT = 1e12;
const SCALE = 2;
const SCALE_LIMIT = 6;

/** A number with digits after the point. */
export const decimal: Kind = {
  normalise: normaliseNumber,
  check(field, value) {
    if (typeof value === 'string') return fault('not_number');
    if (typeof value !== 'number' || Number.isNaN(value)) return fault('wrong_type');
    const found = checkRange(field, value, LIMIT);
    if (found) return found;
    const scale = Math.min(Math.max(field.scale ?? SCALE, 0), SCALE_LIMIT);
    return Number(value.toFixed(scale)) === value ? null : fault('too_many_decimals', { scale });
  },
  isEmpty: isBlank,
  format: formatNumber,
};

export const decimalProjection: KindProjection = {
  parse: parseNumber,
  mask: () => HIDDEN,
  jsonSchema: (field) => ({
    type: 'number',
    minimum: typeof field.min === 'number' ? field.min : -LIMIT,
    maximum: typeof field.max === 'number' ? field.max : LIMIT,
  }),
  gives: 'number',
  filterable: true,
  cell: { howTo: digitsOnly, number: true },
  groups: (value, field) => [rangeOf(value, field)],
  groupText: rangeText,
  uses: ['min', 'max', 'scale', 'unit'],
  vet: (field) => [
    ...vetBounds(field, { whole: false, lowest: -LIMIT, highest: LIMIT }),
    ...(field.scale === undefined || (Number.isInteger(field.scale) && field.scale >= 0 && field.scale <= SCALE_LIMIT)
      ? []
      : [flaw('scale', 'bad_scale', { max: SCALE_LIMIT })]),
  ],
};
