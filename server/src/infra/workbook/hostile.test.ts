import { deflateRawSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { allRows, buildXlsx, Scratch, sheetXml, xlsxParts } from '../../../test/xlsx.ts';
import { buildZip, type ZipPart } from '../../../test/zip.ts';
import { loadMessages, say } from '../../../shared/messages/index.ts';
import { openCsv, openTable, openWorkbook, WorkbookError, type Limits, type WorkbookErrorCode } from './index.ts';

const scratch = new Scratch();
afterAll(() => scratch.remove());

const SHEET = 'xl/worksheets/sheet1.xml';
const ROW = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>';
const good = (): ZipPart[] => xlsxParts({ sheets: [ROW], strings: '<si><t>好</t></si>' });

/** A good workbook whose named part is changed. */
function changed(name: string, change: (part: ZipPart) => Partial<ZipPart>): Buffer {
  return buildZip(good().map((part) => (part.name === name ? { ...part, ...change(part) } : part)));
}

const inSheet = (data: string): Buffer => changed(SHEET, () => ({ data: sheetXml(data) }));
const rawSheet = (data: string | Buffer): Buffer => changed(SHEET, () => ({ data }));

function ole(...streams: string[]): Buffer {
  const file = Buffer.alloc(4096);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(file);
  file.writeUInt16LE(9, 30);
  file.writeUInt32LE(2, 48);
  streams.forEach((name, i) => file.write(name, 1536 + i * 128, 'utf16le'));
  return file;
}

const MIB = 1024 * 1024;
const zeros = (mib: number): Buffer => Buffer.alloc(mib * MIB, 0x20);
const lying = (): Partial<ZipPart> => ({ packed: deflateRawSync(zeros(8)), size: 1000 });
const noise = Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 7919) % 256));

type Case = [name: string, code: WorkbookErrorCode, file: () => Buffer | string];

const cases: Case[] = [
  ['an encrypted workbook', 'file_encrypted', () => ole('Root Entry', 'EncryptionInfo', 'EncryptedPackage')],
  ['an old .xls', 'file_old_xls', () => ole('Root Entry', 'Workbook')],
  ['an old .doc', 'file_not_workbook', () => ole('Root Entry', 'WordDocument')],
  ['an HTML page named .xlsx', 'file_html', () => '\ufeff <html><table><tr><td>x</td></tr></table></html>'],
  ['a web archive named .xls', 'file_html', () => 'MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<html>'],
  [
    'an XML table of 2003',
    'file_not_workbook',
    () => '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>',
  ],
  ['a PDF', 'file_not_workbook', () => '%PDF-1.7\n'],
  ['noise', 'file_not_workbook', () => noise],
  ['nothing', 'file_not_workbook', () => ''],
  ['an empty zip', 'file_not_workbook', () => buildZip([])],
  ['a zip of something else', 'file_not_workbook', () => buildZip([{ name: 'a.txt', data: 'x' }])],
  ['a renamed .docx', 'file_not_workbook', () => buildZip([{ name: 'word/document.xml', data: '<document/>' }])],
  ['only the first bytes of a zip', 'file_truncated', () => 'PK\u0003\u0004'],
  ['half a file', 'file_truncated', () => buildZip(good()).subarray(0, 700)],
  ['a file without its last byte', 'file_truncated', () => buildZip(good()).subarray(0, -1)],
  ['a sheet that ends early', 'file_truncated', () => rawSheet(sheetXml(ROW).slice(0, -30))],
  ['a sheet cut inside a tag', 'file_truncated', () => rawSheet(sheetXml(ROW).slice(0, -5))],
  ['an empty sheet part', 'file_truncated', () => rawSheet('')],
  [
    'deflated data that ends early',
    'file_truncated',
    () => changed(SHEET, (p) => ({ packed: deflateRawSync(p.data).subarray(0, 40) })),
  ],
  ['deflated data that is none', 'file_corrupt', () => changed(SHEET, () => ({ packed: noise }))],
  ['a wrong checksum', 'file_corrupt', () => changed(SHEET, () => ({ crc: 1 }))],
  ['a wrong checksum of the strings', 'file_corrupt', () => changed('xl/sharedStrings.xml', () => ({ crc: 1 }))],
  ['a sheet shorter than declared', 'file_truncated', () => changed(SHEET, (p) => ({ size: p.data.length + 9 }))],
  ['a sheet twice', 'file_corrupt', () => buildZip([...good(), { name: SHEET, data: sheetXml('') }])],
  [
    'a sheet twice, by case',
    'file_corrupt',
    () => buildZip([...good(), { name: SHEET.toUpperCase(), data: sheetXml('') }]),
  ],
  ['an encrypted part', 'file_encrypted', () => changed(SHEET, () => ({ flags: 0x801 }))],
  ['an unknown packing', 'file_corrupt', () => changed(SHEET, () => ({ method: 12 }))],
  [
    'another name in the local header',
    'file_corrupt',
    () => changed(SHEET, () => ({ localName: SHEET.replace('1', '2') })),
  ],
  ['a path outside', 'file_corrupt', () => buildZip([...good(), { name: '../../etc/cron.d/x', data: 'x' }])],
  ['a path outside, the other way', 'file_corrupt', () => buildZip([...good(), { name: '..\\x.dll', data: 'x' }])],
  ['a drive in a name', 'file_corrupt', () => buildZip([...good(), { name: 'C:/x', data: 'x' }])],
  ['a bomb that says its size', 'file_bomb', () => changed(SHEET, () => ({ data: zeros(4) }))],
  [
    'a bomb beside the sheets',
    'file_bomb',
    () => buildZip([...good(), { name: 'xl/theme/theme1.xml', data: zeros(4) }]),
  ],
  ['a bomb that lies about its size', 'file_bomb', () => changed(SHEET, lying)],
  ['a bomb in the workbook part', 'file_bomb', () => changed('xl/workbook.xml', lying)],
  [
    'parts that share their bytes',
    'file_bomb',
    () => buildZip([...good(), { ...(good()[0] as ZipPart), name: 'b.xml', sharesWith: 0 }]),
  ],
  [
    'too many parts',
    'file_bomb',
    () => buildZip(Array.from({ length: 10_001 }, (_, i) => ({ name: `${i}`, data: '', stored: true }))),
  ],
  ['a DOCTYPE in a sheet', 'file_corrupt', () => rawSheet(`<!DOCTYPE x [<!ENTITY a "aaaa">]>${sheetXml(ROW)}`)],
  [
    'a DOCTYPE in the workbook',
    'file_corrupt',
    () =>
      changed('xl/workbook.xml', (p) => ({
        data: `<!DOCTYPE x SYSTEM "file:///etc/passwd">${String(p.data).slice(55)}`,
      })),
  ],
  ['an entity of its own', 'file_corrupt', () => inSheet('<row><c t="str"><v>&xxe;</v></c></row>')],
  ['an endless character reference', 'file_corrupt', () => inSheet('<row><c t="str"><v>&#x110000;</v></c></row>')],
  [
    'bytes that are no text',
    'file_corrupt',
    () => rawSheet(Buffer.from(sheetXml('<row><c t="str"><v>\u00e9</v></c></row>'), 'latin1')),
  ],
  ['an encoding that is none', 'file_corrupt', () => rawSheet(sheetXml(ROW).replace('UTF-8', 'x-none'))],
  ['a string index out of range', 'file_corrupt', () => inSheet('<row><c t="s"><v>1</v></c></row>')],
  ['a negative string index', 'file_corrupt', () => inSheet('<row><c t="s"><v>-1</v></c></row>')],
  ['a string index without strings', 'file_corrupt', () => buildXlsx({ sheets: [ROW] })],
  [
    'a cell of 32,768 characters',
    'file_bomb',
    () => inSheet(`<row><c t="str"><v>${'长'.repeat(32_768)}</v></c></row>`),
  ],
  [
    'a cell of many runs',
    'file_bomb',
    () => inSheet(`<row><c t="inlineStr"><is>${'<r><t>长长长长</t></r>'.repeat(9000)}</is></c></row>`),
  ],
  [
    'a string of 32,768 characters',
    'file_bomb',
    () => changed('xl/sharedStrings.xml', () => ({ data: `<sst><si><t>${'x'.repeat(32_768)}</t></si></sst>` })),
  ],
  [
    'a tag without an end',
    'file_bomb',
    () => rawSheet(Buffer.concat([Buffer.from('<worksheet a="'), Buffer.from(noise.toString('hex').repeat(300))])),
  ],
  [
    'rows that go back',
    'file_corrupt',
    () => inSheet('<row r="2"><c><v>1</v></c></row><row r="2"><c><v>1</v></c></row>'),
  ],
  ['a row beyond the last', 'file_too_large', () => inSheet('<row r="1048577"><c><v>1</v></c></row>')],
  ['a column beyond the last', 'file_corrupt', () => inSheet('<row><c r="XFE1"><v>1</v></c></row>')],
  ['a sheet that is missing', 'file_corrupt', () => buildZip(good().filter((part) => part.name !== SHEET))],
  ['a row inside of a row', 'file_corrupt', () => inSheet('<row r="1"><row r="2"></row></row>')],
  ['a row without an end', 'file_truncated', () => rawSheet('<worksheet><sheetData><row r="1"><c><v>1</v></c>')],
  ['a workbook without sheets', 'file_corrupt', () => buildXlsx({ sheets: [] })],
  [
    'a string index that no program counts to',
    'file_corrupt',
    () => inSheet('<row><c t="s"><v>4294967296</v></c><c t="s"><v>99999999999999999999</v></c></row>'),
  ],
  [
    'a character cut in half at the end',
    'file_corrupt',
    () => rawSheet(Buffer.concat([Buffer.from(sheetXml(ROW)), Buffer.from([0xe4])])),
  ],
  [
    'a row of so much text that memory would not hold it',
    'file_too_large',
    () =>
      buildXlsx({
        sheets: [`<row>${'<c t="s"><v>0</v></c><c t="s"><v>1</v></c>'.repeat(8000)}</row>`],
        strings: ['长', '文'].map((char) => `<si><t>${char.repeat(32_000)}</t></si>`).join(''),
      }),
  ],
  [
    'cells in the last column of many rows',
    'file_bomb',
    () =>
      inSheet(
        Array.from({ length: 5000 }, (_, i) => `<row r="${i + 1}"><c r="XFD${i + 1}"><v>${i}</v></c></row>`).join(''),
      ),
  ],
  ['tags that do not fit', 'file_corrupt', () => rawSheet('<worksheet/></a>')],
  ['two roots', 'file_corrupt', () => rawSheet(sheetXml(ROW) + '<worksheet/>')],
];

/** Opens and reads everything; gives the refusal. */
async function refusal(path: string, limits?: Partial<Limits>): Promise<unknown> {
  let reader;
  try {
    reader = await openTable(path, limits);
    await allRows(reader);
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await reader?.close();
  }
}

const languages = await Promise.all([loadMessages('zh-CN'), loadMessages('en')]);

/** The reasons that have no sentence, and the sentences whose blanks are not filled. */
function unsaid({ code, params }: WorkbookError): string[] {
  const word = params.reason ?? params.limit ?? params.kind;
  return languages
    .map((messages) => say(messages, code, params).detail ?? '')
    .filter((said, i) => said.includes('{') || (word !== undefined && !languages[i]?.reasons[`${code}.${word}`]));
}

describe('broken and hostile files are refused with the right code, fast and without a trace', () => {
  it.each(cases)('%s: %s', async (name, code, file) => {
    const path = await scratch.file(file(), 'hostile');
    const memory = process.memoryUsage();
    const start = process.cpuUsage();
    const error = await refusal(path);
    expect(error, name).toBeInstanceOf(WorkbookError);
    expect((error as WorkbookError).code).toBe(code);
    expect(unsaid(error as WorkbookError)).toEqual([]);
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1e6).toBeLessThan(1);
    const after = process.memoryUsage();
    expect(after.external + after.heapUsed - memory.external - memory.heapUsed).toBeLessThan(100 * MIB);
    expect(await scratch.list()).toEqual(['hostile']);
  });

  it.each([
    [{ fileBytes: 100 }, 'file_too_large'],
    [{ strings: 0 }, 'file_too_large'],
    [{ stringsBytes: 10 }, 'file_bomb'],
    [{ sheetBytes: 10 }, 'file_bomb'],
    [{ partBytes: 10 }, 'file_bomb'],
    [{ sheets: 0 }, 'file_bomb'],
  ])('a file over the limit %o', async (limits, code) => {
    const path = await scratch.file(buildZip(good()), 'hostile');
    expect(await refusal(path, limits)).toMatchObject({ code });
  });

  it('a CSV given as a workbook, and the reverse', async () => {
    await expect(openWorkbook(await scratch.file('a,b\n', 'hostile'))).rejects.toMatchObject({
      code: 'file_not_workbook',
    });
    await expect(openCsv(await scratch.file(buildZip(good()), 'hostile'))).rejects.toMatchObject({
      code: 'file_not_workbook',
    });
  });

  it('`verify` finds a bad checksum before any row is taken', async () => {
    const reader = await openWorkbook(
      await scratch.file(
        changed(SHEET, () => ({ crc: 1 })),
        'hostile',
      ),
    );
    await expect(reader.verify(0)).rejects.toMatchObject({ code: 'file_corrupt', params: { reason: 'checksum' } });
    await reader.close();
  });

  it('prototype names in a file change nothing', async () => {
    const bytes = buildXlsx({
      sheets: [{ name: '__proto__', data: '<row><c t="constructor"><v>__proto__</v></c></row>' }],
    });
    const reader = await openWorkbook(await scratch.file(bytes, 'hostile'));
    expect((await allRows(reader, '__proto__'))[0]?.cells).toEqual([{ type: 'text', text: '__proto__' }]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    await reader.close();
  });
});
