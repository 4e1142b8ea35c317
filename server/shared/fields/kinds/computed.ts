import { sample, type KindCases } from '../cases/case.ts';
import { lengthOf } from '../strings.ts';
import type { Field } from '../types.ts';
import { fault, flaw, HIDDEN, isBlank, type Kind, type KindProjection } from './kind.ts';

/** The longest text that is kept of a computed value. */
const LONGEST = 1000;
const SCALE = 2;
const SCALE_LIMIT = 6;

/** A number with the digits that the field keeps; a longer text cut; anything else as it is. */
function tidy(raw: unknown, { scale = SCALE }: Field): unknown {
  if (typeof raw === 'number' && Number.isFinite(raw))
    return Number(raw.toFixed(Math.min(Math.max(scale, 0), SCALE_LIMIT))) || 0;
  return typeof raw === 'string' && raw.length > LONGEST ? [...raw].slice(0, LONGEST).join('') : raw;
}

/** A value that a rule works out from other answers: a number, a text, a day or a yes. Nobody fills it in. */
export const computed: Kind = {
  normalise: tidy,
  check(_field, value) {
    if (typeof value === 'boolean') return null;
    if (typeof value === 'number') return Number.isFinite(value) ? null : fault('wrong_type');
    if (typeof value !== 'string') return fault('wrong_type');
    return lengthOf(value) <= LONGEST ? null : fault('too_long', { max: LONGEST, length: lengthOf(value) });
  },
  isEmpty: isBlank,
  format(value, _field, locale) {
    if (typeof value === 'boolean') return locale === 'en' ? (value ? 'Yes' : 'No') : value ? '是' : '否';
    if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
    return typeof value === 'string' ? value : '';
  },
};

export const computedProjection: KindProjection = {
  /** No column is read for it: the value is worked out anew. */
  parse: (cell) => cell.trim(),
  mask: () => HIDDEN,
  jsonSchema: () => ({ anyOf: [{ type: 'number' }, { type: 'string', maxLength: LONGEST }, { type: 'boolean' }] }),
  computes: true,
  filterable: true,
  uses: ['scale', 'unit'],
  vet: (field) => [
    ...(field.compute === undefined ? [flaw('compute', 'compute_missing')] : []),
    ...(field.required ? [flaw('required', 'not_for_kind')] : []),
    ...(field.scale === undefined || (Number.isInteger(field.scale) && field.scale >= 0 && field.scale <= SCALE_LIMIT)
      ? []
      : [flaw('scale', 'bad_scale', { max: SCALE_LIMIT })]),
  ],
};

export function computedCases(): KindCases {
  const field = sample('computed', { compute: { today: true } });
  const whole = sample('computed', { compute: { value: 2.6 }, scale: 0 });
  return {
    good: [
      { field, raw: 0.1 + 0.2, value: 0.3, text: '0.3', masked: '**' },
      { field: whole, raw: 2.6, value: 3, text: '3', masked: '**' },
      { field, raw: '2024-06-15', value: '2024-06-15', text: '2024-06-15', masked: '**' },
      { field, raw: true, value: true, text: '是', masked: '**' },
      { field, raw: false, value: false, text: '否', masked: '**' },
    ],
    bad: [
      { field, raw: {}, code: 'wrong_type' },
      { field, raw: [1], code: 'wrong_type' },
    ],
    empty: [undefined, null, ''],
  };
}
