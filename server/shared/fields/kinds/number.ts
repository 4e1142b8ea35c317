import { toAscii } from '../strings.ts';
import type { Fault, Field, Locale, Text } from '../types.ts';
import { fault, textOf } from './kind.ts';

/** What `integer` and `decimal` share. */

const NUMERAL = /^[+-]?\d{1,40}(\.\d{1,40})?$/;

/** A numeral as a number (inputs give text); `-0` as 0. Any other text is only trimmed. */
export function normaliseNumber(raw: unknown): unknown {
  if (typeof raw === 'number') return raw + 0 || (raw === 0 ? 0 : raw);
  if (typeof raw !== 'string') return raw;
  const text = raw.trim();
  const numeral = toAscii(text).replace(/^\u2212/, '-');
  return NUMERAL.test(numeral) ? Number(numeral) || 0 : text;
}

/** Judges a number against the field's ends, or the kind's own `limit` to both sides. */
export function checkRange(field: Field, value: number, limit: number): Fault | null {
  const min = typeof field.min === 'number' ? field.min : -limit;
  const max = typeof field.max === 'number' ? field.max : limit;
  if (value < min) return fault('too_small', { min });
  if (value > max) return fault('too_big', { max });
  return null;
}

/** A cell as a number: thousands separators and the field's unit are dropped. */
export function parseNumber(cell: string, field: Field): unknown {
  let text = toAscii(cell).trim();
  for (const unit of [field.unit?.['zh-CN'], field.unit?.en]) {
    const ending = unit && toAscii(unit);
    if (ending && text.endsWith(ending)) text = text.slice(0, -ending.length).trim();
  }
  if (/^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text)) text = text.replace(/,/g, '');
  return NUMERAL.test(text) ? normaliseNumber(text) : cell.trim();
}

/** The plain numeral, without the unit: a cell that Excel can calculate with. */
export function formatNumber(value: unknown): string {
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : '';
}

const DIGITS: Text = { 'zh-CN': '只填数字', en: 'Digits only' };

/** What to type into a cell for a number. */
export function digitsOnly(field: Field, locale: Locale): string {
  return textOf(DIGITS, locale) + (field.unit ? ` (${textOf(field.unit, locale)})` : '');
}

/** How many groups of equal width statistics make of a field's numbers at most. */
const GROUPS = 10;
const NICE = [1, 2, 5, 10];

/** The width of a group: 1, 2 or 5 and noughts, so that the field's range makes ten groups at most; 10 without a range. */
function widthOf({ kind, min, max, scale = kind === 'integer' ? 0 : 2 }: Field): number {
  if (typeof min !== 'number' || typeof max !== 'number' || !(max > min)) return 10;
  const raw = (max - min) / GROUPS;
  const power = 10 ** Math.floor(Math.log10(raw));
  const nice = (NICE.find((step) => step * power >= raw * (1 - 1e-9)) ?? 10) * power;
  return Math.max(nice, 10 ** -scale);
}

/** The group of a number in statistics: the lower end of a range, a numeral. */
export function rangeOf(value: unknown, field: Field): string {
  const width = widthOf(field);
  return String(Number((Math.floor(Number(value) / width + 1e-9) * width).toPrecision(12)) + 0);
}

/** `20–29` for whole numbers, `36–37` (the upper end not in it) for others. */
export function rangeText(code: string, field: Field, locale: Locale): string {
  const width = widthOf(field);
  const from = Number(code);
  const unit = field.unit ? ` ${textOf(field.unit, locale)}` : '';
  if (field.kind === 'integer') return width <= 1 ? `${from}${unit}` : `${from}–${from + width - 1}${unit}`;
  const to = Number((from + width).toPrecision(12));
  return locale === 'en' ? `${from} to under ${to}${unit}` : `${from} 至不足 ${to}${unit}`;
}
