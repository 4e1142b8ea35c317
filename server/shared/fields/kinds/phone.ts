import { compact, maskMiddle } from '../strings.ts';
import type { Text } from '../types.ts';
import { fault, HIDDEN, isBlank, type Kind, type KindProjection } from './kind.ts';

const MOBILE = /^1[3-9]\d{9}$/;

/** Without spaces, dashes, brackets and the country code. */
function normalisePhone(raw: unknown): unknown {
  if (typeof raw !== 'string') return raw;
  return compact(raw)
    .replace(/[()]/g, '')
    .replace(/^(?:\+|00)86(?=\d)|^86(?=1\d{10}$)/, '');
}

/** A mainland mobile number, eleven digits. */
export const phone: Kind = {
  normalise: normalisePhone,
  check(_field, value) {
    if (typeof value !== 'string') return fault('wrong_type');
    if (/^\d+$/.test(value) && value.length !== 11) return fault('phone_length', { length: value.length });
    return MOBILE.test(value) ? null : fault('phone_invalid');
  },
  sensitive: true,
  isEmpty: isBlank,
  format: (value) => (typeof value === 'string' ? value : ''),
};

const HOW_TO: Text = {
  'zh-CN': '11 位手机号',
  en: 'Mobile number of 11 digits',
};

export const phoneProjection: KindProjection = {
  parse: normalisePhone,
  mask: (value) => (typeof value === 'string' && MOBILE.test(value) ? maskMiddle(value, 3, 4) : HIDDEN),
  jsonSchema: () => ({ type: 'string', pattern: MOBILE.source }),
  dedupe: true,
  maps: ['person.phone'],
  cell: { howTo: HOW_TO },
  uses: [],
};
