import { sample, type KindCases } from '../cases/case.ts';
import { hasBadCharacters, toAscii } from '../strings.ts';
import type { Text } from '../types.ts';
import { fault, HIDDEN, isBlank, type Kind, type KindProjection } from './kind.ts';

/** RFC 5321: 254 characters in all, 64 before the sign. */
const LONGEST = 254;
/** What mail providers give out; no quoted names, no addresses of machines. Linear: no part can match what another one matches. */
const ADDRESS =
  /^[A-Za-z0-9_+'&~-]+(?:\.[A-Za-z0-9_+'&~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/;

/** Without spaces and invisible characters; the domain in small letters. */
function normaliseEmail(raw: unknown): unknown {
  if (typeof raw !== 'string') return raw;
  const text = toAscii(raw.normalize('NFC')).replace(/[\s\u200b-\u200f\u2060\ufeff]/g, '');
  const at = text.lastIndexOf('@');
  return at < 0 ? text : text.slice(0, at) + text.slice(at).toLowerCase();
}

/** An e-mail address. */
export const email: Kind = {
  sensitive: true,
  widget: 'text',
  input: { mode: 'email', autocomplete: 'email' },
  normalise: normaliseEmail,
  check(_field, value) {
    if (typeof value !== 'string') return fault('wrong_type');
    if (hasBadCharacters(value)) return fault('bad_characters');
    if (value.length > LONGEST) return fault('too_long', { max: LONGEST, length: value.length });
    return ADDRESS.test(value) && value.indexOf('@') <= 64 ? null : fault('bad_email');
  },
  isEmpty: isBlank,
  format: (value) => (typeof value === 'string' ? value : ''),
};

const HOW_TO: Text = { 'zh-CN': '例：name@example.com', en: 'Like name@example.com' };

export const emailProjection: KindProjection = {
  parse: normaliseEmail,
  /** The first character and the last part: `z***@***.com`. */
  mask(value) {
    if (typeof value !== 'string' || !ADDRESS.test(value)) return HIDDEN;
    return `${value.slice(0, 1)}***@***${value.slice(value.lastIndexOf('.'))}`;
  },
  jsonSchema: () => ({ type: 'string', maxLength: LONGEST, pattern: '^[^@]+@[^@]+$' }),
  gives: 'text',
  dedupe: true,
  cell: { howTo: HOW_TO, width: 26 },
  uses: [],
};

export function emailCases(): KindCases {
  const field = sample('email');
  return {
    good: [
      {
        field,
        raw: ' Zhang.San+1@Example.COM ',
        value: 'Zhang.San+1@example.com',
        text: 'Zhang.San+1@example.com',
        masked: 'Z***@***.com',
        cells: ['Zhang.San+1＠example．com', 'Zhang.San+1@ example.com'],
      },
      {
        field,
        raw: '10001@mail.gov.cn',
        value: '10001@mail.gov.cn',
        text: '10001@mail.gov.cn',
        masked: '1***@***.cn',
      },
    ],
    bad: [
      { field, raw: 'zhangsan', code: 'bad_email' },
      { field, raw: 'a@b', code: 'bad_email' },
      { field, raw: 'a..b@example.com', code: 'bad_email' },
      { field, raw: 'a@-example.com', code: 'bad_email' },
      { field, raw: 'a@b@example.com', code: 'bad_email' },
      { field, raw: `${'a'.repeat(65)}@example.com`, code: 'bad_email' },
      { field, raw: `a@${'b.'.repeat(130)}com`, code: 'too_long' },
      { field, raw: 'a\u0000@example.com', code: 'bad_characters' },
      { field, raw: 5, code: 'wrong_type' },
      { field, raw: ['a@example.com'], code: 'wrong_type' },
    ],
  };
}
