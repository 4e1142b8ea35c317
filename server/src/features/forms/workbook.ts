import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { textOf, type FormContent, type Locale } from '../../../shared/fields/index.ts';
import { formOf, tableOf, type NumberedRow, type TableFault } from '../../../shared/forms/table/index.ts';
import { Problem } from '../../http/index.ts';
import { tempFolder } from '../../infra/temp/index.ts';
import { createWorkbookWriter, openInWorker, sniffed, WorkbookError } from '../../infra/workbook/index.ts';

/** A form is at most some hundred rows; what a hostile file may unpack to, and how long it may be read. */
export const WORKBOOK_BYTES = 4 * 1024 * 1024;
const LIMITS = {
  fileBytes: WORKBOOK_BYTES,
  sheetBytes: 64 * 1024 * 1024,
  stringsBytes: 32 * 1024 * 1024,
  strings: 200_000,
};
const MOST_ROWS = 20_000;

/** A form as a workbook of one row a field. */
export function workbookOf(content: FormContent, locale: Locale): Readable {
  const out = new PassThrough();
  const { columns, rows } = tableOf(content, locale);
  const write = async (): Promise<void> => {
    const book = createWorkbookWriter(out);
    const title = typeof content.title === 'object' && content.title ? textOf(content.title, locale) : '';
    const sheet = book.sheet(title || 'Form', { columns: columns.map((column) => ({ ...column, textFormat: true })) });
    for (const row of rows) await sheet.row(row);
    await book.close();
  };
  void write().catch((error: Error) => out.destroy(error));
  return out;
}

/**
 * The form that an uploaded workbook says, or what in it can't be understood. Nothing of it stays on this host.
 * @throws Problem `file_*` for what is no workbook
 */
export async function formInWorkbook(
  file: Readable,
  signal: AbortSignal,
): Promise<{ content: FormContent | null; faults: TableFault[] }> {
  const folder = await tempFolder('form');
  try {
    const path = join(folder.path, 'file');
    await pipeline(sniffed(file), createWriteStream(path), { signal });
    const reader = await openInWorker(path, { limits: LIMITS });
    try {
      const rows: NumberedRow[] = [];
      for await (const batch of reader.rows(0, { signal })) {
        for (const { number, cells } of batch) rows.push({ number, cells: cells.map(({ text }) => text) });
        if (rows.length > MOST_ROWS) throw new Problem('file_too_large', { params: { limit: 'rows' } });
      }
      return formOf(rows);
    } finally {
      await reader.close();
    }
  } catch (error) {
    throw error instanceof WorkbookError ? new Problem(error.code, { params: error.params }) : error;
  } finally {
    await folder.remove();
  }
}
