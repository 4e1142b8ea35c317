import type { Fault, Field, Locale } from '../fields/types.ts';

/** Sentences by code, with `{params}`. */
export type Texts = Readonly<Record<string, string>>;

/** The sentence for a code. A code that an older page doesn't know yet gets a general one. */
export function say(texts: Texts, code: string, params: Fault['params'] = {}): string {
  const own = Object.prototype.hasOwnProperty;
  const text = own.call(texts, code) ? texts[code] : texts.bad_value;
  return (text ?? code).replace(/\{(\w+)\}/g, (whole, name: string) => (own.call(params, name) ? String(params[name]) : whole));
}

/** The sentence for a fault of a field: the designer's own hint where the field's pattern didn't match. */
export function sayFault(texts: Texts, found: Fault, field?: Field, locale: Locale = 'zh-CN'): string {
  const hint = found.code === 'pattern_mismatch' ? field?.patternHint : undefined;
  return hint?.[locale] || hint?.['zh-CN'] || say(texts, found.code, found.params);
}
