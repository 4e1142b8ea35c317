import type { Text } from '../types.ts';
import { fault, type Kind, type KindProjection } from './kind.ts';

const YES = new Set([
  '是',
  '同意',
  '已同意',
  '我同意',
  'yes',
  'y',
  'true',
  '1',
  'agree',
  'agreed',
  'i agree',
  '√',
  '✓',
  '✔',
]);
const NO = new Set(['', '否', '不同意', '未同意', 'no', 'n', 'false', '0', 'disagree', '×', '✗']);

/** A box to tick; an unticked one is an empty one. */
export const consent: Kind = {
  normalise: (raw) => raw,
  check(_field, value) {
    if (value === true) return null;
    return fault(typeof value === 'string' ? 'not_yes' : 'wrong_type');
  },
  isEmpty: (value) => value === undefined || value === null || value === '' || value === false,
  format: (value, _field, locale) => (value === true ? (locale === 'en' ? 'Yes' : '是') : ''),
};

const HOW_TO: Text = {
  'zh-CN': '填“是”或“否”',
  en: 'Type 是 (yes) or 否 (no)',
};

export const consentProjection: KindProjection = {
  parse(cell) {
    const word = cell.trim().toLowerCase();
    if (YES.has(word)) return true;
    return NO.has(word) ? false : cell.trim();
  },
  mask: consent.format,
  jsonSchema: () => ({ type: 'boolean', enum: [true] }),
  gives: 'boolean',
  filterable: true,
  cell: { howTo: HOW_TO },
  groups: () => ['true'],
  groupText: (_code, field, locale) => consent.format(true, field, locale),
  uses: [],
};
