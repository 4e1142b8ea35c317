import type { Field, Issue, Locale, Option } from '../types.ts';
import { flaw, textOf } from './kind.ts';

/** What radio, checkbox and select share. */

/** A form is a form, not a catalogue. */
export const MAX_OPTIONS = 500;
const CODE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;

/** The option with a code. */
export function optionOf(field: Field, code: unknown): Option | undefined {
  return field.options?.find((option) => option.code === code);
}

/** The label of a code; the code itself where it has none. */
export function labelOf(field: Field, code: string, locale: Locale): string {
  const option = optionOf(field, code);
  return option ? textOf(option.label, locale) : code;
}

/** The code that a text means: a label in any language, then a code; in any case of letters. Undefined when it is none. */
export function codeOf(field: Field, text: string): string | undefined {
  const options = field.options ?? [];
  const exact = options.find(({ label }) => label['zh-CN'] === text || label.en === text);
  if (exact) return exact.code;
  const wanted = fold(text);
  const named = options.find((option) => labels(option).includes(wanted));
  return (named ?? options.find((option) => fold(option.code) === wanted))?.code;
}

const fold = (text: string): string => text.normalize('NFC').trim().toLowerCase();
const labels = (option: Option): string[] => [option.label['zh-CN'], option.label.en ?? ''].filter(Boolean).map(fold);

/** There are options, their codes are plain and unique, and no two share a label in any language. */
export function vetOptions(field: Field): Issue[] {
  const options = field.options ?? [];
  if (options.length === 0) return [flaw('options', 'options_missing')];
  if (options.length > MAX_OPTIONS) return [flaw('options', 'too_many_options', { max: MAX_OPTIONS })];
  const flaws: Issue[] = [];
  const codes = new Set<string>();
  const seen = new Set<string>();
  options.forEach((option, index) => {
    if (!CODE.test(option.code)) flaws.push(flaw(`options.${index}.code`, 'bad_option_code'));
    else if (codes.has(fold(option.code))) flaws.push(flaw(`options.${index}.code`, 'duplicate_option'));
    const own = new Set(labels(option));
    if ([...own].some((label) => seen.has(label))) flaws.push(flaw(`options.${index}.label`, 'duplicate_label'));
    codes.add(fold(option.code));
    own.forEach((label) => seen.add(label));
  });
  return flaws;
}
