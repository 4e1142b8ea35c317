import { count } from '../../common/admin/text/format.ts';
import { t } from './exports.texts.ts';
import type { ExportView } from './exports.types.ts';

/** The rows of the file; before it is there, how many there will be. */
export function rowsText({ rows }: Pick<ExportView, 'rows'>): string {
  if (rows.written !== null) return count(rows.written);
  return t(rows.capped ? 'rowsMore' : 'rowsAbout', { n: count(rows.expected) });
}
