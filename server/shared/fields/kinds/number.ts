import { toAscii } from '../strings.ts';
import type { Fault, Field } from '../types.ts';
import { fault } from './kind.ts';

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
