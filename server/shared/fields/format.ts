import { KINDS } from './kinds/index.ts';
import type { Field, Locale, Look } from './types.ts';

/** A value as readable text, which is also its Excel cell; empty for an empty value or one of the wrong type. */
export function formatValue(field: Field, value: unknown, locale: Locale, look?: Look): string {
  const kind = KINDS[field.kind];
  return kind.isEmpty(value) ? '' : kind.format(value, field, locale, look);
}
