import { finished } from 'node:stream/promises';
import type { Writable } from 'node:stream';
import ExcelJS from 'exceljs';
import { storedText, sheetName } from './clean.ts';
import { MAX_ROWS } from './limits.ts';
import { REQUIRED_MARK, templateKey } from './template-key.ts';

export interface TemplateColumn {
  /** Names the column to the importer, whatever becomes of the header. Not shown. */
  key: string;
  header: string;
  /** A note on the header cell. */
  note?: string;
  /** In characters. */
  width?: number;
  /** Typed values stay text: ID numbers keep 18 digits and leading zeros. */
  text?: boolean;
  /** The values of a dropdown; no other value is accepted. */
  options?: string[];
  required?: boolean;
}

export interface TemplateSpec {
  sheetName: string;
  columns: TemplateColumn[];
  /** Shown below the notes, under the headers; the sheet to fill stays empty, so that no example is imported. */
  exampleRows?: string[][];
  /** Rows of the sheet that explains how to fill. */
  notesSheet?: string[][];
  /** Title of that sheet; 填写说明 unless told. */
  notesTitle?: string;
  /** What a spreadsheet program says to a value outside a dropdown. */
  optionsError?: string;
  /** Comes back from `readTemplateKeys`. The name `key` is taken. */
  meta: Record<string, string>;
}

const LISTS = '_lists';
const FIRST_DATA_ROW = 3;

/**
 * Writes a template to fill: a hidden row of keys, a frozen bold header, text formats, dropdowns, notes.
 * It is small and built in memory. Ends `out`.
 */
export async function writeTemplate(out: Writable, spec: TemplateSpec): Promise<void> {
  const book = new ExcelJS.Workbook();
  const name = sheetName(spec.sheetName, [LISTS]);
  addDataSheet(book, name, spec);
  addDropdowns(book, name, spec);
  if (spec.notesSheet || spec.exampleRows)
    addNotes(book, sheetName(spec.notesTitle ?? '填写说明', [name, LISTS]), spec);
  const done = finished(out);
  out.end(Buffer.from(await book.xlsx.writeBuffer()));
  await done;
}

function addDataSheet(book: ExcelJS.Workbook, name: string, spec: TemplateSpec): void {
  const sheet = book.addWorksheet(name, { views: [{ state: 'frozen', ySplit: FIRST_DATA_ROW - 1 }] });
  sheet.columns = spec.columns.map(({ width, text }) => ({ width: width ?? 18, style: text ? { numFmt: '@' } : {} }));
  const keys = sheet.getRow(1);
  keys.hidden = true;
  const headers = sheet.getRow(2);
  spec.columns.forEach((column, i) => {
    keys.getCell(i + 1).value = storedText(templateKey(column.key, spec.meta));
    const cell = headers.getCell(i + 1);
    cell.value = storedText(column.header) + (column.required ? REQUIRED_MARK : '');
    if (column.note) cell.note = storedText(column.note);
    cell.font = { bold: true };
    cell.alignment = { vertical: 'middle', wrapText: true };
  });
}

/** Lists live in a sheet of their own: a list inside a validation holds 255 characters and no commas. */
function addDropdowns(book: ExcelJS.Workbook, name: string, spec: TemplateSpec): void {
  const lists = spec.columns.filter(({ options }) => options && options.length > 0);
  if (lists.length === 0) return;
  const sheet = book.getWorksheet(name) as ExcelJS.Worksheet & { dataValidations: DataValidations };
  const hidden = book.addWorksheet(LISTS, { state: 'veryHidden' });
  lists.forEach(({ options = [] }, i) => {
    const list = hidden.getColumn(i + 1);
    list.values = options.map(storedText);
    const column = sheet.getColumn(spec.columns.indexOf(lists[i] as TemplateColumn) + 1).letter;
    sheet.dataValidations.add(`${column}${FIRST_DATA_ROW}:${column}${MAX_ROWS}`, {
      type: 'list',
      allowBlank: true,
      formulae: [`${LISTS}!$${list.letter}$1:$${list.letter}$${options.length}`],
      showErrorMessage: true,
      errorStyle: 'stop',
      ...(spec.optionsError ? { error: storedText(spec.optionsError) } : {}),
    });
  });
}

/** exceljs can set a validation on a whole range; its types only know single cells. */
interface DataValidations {
  add(range: string, validation: ExcelJS.DataValidation): void;
}

function addNotes(book: ExcelJS.Workbook, title: string, spec: TemplateSpec): void {
  const sheet = book.addWorksheet(title);
  const { notesSheet = [], exampleRows = [] } = spec;
  for (const row of notesSheet) sheet.addRow(row.map(storedText));
  if (exampleRows.length > 0) {
    if (notesSheet.length > 0) sheet.addRow([]);
    sheet.addRow(spec.columns.map(({ header }) => storedText(header))).font = { bold: true };
    for (const row of exampleRows) sheet.addRow(row.map(storedText));
  }
  const widest = Math.max(1, ...[...notesSheet, ...exampleRows].map((row) => row.length));
  for (let i = 1; i <= widest; i++) {
    sheet.getColumn(i).width = 24;
    sheet.getColumn(i).alignment = { vertical: 'top', wrapText: true };
  }
}
