import { mkdtemp, open, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_LIMITS, type Row, type TableReader } from '../src/infra/workbook/index.ts';
import { readPart } from '../src/infra/workbook/inflate.ts';
import { readDirectory } from '../src/infra/workbook/zip.ts';
import { buildZip, type ZipOptions, type ZipPart } from './zip.ts';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** A workbook to build by hand; the rest is filled in. */
export interface XlsxSpec {
  /** What stands inside `<sheetData>`, one sheet each. */
  sheets: (string | { name: string; state?: string; data: string })[];
  /** What stands inside `<sst>`. */
  strings?: string;
  /** Format codes; cell style n shows the nth, style 0 is General. */
  formats?: string[];
  date1904?: boolean;
}

/** The parts of a plain workbook, to be changed before they are zipped. */
export function xlsxParts({ sheets, strings, formats = [], date1904 }: XlsxSpec): ZipPart[] {
  const listed = sheets.map((sheet, i) => (typeof sheet === 'string' ? { name: `Sheet${i + 1}`, data: sheet } : sheet));
  const relation = (id: string, type: string, target: string): string =>
    `<Relationship Id="${id}" Type="${RELATIONS}/${type}" Target="${target}"/>`;
  const relations = (inner: string): string =>
    `${HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${inner}</Relationships>`;
  const sheetTags = listed.map(
    (sheet, i) =>
      `<sheet name="${sheet.name}" sheetId="${i + 1}"${'state' in sheet ? ` state="${sheet.state}"` : ''} r:id="s${i + 1}"/>`,
  );
  return [
    { name: '[Content_Types].xml', data: `${HEAD}<Types/>` },
    { name: '_rels/.rels', data: relations(relation('r1', 'officeDocument', 'xl/workbook.xml')) },
    {
      name: 'xl/workbook.xml',
      data: `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><workbookPr${date1904 ? ' date1904="1"' : ''}/><sheets>${sheetTags.join('')}</sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      data: relations(
        listed.map((_sheet, i) => relation(`s${i + 1}`, 'worksheet', `worksheets/sheet${i + 1}.xml`)).join('') +
          relation('st', 'styles', 'styles.xml') +
          (strings === undefined ? '' : relation('ss', 'sharedStrings', 'sharedStrings.xml')),
      ),
    },
    { name: 'xl/styles.xml', data: stylesXml(formats) },
    ...listed.map(({ data }, i) => ({ name: `xl/worksheets/sheet${i + 1}.xml`, data: sheetXml(data) })),
    ...(strings === undefined
      ? []
      : [{ name: 'xl/sharedStrings.xml', data: `${HEAD}<sst xmlns="${MAIN}">${strings}</sst>` }]),
  ];
}

export function sheetXml(data: string): string {
  return `${HEAD}<worksheet xmlns="${MAIN}"><sheetData>${data}</sheetData></worksheet>`;
}

function stylesXml(formats: string[]): string {
  const escape = (code: string): string => code.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  const codes = formats.map((code, i) => `<numFmt numFmtId="${200 + i}" formatCode="${escape(code)}"/>`).join('');
  const styles = formats.map((_code, i) => `<xf numFmtId="${200 + i}"/>`).join('');
  return `${HEAD}<styleSheet xmlns="${MAIN}"><numFmts>${codes}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${styles}</cellXfs></styleSheet>`;
}

export function buildXlsx(spec: XlsxSpec, options?: ZipOptions): Buffer {
  return buildZip(xlsxParts(spec), options);
}

/** A folder for the files of one test file. */
export class Scratch {
  readonly #dir = mkdtemp(join(tmpdir(), 'workbook-'));
  #count = 0;

  async path(name = `${++this.#count}.xlsx`): Promise<string> {
    return join(await this.#dir, name);
  }

  /** Puts a file there. @returns its path */
  async file(data: Buffer | string, name?: string): Promise<string> {
    const path = await this.path(name);
    await writeFile(path, data);
    return path;
  }

  async list(): Promise<string[]> {
    return readdir(await this.#dir);
  }

  async remove(): Promise<void> {
    await rm(await this.#dir, { recursive: true });
  }
}

/** All rows of a sheet. */
export async function allRows(reader: TableReader, sheet: number | string = 0): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const batch of reader.rows(sheet)) rows.push(...batch);
  return rows;
}

/** All texts of a sheet, by row number. */
export async function allTexts(reader: TableReader, sheet: number | string = 0): Promise<Record<number, string[]>> {
  return Object.fromEntries(
    (await allRows(reader, sheet)).map((row) => [row.number, row.cells.map(({ text }) => text)]),
  );
}

/** The XML of one part of a file, by its name in lower case. */
export async function partXml(path: string, part: string): Promise<string> {
  const limits = DEFAULT_LIMITS;
  const file = await open(path);
  try {
    const entry = (await readDirectory(file, (await file.stat()).size, limits)).get(part);
    if (!entry) throw new Error(`no ${part}`);
    const pieces: Buffer[] = [];
    for await (const chunk of readPart(file, entry, { limits, maxBytes: limits.sheetBytes })) pieces.push(chunk);
    return Buffer.concat(pieces).toString();
  } finally {
    await file.close();
  }
}
