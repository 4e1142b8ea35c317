import type { Text } from '../types.ts';
import { fault, HIDDEN, isBlank, type Kind, type KindProjection } from './kind.ts';
import { codeOf, labelOf, optionOf, vetOptions } from './options.ts';

/** One of a few options, all in sight. */
export const radio: Kind = {
  several: true,
  normalise: (raw) => (typeof raw === 'string' ? raw.trim() : raw),
  check(field, value) {
    if (typeof value !== 'string') return fault('wrong_type');
    return optionOf(field, value) ? null : fault('unknown_option');
  },
  isEmpty: isBlank,
  format: (value, field, locale) => (typeof value === 'string' ? labelOf(field, value, locale) : ''),
};

const HOW_TO: Text = {
  'zh-CN': '从下拉列表中选一项',
  en: 'Choose one from the list',
};

export const radioProjection: KindProjection = {
  parse: (cell, field) => codeOf(field, cell) ?? cell.trim(),
  mask: () => HIDDEN,
  jsonSchema: (field) => ({ type: 'string', enum: (field.options ?? []).map((option) => option.code) }),
  gives: 'choice',
  filterable: true,
  dedupe: true,
  maps: ['person.gender'],
  cell: { howTo: HOW_TO, list: true },
  groups: (value) => [String(value)],
  uses: ['options'],
  vet: vetOptions,
};
