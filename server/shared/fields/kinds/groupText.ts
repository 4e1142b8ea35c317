import type { Locale } from '../types.ts';

/**
 * The records of a group in one cell: a record a line, in it `name：answer` with semicolons between. A sign of these within a
 * name or an answer has a backslash before it, so that everything comes back.
 */

/** The line of a record without answers. */
export const NO_ANSWERS = '-';

type Part = readonly [name: string, text: string];

const guard = (text: string): string => text.replace(/[\\;；]/g, '\\$&').replace(/\n/g, '\\n');
const guardName = (name: string): string => guard(name).replace(/[:：]/g, '\\$&');

/** A record as a line. */
export function joinRecord(parts: readonly Part[], locale: Locale): string {
  if (parts.length === 0) return NO_ANSWERS;
  const [colon, semicolon] = locale === 'en' ? [': ', '; '] : ['：', '；'];
  return parts.map(([name, text]) => `${guardName(name)}${colon}${guard(text)}`).join(semicolon);
}

/** The records of a cell, by line and answer; undefined where a line names nothing. */
export function splitCell(cell: string): Part[][] | undefined {
  const records: Part[][] = [];
  for (const line of cell.replace(/\r\n?/g, '\n').split('\n')) {
    if (line.trim() === '') continue;
    const parts: Part[] = [];
    if (line.trim() !== NO_ANSWERS) {
      for (const piece of splitAt(line, ';；')) {
        if (piece.trim() === '') continue;
        const [name, ...rest] = splitAt(piece, ':：', 1);
        if (rest.length === 0) return undefined;
        parts.push([unguard(name!).trim(), unguard(rest[0]!).trim()]);
      }
    }
    records.push(parts);
  }
  return records;
}

/** The pieces between signs that no backslash guards; at most `times` cuts. */
function splitAt(text: string, signs: string, times = Infinity): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at]!;
    if (sign === '\\') {
      piece += sign + (text[at + 1] ?? '');
      at += 1;
    } else if (signs.includes(sign) && pieces.length < times) {
      pieces.push(piece);
      piece = '';
    } else piece += sign;
  }
  pieces.push(piece);
  return pieces;
}

const unguard = (text: string): string =>
  text.replace(/\\(.?)/g, (_whole, sign: string) => (sign === 'n' ? '\n' : sign));
