/** The parts of a workbook beside its sheets. */
import { columnName } from './column-name.ts';
import { escapeXml } from './xml-escape.ts';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument';
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** Cell styles of every workbook: their places in `cellXfs`. */
export const STYLE = Object.freeze({ plain: 0, header: 1, text: 2, marked: 3 });

/** With the entries that spreadsheet programs expect to be there; the built-in format 49 is `@`, text. */
const STYLES_XML = [
  `${HEAD}<styleSheet xmlns="${MAIN}">`,
  '<fonts count="3"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>',
  '<font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font>',
  '<font><sz val="11"/><color rgb="FF9C0006"/><name val="Calibri"/><family val="2"/></font></fonts>',
  '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>',
  '<fill><patternFill patternType="solid"><fgColor rgb="FFFFC7CE"/><bgColor indexed="64"/></patternFill></fill></fills>',
  '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>',
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
  '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
  '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>',
  '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>',
  '<xf numFmtId="49" fontId="2" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/></cellXfs>',
  '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
].join('');

type Part = readonly [name: string, xml: string];

/** What can be written before any sheet. In this order: programs that tell a file's type by its bytes look no further. */
export const FIRST_PARTS: readonly Part[] = [
  [
    '_rels/.rels',
    relations([
      ['officeDocument', 'xl/workbook.xml'],
      ['extended-properties', 'docProps/app.xml'],
    ]),
  ],
  [
    'docProps/app.xml',
    `${HEAD}<Properties xmlns="${OFFICE}/extended-properties"><Application>Dengji</Application></Properties>`,
  ],
  ['xl/styles.xml', STYLES_XML],
];

/** A sheet that has been written. Without columns it has no headers. */
export interface WrittenSheet {
  name: string;
  columns: number;
  rows: number;
}

/** Where a sheet is, seen from `xl/`. @param index from 0 */
export function sheetPart(index: number): string {
  return `worksheets/sheet${index + 1}.xml`;
}

/** What can be written only when all sheets are. */
export function lastParts(sheets: readonly WrittenSheet[]): Part[] {
  return [
    ['xl/workbook.xml', workbookXml(sheets)],
    [
      'xl/_rels/workbook.xml.rels',
      relations([...sheets.map((_sheet, i) => ['worksheet', sheetPart(i)] as const), ['styles', 'styles.xml']]),
    ],
    ['[Content_Types].xml', contentTypesXml(sheets.length)],
  ];
}

function workbookXml(sheets: readonly WrittenSheet[]): string {
  const listed = sheets.map(
    ({ name }, i) => `<sheet name="${escapeXml(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`,
  );
  // Spreadsheet programs keep the area of a filter under this hidden name, and some want it.
  const filters = sheets.map(({ name, columns, rows }, i) => {
    if (columns === 0) return '';
    const area = `'${name.replaceAll("'", "''")}'!$A$1:$${columnName(columns - 1)}$${rows}`;
    return `<definedName name="_xlnm._FilterDatabase" localSheetId="${i}" hidden="1">${escapeXml(area)}</definedName>`;
  });
  const defined = filters.join('');
  return [
    `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}/relationships"><bookViews><workbookView/></bookViews>`,
    `<sheets>${listed.join('')}</sheets>`,
    defined === '' ? '' : `<definedNames>${defined}</definedNames>`,
    '</workbook>',
  ].join('');
}

function contentTypesXml(sheets: number): string {
  const override = (part: string, type: string): string =>
    `<Override PartName="/${part}" ContentType="${TYPE}.${type}+xml"/>`;
  return [
    `${HEAD}<Types xmlns="${PACKAGE}/content-types">`,
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
    '<Default Extension="xml" ContentType="application/xml"/>',
    override('xl/workbook.xml', 'spreadsheetml.sheet.main'),
    ...Array.from({ length: sheets }, (_, i) => override(`xl/${sheetPart(i)}`, 'spreadsheetml.worksheet')),
    override('xl/styles.xml', 'spreadsheetml.styles'),
    override('docProps/app.xml', 'extended-properties'),
    '</Types>',
  ].join('');
}

/** Relations by kind and target, named rId1, rId2, … */
function relations(list: readonly (readonly [kind: string, target: string])[]): string {
  const tags = list.map(
    ([kind, target], i) => `<Relationship Id="rId${i + 1}" Type="${OFFICE}/relationships/${kind}" Target="${target}"/>`,
  );
  return `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${tags.join('')}</Relationships>`;
}
