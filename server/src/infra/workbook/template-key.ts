import type { Row } from './types.ts';

/** Begins every cell of a template's hidden first row. */
export const TEMPLATE_MARK = '#dengji:';
/** Follows the header of a column that must be filled. */
export const REQUIRED_MARK = ' *';

/** What a template's hidden row says. */
export interface TemplateKeys {
  /** By column; null where the column is none of the template's. */
  keys: (string | null)[];
  /** As given to `writeTemplate`, without a prototype: the form and its version, for example. */
  meta: Record<string, string>;
}

/** The hidden text over one column. The meta stands over each, so it survives a deleted column. */
export function templateKey(key: string, meta: Record<string, string>): string {
  return TEMPLATE_MARK + new URLSearchParams({ ...meta, key }).toString();
}

/** Reads a sheet's first row as a template's hidden row. @returns null when the sheet is no template */
export function readTemplateKeys(row: Row | undefined): TemplateKeys | null {
  const cells = row?.number === 1 ? row.cells : [];
  if (!cells.some((cell) => cell.text.startsWith(TEMPLATE_MARK))) return null;
  const meta = Object.create(null) as Record<string, string>;
  const keys = cells.map((cell) => {
    if (!cell.text.startsWith(TEMPLATE_MARK)) return null;
    const params = new URLSearchParams(cell.text.slice(TEMPLATE_MARK.length));
    const key = params.get('key');
    params.delete('key');
    for (const [name, value] of params) meta[name] = value;
    return key;
  });
  return { keys, meta };
}

/** A header as a person knows it: without the mark of required columns. */
export function plainHeader(header: string): string {
  return header.trim().replace(/[\s\u3000]*[*＊]$/, '');
}
