import { sample, type KindCases } from '../cases/case.ts';
import { hasBadCharacters, toAscii } from '../strings.ts';
import type { Text } from '../types.ts';
import { vetBounds } from '../vet/bounds.ts';
import { fault, HIDDEN, isBlank, type Kind, type KindProjection } from './kind.ts';

const LONGEST = 500;
const LIMIT = 2000;
/** A name, perhaps a port, then anything without spaces. Neither a user name nor another scheme: both are used to mislead. */
const ADDRESS =
  /^https?:\/\/(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}][\p{L}\p{N}-]{0,61}[\p{L}\p{N}](?::\d{1,5})?(?:[/?#][^\s"<>\\^`{|}]*)?$/u;

/** With a scheme, and scheme and name in small letters; the rest as it is. */
function normaliseUrl(raw: unknown): unknown {
  if (typeof raw !== 'string') return raw;
  let text = raw.normalize('NFC').trim();
  if (!/^[a-z][a-z0-9+.-]*:/i.test(text) && /^www\./i.test(text)) text = `https://${text}`;
  const match = /^(https?[:：][/／]{2}[^/?#\s]*)(.*)$/isu.exec(text);
  return match ? toAscii(match[1]!).toLowerCase().normalize('NFC') + match[2]! : text;
}

/** A web address; shown as a text, never as a link. */
export const url: Kind = {
  widget: 'text',
  input: { mode: 'url', autocomplete: 'url' },
  normalise: normaliseUrl,
  check(field, value) {
    if (typeof value !== 'string') return fault('wrong_type');
    if (hasBadCharacters(value)) return fault('bad_characters');
    const max = typeof field.max === 'number' ? field.max : LONGEST;
    if (value.length > max) return fault('too_long', { max, length: value.length });
    return ADDRESS.test(value) ? null : fault('bad_url');
  },
  isEmpty: isBlank,
  format: (value) => (typeof value === 'string' ? value : ''),
};

const HOW_TO: Text = { 'zh-CN': '例：https://www.example.com', en: 'Like https://www.example.com' };

export const urlProjection: KindProjection = {
  parse: normaliseUrl,
  mask: () => HIDDEN,
  jsonSchema: (field) => ({ type: 'string', maxLength: typeof field.max === 'number' ? field.max : LONGEST }),
  gives: 'text',
  cell: { howTo: HOW_TO, width: 36 },
  uses: ['max'],
  vet: (field) => vetBounds(field, { whole: true, lowest: 20, highest: LIMIT }),
};

export function urlCases(): KindCases {
  const field = sample('url');
  return {
    good: [
      {
        field,
        raw: ' HTTPS://Www.Example.com/A?b=C#d ',
        value: 'https://www.example.com/A?b=C#d',
        text: 'https://www.example.com/A?b=C#d',
        masked: '**',
        cells: ['https：//www.example.com/A?b=C#d'],
      },
      {
        field,
        raw: 'www.example.com',
        value: 'https://www.example.com',
        text: 'https://www.example.com',
        masked: '**',
      },
      {
        field,
        raw: 'http://公司.example.中国:8080/路径',
        value: 'http://公司.example.中国:8080/路径',
        text: 'http://公司.example.中国:8080/路径',
        masked: '**',
      },
    ],
    bad: [
      { field, raw: 'example', code: 'bad_url' },
      { field, raw: 'javascript:alert(1)', code: 'bad_url' },
      { field, raw: 'data:text/html,x', code: 'bad_url' },
      { field, raw: 'ftp://example.com', code: 'bad_url' },
      { field, raw: 'https://user:pass@example.com', code: 'bad_url' },
      { field, raw: 'https://example.com/a b', code: 'bad_url' },
      { field, raw: 'https://example.com/"onclick="x', code: 'bad_url' },
      { field, raw: `https://example.com/${'a'.repeat(500)}`, code: 'too_long', params: { max: 500 } },
      { field, raw: 5, code: 'wrong_type' },
      { field, raw: {}, code: 'wrong_type' },
    ],
  };
}
