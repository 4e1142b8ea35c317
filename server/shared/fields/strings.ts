/** Full-width letters, digits and signs (`１２Ａ－`) to ASCII; the ideographic space to a space. */
export function toAscii(text: string): string {
  if (!/[\u3000\uff01-\uff5e]/.test(text)) return text;
  return text.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/\u3000/g, ' ');
}

/**
 * A number as people copy it (`１３８-0013 8000`, with the invisible marks that address books add) without
 * spaces, dashes and invisible characters, in ASCII.
 */
export function compact(text: string): string {
  if (/^[0-9A-Za-z]*$/.test(text)) return text;
  return toAscii(text.normalize('NFC')).replace(
    /[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\-\u2010-\u2015\u2212]/g,
    '',
  );
}

/**
 * Texts that every rule below leaves as they are but for white space at their ends: printable ASCII, ideographs, and the signs
 * of Chinese writing. Most texts are such; one look at them is cheaper than each rule's own.
 */
const PLAIN = /^[ -~\u3001-\u3029\u4e00-\u9fff\uff01-\uff5e]*$/;

/** One line: NFC, white space at the ends removed, line breaks and tabs to a space. */
export function oneLine(text: string): string {
  if (PLAIN.test(text)) return text.trim();
  return text
    .normalize('NFC')
    .replace(/[\r\n\t\u2028\u2029]+/g, ' ')
    .trim();
}

/** Several lines: NFC, white space at the ends removed, every line break `\n`. */
export function lines(text: string): string {
  if (PLAIN.test(text)) return text.trim();
  return text
    .normalize('NFC')
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .trim();
}

/** The length in characters (code points), as a person counts and as JSON Schema counts. */
export function lengthOf(text: string): number {
  if (!/[\ud800-\udfff]/.test(text)) return text.length;
  let { length } = text;
  for (let at = 0; at < text.length - 1; at += 1) {
    if ((text.charCodeAt(at) & 0xfc00) !== 0xd800 || (text.charCodeAt(at + 1) & 0xfc00) !== 0xdc00) continue;
    // A pair that is whole.
    length -= 1;
    at += 1;
  }
  return length;
}

/** Control characters other than tab and line break, and halves of a surrogate pair: nobody types them, XML refuses them. */
export function hasBadCharacters(text: string): boolean {
  return !PLAIN.test(text) && /[\u0000-\u0008\u000b-\u001f\u007f\ufffe\uffff]|[\ud800-\udfff]/u.test(text);
}

/** Keeps the ends of a text and hides the middle, of which at least half is hidden. */
export function maskMiddle(text: string, head: number, tail: number): string {
  const characters = [...text];
  const hidden = characters.length - head - tail;
  if (hidden < head + tail && hidden < 4) return '*'.repeat(Math.max(characters.length, 2));
  return characters.slice(0, head).join('') + '*'.repeat(hidden) + characters.slice(characters.length - tail).join('');
}
