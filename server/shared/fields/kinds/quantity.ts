import { sample, type KindCases } from '../cases/case.ts';
import { toAscii } from '../strings.ts';
import type { Fault, Field, Option, QuantityValue, Text } from '../types.ts';
import { vetBounds } from '../vet/bounds.ts';
import { fault, flaw, hasOnly, HIDDEN, isBlank, isRecord, type Kind, type KindProjection } from './kind.ts';
import { codeOf, labelOf, optionOf, vetOptions } from './options.ts';
import { checkRange, formatNumber, normaliseNumber } from './number.ts';

const LIMIT = 1e12;
const SCALE = 2;
const SCALE_LIMIT = 6;

const isQuantity = (value: unknown): value is QuantityValue =>
  isRecord(value) && hasOnly(value, ['amount', 'unit']) && typeof value.unit === 'string';

/** The unit that needs no choosing. */
const onlyUnit = (field: Field): string | undefined =>
  field.options?.length === 1 ? field.options[0]!.code : undefined;

function checkAmount(field: Field, amount: unknown): Fault | null {
  if (typeof amount === 'string') return fault('not_number');
  if (typeof amount !== 'number' || Number.isNaN(amount)) return fault('wrong_type');
  const found = checkRange(field, amount, LIMIT);
  if (found) return found;
  const scale = Math.min(Math.max(field.scale ?? SCALE, 0), SCALE_LIMIT);
  return Number(amount.toFixed(scale)) === amount ? null : fault('too_many_decimals', { scale });
}

/** A number with a unit that is chosen with it (斤 or 公斤); the options are the units. One fixed unit is `unit` of a number. */
export const quantity: Kind = {
  several: true,
  normalise(raw, field) {
    if (!isRecord(raw) || !hasOnly(raw, ['amount', 'unit'])) return raw;
    const given = typeof raw.unit === 'string' ? raw.unit.trim() : raw.unit;
    const unit = isBlank(given) ? onlyUnit(field) : given;
    return { ...raw, amount: normaliseNumber(raw.amount), ...(unit === undefined ? {} : { unit }) };
  },
  check(field, value) {
    if (!isRecord(value) || !hasOnly(value, ['amount', 'unit'])) return fault('wrong_type');
    const found = checkAmount(field, value.amount);
    if (found) return found;
    if (isBlank(value.unit)) return fault('unit_missing');
    if (typeof value.unit !== 'string') return fault('wrong_type');
    return optionOf(field, value.unit) ? null : fault('unknown_option');
  },
  /** A unit without a number is still nothing: pages choose one from the start. */
  isEmpty(value) {
    if (!isRecord(value)) return isBlank(value);
    return (
      isBlank(value.amount) &&
      hasOnly(value, ['amount', 'unit']) &&
      (isBlank(value.unit) || typeof value.unit === 'string')
    );
  },
  format: (value, field, locale) =>
    isQuantity(value) ? `${formatNumber(value.amount)} ${labelOf(field, value.unit, locale)}`.trim() : '',
};

const HOW_TO: Text = { 'zh-CN': '数字和单位，例如 3 ', en: 'A number and its unit, like 3 ' };

export const quantityProjection: KindProjection = {
  parse(cell, field) {
    const text = toAscii(cell).trim();
    const match = /^([+-]?[\d,]+(?:\.\d+)?)\s*(.*)$/s.exec(text);
    if (!match) return { amount: text };
    const amount = normaliseNumber(match[1]!.replace(/,(?=\d{3}(?:\D|$))/g, ''));
    // Signs of units (`㎡`, `℃`) are read as they were written.
    const unit = cell.trim().slice(cell.trim().length - match[2]!.length) || onlyUnit(field);
    return unit ? { amount, unit: codeOf(field, unit) ?? unit } : { amount };
  },
  mask: () => HIDDEN,
  jsonSchema: (field) => ({
    type: 'object',
    properties: {
      amount: { type: 'number' },
      unit: { type: 'string', enum: (field.options ?? []).map(({ code }) => code) },
    },
    required: ['amount', 'unit'],
    additionalProperties: false,
  }),
  cell: {
    howTo: (field, locale) =>
      HOW_TO[locale === 'en' ? 'en' : 'zh-CN'] + labelOf(field, field.options?.[0]?.code ?? '', locale),
  },
  groups: (value) => (isQuantity(value) ? [value.unit] : []),
  groupText: (unit, field, locale) => labelOf(field, unit, locale),
  uses: ['options', 'min', 'max', 'scale'],
  vet: (field) => [
    ...vetOptions(field),
    ...numerals(field.options),
    ...vetBounds(field, { whole: false, lowest: -LIMIT, highest: LIMIT }),
    ...(field.scale === undefined || (Number.isInteger(field.scale) && field.scale >= 0 && field.scale <= SCALE_LIMIT)
      ? []
      : [flaw('scale', 'bad_scale', { max: SCALE_LIMIT })]),
  ],
};

/** A unit that begins like a numeral could not be told from its number. */
const numerals = (options: readonly Option[] = []) =>
  options.flatMap(({ code, label }, at) =>
    [code, label['zh-CN'], label.en ?? ''].some((name) => /^[\d.,]/.test(toAscii(name)))
      ? [flaw(`options.${at}.label`, 'label_separator')]
      : [],
  );

export function quantityCases(): KindCases {
  const options: Option[] = [
    { code: 'kg', label: { 'zh-CN': '公斤', en: 'kg' } },
    { code: 'jin', label: { 'zh-CN': '斤' } },
  ];
  const weight = sample('quantity', { options, min: 0.5, max: 500, scale: 1 });
  const area = sample('quantity', { options: [{ code: 'm2', label: { 'zh-CN': '㎡' } }] });
  const kilos = { amount: 62.5, unit: 'kg' };
  return {
    good: [
      {
        field: weight,
        raw: { amount: ' ６２.５ ', unit: 'kg ' },
        value: kilos,
        text: '62.5 公斤',
        masked: '**',
        cells: ['62.5kg', '62.5 KG', '62.50 公斤', '６２.５公斤'],
      },
      {
        field: weight,
        raw: { amount: 120, unit: 'jin' },
        value: { amount: 120, unit: 'jin' },
        text: '120 斤',
        masked: '**',
      },
      {
        field: area,
        raw: { amount: 1200 },
        value: { amount: 1200, unit: 'm2' },
        text: '1200 ㎡',
        masked: '**',
        cells: ['1,200㎡', '1200'],
      },
    ],
    bad: [
      { field: weight, raw: { amount: 60 }, code: 'unit_missing' },
      { field: weight, raw: { amount: 60, unit: 'lb' }, code: 'unknown_option' },
      { field: weight, raw: { amount: '很重', unit: 'kg' }, code: 'not_number' },
      { field: weight, raw: { amount: 0.1, unit: 'kg' }, code: 'too_small', params: { min: 0.5 } },
      { field: weight, raw: { amount: 501, unit: 'kg' }, code: 'too_big', params: { max: 500 } },
      { field: weight, raw: { amount: 62.55, unit: 'kg' }, code: 'too_many_decimals', params: { scale: 1 } },
      { field: weight, raw: 62.5, code: 'wrong_type' },
      { field: weight, raw: { amount: 62.5, unit: 'kg', more: 1 }, code: 'wrong_type' },
      { field: weight, raw: { amount: 62.5, unit: 5 }, code: 'wrong_type' },
    ],
    empty: [undefined, null, '', {}, { unit: 'kg' }, { amount: ' ', unit: 'kg' }],
    groups: [{ field: weight, value: kilos, groups: [['kg', '公斤']] }],
  };
}
