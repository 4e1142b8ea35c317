import { KINDS } from './kinds/index.ts';
import { textOf } from './kinds/kind.ts';
import type { Field, Locale, Look } from './types.ts';

/** A value as readable text, which is also its Excel cell; empty for an empty value or one of the wrong type. */
export function formatValue(field: Field, value: unknown, locale: Locale, look?: Look): string {
  const kind = KINDS[field.kind];
  return kind.isEmpty(value) ? '' : kind.format(value, field, locale, look);
}

/** The same as pages show it, with the unit of its field: a cell holds the number alone. */
export function formatWithUnit(field: Field, value: unknown, locale: Locale, look?: Look): string {
  const text = formatValue(field, value, locale, look);
  return text && field.unit ? `${text} ${textOf(field.unit, locale)}` : text;
}
