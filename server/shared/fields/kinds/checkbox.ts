import type { Field, Locale, Text } from '../types.ts';
import { vetBounds } from '../vet/bounds.ts';
import { fault, flaw, HIDDEN, isBlank, textOf, type Kind, type KindProjection } from './kind.ts';
import { codeOf, labelOf, MAX_OPTIONS, optionOf, vetOptions } from './options.ts';

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length <= MAX_OPTIONS && value.every((item) => typeof item === 'string');

/** Known codes once each, in the order of the options; unknown ones after them. */
function inOrder(codes: string[], field: Field): string[] {
  const given = new Set(codes.map((code) => code.trim()).filter(Boolean));
  const known = (field.options ?? []).map((option) => option.code).filter((code) => given.delete(code));
  return [...known, ...given];
}

/** Any number of options. */
export const checkbox: Kind = {
  several: true,
  normalise: (raw, field) => (isTexts(raw) ? inOrder(raw, field) : raw),
  check(field, value) {
    if (!isTexts(value)) return fault('wrong_type');
    if (!value.every((code) => optionOf(field, code))) return fault('unknown_option');
    if (typeof field.min === 'number' && value.length < field.min) return fault('too_few_choices', { min: field.min });
    if (typeof field.max === 'number' && value.length > field.max) return fault('too_many_choices', { max: field.max });
    return null;
  },
  isEmpty: isBlank,
  format(value, field, locale) {
    if (!isTexts(value)) return '';
    return value.map((code) => labelOf(field, code, locale)).join(locale === 'en' ? '; ' : '；');
  },
};

const HOW_TO: Text = {
  'zh-CN': '可填多项，用顿号隔开：',
  en: 'One or more, separated by commas: ',
};

function howTo(field: Field, locale: Locale): string {
  const labels = (field.options ?? []).map((option) => textOf(option.label, locale));
  return textOf(HOW_TO, locale) + labels.join(locale === 'en' ? ', ' : '、');
}

export const checkboxProjection: KindProjection = {
  /** Semicolons part labels for certain; people also write commas, which a label may contain. */
  parse(cell, field) {
    const pieces = cell.split(/[;；\n]/).flatMap((piece) => (codeOf(field, piece) ? [piece] : piece.split(/[、,，|]/)));
    return inOrder(
      pieces.map((piece) => codeOf(field, piece) ?? piece),
      field,
    );
  },
  mask: () => HIDDEN,
  jsonSchema: (field) => ({
    type: 'array',
    items: { type: 'string', enum: (field.options ?? []).map((option) => option.code) },
    uniqueItems: true,
    minItems: typeof field.min === 'number' ? field.min : 1,
    maxItems: typeof field.max === 'number' ? field.max : (field.options ?? []).length,
  }),
  gives: 'choices',
  filterable: true,
  cell: { howTo },
  groups: (value) => (isTexts(value) ? value : []),
  groupText: (code, field, locale) => labelOf(field, code, locale),
  uses: ['options', 'min', 'max'],
  vet(field) {
    const count = (field.options ?? []).length;
    const parted = (field.options ?? []).flatMap((option, index) =>
      /[;；\n]/.test(textOf(option.label, 'zh-CN') + textOf(option.label, 'en'))
        ? [flaw(`options.${index}.label`, 'label_separator')]
        : [],
    );
    const flaws = [
      ...vetOptions(field),
      ...parted,
      ...vetBounds(field, { whole: true, lowest: 0, highest: MAX_OPTIONS }),
    ];
    return typeof field.min === 'number' && field.min > count ? [...flaws, flaw('min', 'more_than_options')] : flaws;
  },
};
