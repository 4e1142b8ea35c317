import { literalText } from './clean.ts';

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;' };

/** A text as XML takes it between tags and in an attribute. It must hold no characters that XML forbids. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"\r]/g, (char) => ESCAPES[char] as string);
}

/**
 * Any text as the content of a cell, between tags. A carriage return is a character reference, which every reader
 * understands; the format's own `_x000D_` is shown as such by some.
 */
export function cellXml(text: string): string {
  return escapeXml(literalText(text));
}
