/** Writes the benches' table as an xlsx file, as the programs of the office write it. */
import { tableHeader, tableRow, UNIQUE_COLUMNS, type TableValue } from './people.ts';
import { ZipFile } from './zip-file.ts';

export interface TableFileOptions {
  /** Rows of data; the header is one more. */
  rows: number;
  /** `shared`: a table of strings stored after the sheet, as Excel and WPS do. `inline`: texts in their cells. */
  strings: 'shared' | 'inline';
  /** Zlib level. */
  level?: number;
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
/** Rows joined into one piece for the packer. */
const PIECE_ROWS = 200;
const COLUMNS = Array.from({ length: 20 }, (_, i) => String.fromCharCode(65 + i));

/** Makes the file; a million rows take about twenty CPU seconds. */
export async function writeTableFile(path: string, options: TableFileOptions): Promise<void> {
  const shared = options.strings === 'shared';
  const zip = await ZipFile.create(path, options.level);
  for (const [name, text] of fixedParts(shared)) await zip.add(name, [text]);
  await zip.add('xl/worksheets/sheet1.xml', sheet(options.rows, shared ? sharedCells() : inlineCell));
  if (shared) await zip.add('xl/sharedStrings.xml', sharedStrings(options.rows));
  await zip.close();
}

type CellOf = (column: number, ref: string, text: string) => string;

const inlineCell: CellOf = (_column, ref, text) =>
  `<c r="${ref}" t="inlineStr"><is><t${spaced(text)}>${escape(text)}</t></is></c>`;

/** Numbers strings by their first use, row after row. Columns that never repeat need no look-up. */
function sharedCells(): CellOf {
  const known = new Map<string, number>();
  let count = 0;
  return (column, ref, text) => {
    let index = UNIQUE_COLUMNS.has(column) && !ref.endsWith('1') ? undefined : known.get(text);
    if (index === undefined) {
      index = count++;
      if (!UNIQUE_COLUMNS.has(column)) known.set(text, index);
    }
    return `<c r="${ref}" t="s"><v>${index}</v></c>`;
  };
}

function* allRows(rows: number): Generator<readonly TableValue[]> {
  yield tableHeader;
  for (let i = 0; i < rows; i++) yield tableRow(i);
}

function* sheet(rows: number, textCell: CellOf): Generator<string> {
  yield `${HEAD}<worksheet xmlns="${MAIN}" xmlns:r="${RELATIONS}"><dimension ref="A1:T${rows + 1}"/><sheetData>`;
  let piece = '';
  let number = 0;
  for (const values of allRows(rows)) {
    number++;
    piece += `<row r="${number}" spans="1:20">`;
    for (let column = 0; column < values.length; column++) {
      const value = values[column] as TableValue;
      const ref = (COLUMNS[column] as string) + number;
      if (value === null) piece += `<c r="${ref}" s="0"/>`;
      else if (typeof value === 'string') piece += textCell(column, ref, value);
      else if (typeof value === 'number') piece += `<c r="${ref}"><v>${value}</v></c>`;
      else piece += `<c r="${ref}" s="1"><v>${value.serial}</v></c>`;
    }
    piece += '</row>';
    if (number % PIECE_ROWS !== 0) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}</sheetData></worksheet>`;
}

/** The strings in the order of their first use: the same walk again. */
function* sharedStrings(rows: number): Generator<string> {
  const seen = new Set<string>();
  yield `${HEAD}<sst xmlns="${MAIN}">`;
  let piece = '';
  let number = 0;
  for (const values of allRows(rows)) {
    values.forEach((value, column) => {
      if (typeof value !== 'string') return;
      if (!UNIQUE_COLUMNS.has(column)) {
        if (seen.has(value)) return;
        seen.add(value);
      }
      piece += `<si><t${spaced(value)}>${escape(value)}</t></si>`;
    });
    if (++number % PIECE_ROWS !== 0) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}</sst>`;
}

const spaced = (text: string): string => (/^\s|\s$|\n/.test(text) ? ' xml:space="preserve"' : '');

function escape(text: string): string {
  return /[<>&]/.test(text) ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') : text;
}

function fixedParts(shared: boolean): [name: string, text: string][] {
  const relation = (id: number, type: string, target: string): string =>
    `<Relationship Id="rId${id}" Type="${RELATIONS}/${type}" Target="${target}"/>`;
  const relations = (inner: string): string =>
    `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${inner}</Relationships>`;
  const type = (part: string, kind: string): string =>
    `<Override PartName="/xl/${part}.xml" ContentType="${TYPES}.${kind}+xml"/>`;
  const strings = shared ? type('sharedStrings', 'sharedStrings') : '';
  return [
    [
      '[Content_Types].xml',
      `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${type('workbook', 'sheet.main')}${type('worksheets/sheet1', 'worksheet')}${type('styles', 'styles')}${strings}</Types>`,
    ],
    ['_rels/.rels', relations(relation(1, 'officeDocument', 'xl/workbook.xml'))],
    [
      'xl/workbook.xml',
      `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets><sheet name="登记" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      relations(
        relation(1, 'worksheet', 'worksheets/sheet1.xml') +
          relation(2, 'styles', 'styles.xml') +
          (shared ? relation(3, 'sharedStrings', 'sharedStrings.xml') : ''),
      ),
    ],
    [
      'xl/styles.xml',
      `${HEAD}<styleSheet xmlns="${MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    ],
  ];
}
