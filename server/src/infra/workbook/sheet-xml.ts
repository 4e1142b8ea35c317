import { STYLE } from './book-xml.ts';
import { columnName } from './column-name.ts';
import { inlineString } from './xml-escape.ts';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const DEFAULT_WIDTH = 16;

export interface SheetColumn {
  header: string;
  /** In characters. */
  width?: number;
  /** Cells are text to spreadsheet programs, so that a typed ID number keeps its digits. */
  textFormat?: boolean;
}

export interface SheetOptions {
  /** With at least one column a bold header row is written first, by which readers can filter. */
  columns: SheetColumn[];
  /** Rows that stay in view; 1 unless told. */
  frozenRows?: number;
}

/** A sheet's XML up to the first row behind the headers. @param shown whether a program opens the file on this sheet */
export function sheetHead({ columns, frozenRows = 1 }: SheetOptions, shown: boolean): string {
  const cols = columns.map(({ width = DEFAULT_WIDTH, textFormat }, i) => {
    const style = textFormat ? ` style="${STYLE.text}"` : '';
    return `<col min="${i + 1}" max="${i + 1}" width="${width}"${style} customWidth="1"/>`;
  });
  return [
    `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="${MAIN}">`,
    `<sheetViews><sheetView${shown ? ' tabSelected="1"' : ''} workbookViewId="0">${pane(frozenRows)}</sheetView></sheetViews>`,
    '<sheetFormatPr defaultRowHeight="15"/>',
    cols.length > 0 ? `<cols>${cols.join('')}</cols>` : '',
    `<sheetData>${headerRow(columns)}`,
  ].join('');
}

/** What ends a sheet of so many columns with headers and so many rows. */
export function sheetTail(columns: number, rows: number): string {
  const filter = columns > 0 ? `<autoFilter ref="A1:${columnName(columns - 1)}${rows}"/>` : '';
  return `</sheetData>${filter}</worksheet>`;
}

function pane(rows: number): string {
  if (rows === 0) return '';
  return `<pane ySplit="${rows}" topLeftCell="A${rows + 1}" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft"/>`;
}

function headerRow(columns: readonly SheetColumn[]): string {
  if (columns.length === 0) return '';
  const cells = columns.map(({ header }, i) => {
    const open = `<c r="${columnName(i)}1" s="${STYLE.header}"`;
    const content = inlineString(header);
    return content === '' ? `${open}/>` : `${open} t="inlineStr">${content}</c>`;
  });
  return `<row r="1">${cells.join('')}</row>`;
}
