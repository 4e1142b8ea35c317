import { corrupt } from './errors.ts';

const AMPERSAND = 0x26;
const CARRIAGE_RETURN = 0x0d;
const UNDERSCORE = 0x5f;

/** Whether a text between tags is its own value: no entity, no line end to normalise, no `_xHHHH_` escape. */
export function isPlain(buf: Buffer, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const byte = buf[i] as number;
    if (byte === AMPERSAND || byte === CARRIAGE_RETURN || (byte === UNDERSCORE && buf[i + 1] === 0x78)) return false;
  }
  return true;
}

/** The value of a text between tags: entities, line ends and the format's own `_xHHHH_` escapes resolved. */
export function decodeText(buf: Buffer, from: number, to: number): string {
  const raw = buf.toString('utf8', from, to);
  return isPlain(buf, from, to) ? raw : unescapeText(decodeEntities(raw.replace(/\r\n?/g, '\n')));
}

const NAMED: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Resolves the five named entities and character references. @throws WorkbookError on any other */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&([^;&]{0,10};?)/g, (_whole, body: string) => {
    const name = body.slice(0, -1);
    if (!body.endsWith(';')) throw corrupt('entity');
    const named = Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
    if (named !== undefined) return named;
    const digits = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(name);
    const code = digits ? Number.parseInt(digits[1] ?? digits[2] ?? '', digits[1] ? 16 : 10) : Number.NaN;
    if (!(code > 0 && code <= 0x10ffff) || (code >= 0xd800 && code <= 0xdfff)) throw corrupt('entity');
    return String.fromCodePoint(code);
  });
}

/** `_x000D_` stands for a character that XML cannot hold; `_x005F_` keeps such a text literal. */
export function unescapeText(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
