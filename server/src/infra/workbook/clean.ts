import { MAX_CELL_CHARS } from './limits.ts';

/** Stands at the end of a text that a cell could not hold whole. */
export const CUT_MARK = '…';
const MAX_SHEET_NAME = 31;
// eslint-disable-next-line no-control-regex -- these are exactly the characters that XML cannot hold
const INVALID =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
/** An underscore that would begin an escape, also before a carriage return, which may itself become `_x000D_`. */
const ESCAPE_LIKE = /_(?=x[0-9A-Fa-f]{4}[_\r])/g;

/** Text as a cell can hold it: characters that XML forbids removed, cut at 32,767 UTF-16 units with a mark. */
export function cleanText(text: string): string {
  const clean = text.replace(INVALID, '');
  if (clean.length <= MAX_CELL_CHARS) return clean;
  const last = clean.charCodeAt(MAX_CELL_CHARS - 2);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return clean.slice(0, MAX_CELL_CHARS - (splitsPair ? 2 : 1)) + CUT_MARK;
}

/** Clean text that no reader takes for one of the format's escapes, `_x0041_`: what looks like one is kept literal. */
export function literalText(text: string): string {
  return cleanText(text).replace(ESCAPE_LIKE, '_x005F_');
}

/**
 * Literal text for an XML writer that would turn a carriage return into a line feed: it becomes the escape `_x000D_`.
 * A reader gives back exactly the clean text.
 */
export function storedText(text: string): string {
  return literalText(text).replaceAll('\r', '_x000D_');
}

/**
 * A sheet name that spreadsheet programs accept and that is not in `taken` (compared without case).
 * Forbidden characters become spaces, at most 31 UTF-16 units, never empty.
 */
export function sheetName(wanted: string, taken: readonly string[] = []): string {
  const base =
    cutName(
      wanted
        .replace(INVALID, '')
        .replace(/[\\/?*[\]:\r\n\t]/g, ' ')
        .trim()
        .replace(/^'+|'+$/g, ''),
      MAX_SHEET_NAME,
    ) || 'Sheet';
  const used = new Set([...taken.map((name) => name.toLowerCase()), 'history']);
  for (let n = 1; ; n++) {
    const suffix = n === 1 ? '' : ` (${n})`;
    const name = cutName(base, MAX_SHEET_NAME - suffix.length) + suffix;
    if (!used.has(name.toLowerCase())) return name;
  }
}

function cutName(name: string, units: number): string {
  return name
    .slice(0, units)
    .replace(/[\ud800-\udbff]$/, '')
    .trimEnd();
}
