import { literalText } from './clean.ts';

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;' };

/** A text as XML takes it between tags and in an attribute. It must hold no characters that XML forbids. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"\r]/g, (char) => ESCAPES[char] as string);
}

/**
 * Any text as the content of a cell; empty when nothing of it can be kept. A carriage return is a character reference,
 * which every reader understands. A text that holds an escape of the format is a run of rich text: exceljs
 * resolves escapes nowhere else.
 */
export function inlineString(text: string): string {
  const literal = literalText(text);
  if (literal === '') return '';
  const t = `<t xml:space="preserve">${escapeXml(literal)}</t>`;
  return `<is>${literal.includes('_x005F_') ? `<r>${t}</r>` : t}</is>`;
}
