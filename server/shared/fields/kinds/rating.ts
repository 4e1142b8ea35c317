import { sample, type KindCases } from '../cases/case.ts';
import { toAscii } from '../strings.ts';
import type { Field, Text } from '../types.ts';
import { vetBounds } from '../vet/bounds.ts';
import { fault, HIDDEN, isBlank, type Kind, type KindProjection } from './kind.ts';
import { formatNumber, normaliseNumber } from './number.ts';

/** How many stars there are where the field names no `max`. */
const STARS = 5;

/** The stars of a rating field. */
export const starsOf = (field: Field): number => (typeof field.max === 'number' ? field.max : STARS);

/** A number of stars, from one to `max`. */
export const rating: Kind = {
  several: true,
  normalise: normaliseNumber,
  check(field, value) {
    if (typeof value === 'string') return fault('not_integer');
    if (typeof value !== 'number' || Number.isNaN(value)) return fault('wrong_type');
    if (value < 1) return fault('too_small', { min: 1 });
    if (value > starsOf(field)) return fault('too_big', { max: starsOf(field) });
    return Number.isInteger(value) ? null : fault('not_integer');
  },
  isEmpty: isBlank,
  format: formatNumber,
};

const HOW_TO: Text = { 'zh-CN': '填几颗星，例如 4', en: 'How many stars, like 4' };

export const ratingProjection: KindProjection = {
  /** `4`, `4/5`, `4 星`, `★★★★☆`. */
  parse(cell) {
    const text = toAscii(cell).trim();
    if (/^★+☆*$/.test(text)) return text.replace(/☆/g, '').length;
    return normaliseNumber(text.replace(/\s*(?:\/\s*\d+|颗?星|stars?|分)$/i, ''));
  },
  mask: () => HIDDEN,
  jsonSchema: (field) => ({ type: 'integer', minimum: 1, maximum: starsOf(field) }),
  gives: 'number',
  filterable: true,
  cell: { howTo: HOW_TO, number: true, width: 10 },
  groups: (value) => [String(value)],
  groupText: (stars) => '★'.repeat(Math.min(Math.max(Math.round(Number(stars)) || 0, 0), 10)),
  uses: ['max'],
  vet: (field) => vetBounds(field, { whole: true, lowest: 2, highest: 10 }),
};

export function ratingCases(): KindCases {
  const five = sample('rating');
  const ten = sample('rating', { max: 10 });
  return {
    good: [
      { field: five, raw: 4, value: 4, text: '4', masked: '**', cells: ['4/5', '4 星', '★★★★☆', '４', '4 stars'] },
      { field: five, raw: ' ５ ', value: 5, text: '5', masked: '**', cells: ['★★★★★'] },
      { field: ten, raw: '10', value: 10, text: '10', masked: '**', cells: ['10 / 10', '10分'] },
    ],
    bad: [
      { field: five, raw: 0, code: 'too_small', params: { min: 1 } },
      { field: five, raw: 6, code: 'too_big', params: { max: 5 } },
      { field: five, raw: 3.5, code: 'not_integer' },
      { field: five, raw: '很好', code: 'not_integer' },
      { field: five, raw: true, code: 'wrong_type' },
      { field: five, raw: [4], code: 'wrong_type' },
    ],
    groups: [{ field: five, value: 4, groups: [['4', '★★★★']] }],
  };
}
