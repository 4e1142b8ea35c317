import { afterAll, describe, expect, it } from 'vitest';
import { allRows, allTexts, buildXlsx, Scratch, sheetXml, xlsxParts, type XlsxSpec } from '../../../test/xlsx.ts';
import { buildZip } from '../../../test/zip.ts';
import { openWorkbook, type Row } from './index.ts';

const scratch = new Scratch();
afterAll(() => scratch.remove());

async function read(spec: XlsxSpec, chunkBytes?: number, sheet = 0): Promise<Row[]> {
  const path = await scratch.file(buildXlsx(spec));
  const reader = await openWorkbook(path, chunkBytes ? { chunkBytes } : {});
  try {
    return await allRows(reader, sheet);
  } finally {
    await reader.close();
  }
}

async function texts(spec: XlsxSpec): Promise<string[][]> {
  return (await read(spec)).map((row) => row.cells.map(({ text }) => text));
}

const cell = (ref: string, inner: string, rest = ''): string => `<c r="${ref}"${rest}>${inner}</c>`;

describe('cells', () => {
  it('reads shared, inline, rich and formula strings to the last character', async () => {
    const strings = [
      '<si><t>张三</t></si>',
      '<si><r><rPr><b/></rPr><t>富</t></r><r><t xml:space="preserve"> 文本</t></r></si>',
      '<si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/></si>',
      '<si><t xml:space="preserve"> &lt;&amp;&gt;&quot;&apos;&#x1F004;&#32; _x000D_ _x005F_x000D_\r\n行</t></si>',
      '<si><t/></si>',
      '<si><t><![CDATA[a<&amp;b]]></t></si>',
    ].join('');
    const data =
      '<row r="1">' +
      [0, 1, 2, 3, 4, 5].map((i) => `<c t="s"><v>${i}</v></c>`).join('') +
      '</row><row r="3">' +
      cell('A3', '<is><r><t>行</t></r><r><t>内</t></r><rPh><t>ハ</t></rPh></is>', ' t="inlineStr"') +
      cell('C3', '<f>A1&amp;"x"</f><v>结果</v>', ' t="str"') +
      cell('E3', '<v>#N/A</v>', ' t="e"') +
      cell('F3', '<v>1</v>', ' t="b"') +
      '</row>';
    expect(await texts({ sheets: [data], strings })).toEqual([
      ['张三', '富 文本', '東京', ' <&>"\'🀄  \r _x000D_\n行', '', 'a<&amp;b'],
      ['行内', '', '结果', '', '#N/A', 'TRUE'],
    ]);
  });

  it('tells types apart and flags numbers that lost digits', async () => {
    const values = [
      '7',
      '0.1',
      '-0',
      '1E+21',
      '1.5E-7',
      '36.600000000000001',
      '110101199003074514',
      '1.10101199003074E+17',
    ];
    const rows = await read({ sheets: [`<row>${values.map((v) => `<c><v>${v}</v></c>`).join('')}</row>`] });
    expect(rows[0]?.cells).toEqual([
      { type: 'number', text: '7' },
      { type: 'number', text: '0.1' },
      { type: 'number', text: '0' },
      { type: 'number', text: '1000000000000000000000', lossy: true },
      { type: 'number', text: '0.00000015' },
      { type: 'number', text: '36.6' },
      { type: 'number', text: '110101199003074514', lossy: true },
      { type: 'number', text: '110101199003074000', lossy: true },
    ]);
  });

  it('reads dates of both epochs and ISO dates', async () => {
    const formats = ['yyyy-mm-dd', 'h:mm', '[h]:mm', '0.00'];
    const serial = (v: string, s: number): string => `<c s="${s}"><v>${v}</v></c>`;
    const data = `<row>${serial('1', 1)}${serial('59', 1)}${serial('60', 1)}${serial('61', 1)}${serial('45351.999988425923', 1)}${serial('0.5', 2)}${serial('1.25', 3)}${serial('45351', 4)}${serial('-1', 1)}<c t="d"><v>2024-02-29T00:00:00Z</v></c><c t="d"><v>2024-02-29T12:30:00.000</v></c></row>`;
    expect((await read({ sheets: [data], formats }))[0]?.cells.map(({ text }) => text)).toEqual([
      '1900-01-01',
      '1900-02-28',
      '1900-02-29',
      '1900-03-01',
      '2024-02-29 23:59:59',
      '12:00:00',
      '30:00:00',
      '45351',
      '-1',
      '2024-02-29',
      '2024-02-29 12:30:00',
    ]);
    const mac = `<row>${serial('0', 1)}${serial('43889', 1)}</row>`;
    expect(await texts({ sheets: [mac], formats, date1904: true })).toEqual([['1904-01-01', '2024-02-29']]);
  });

  it('places cells with and without references and leaves empty rows and styled empty cells out', async () => {
    const data =
      '<row><c><v>1</v></c><c><v>2</v></c></row><row r="4" spans="1:9"><c r="C4"><v>3</v></c><c><v>4</v></c><c r="ZZ4" s="0"/></row>' +
      '<row r="7"/><row><c r="B8" t="s"><v></v></c></row><row><c r="AA9"><v>5</v></c></row>';
    const rows = await read({ sheets: [data] });
    expect(rows.map((row) => [row.number, row.cells.length])).toEqual([
      [1, 2],
      [4, 4],
      [9, 27],
    ]);
    expect(rows[1]?.cells.map(({ text }) => text)).toEqual(['', '', '3', '4']);
  });

  it('gives one value for a merged area, in its top left cell', async () => {
    const part = sheetXml('<row r="1"><c r="A1" t="str"><v>合并</v></c><c r="B1"/></row><row r="2"><c r="A2"/></row>');
    const parts = xlsxParts({ sheets: [''] });
    const merged = part.replace(
      '</worksheet>',
      '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells></worksheet>',
    );
    const changed = parts.map((p) => (p.name === 'xl/worksheets/sheet1.xml' ? { ...p, data: merged } : p));
    const reader = await openWorkbook(await scratch.file(buildZip(changed)));
    expect(await allTexts(reader)).toEqual({ 1: ['合并'] });
    await reader.close();
  });
});

describe('text at the edge of a piece', () => {
  const long = '登记😀ä'.repeat(40);
  const strings = `<si><t>姓名😀é</t></si><si><r><t>富&#20013;</t></r><r><t>文本&amp;</t></r></si><si><t>${long}</t></si>`;
  const row = (n: number): string =>
    `<row r="${n}"><c r="A${n}" t="s"><v>0</v></c><c r="B${n}" t="s"><v>1</v></c><c r="C${n}" t="inlineStr"><is><t>内联汉字𠮷</t></is></c><c r="D${n}"><v>${n}.5</v></c><c r="E${n}" t="s"><v>2</v></c></row>`;
  const spec = { sheets: [Array.from({ length: 12 }, (_, i) => row(i + 1)).join('<!-- 注释 -->')], strings };
  const expected = (n: number): string[] => ['姓名😀é', '富中文本&', '内联汉字𠮷', `${n}.5`, long];

  it.each([...Array.from({ length: 64 }, (_, i) => i + 1), 100, 1000, 256 * 1024])(
    'is whole at %i bytes',
    async (size) => {
      const rows = await read(spec, size);
      expect(rows.length).toBe(12);
      rows.forEach((found) => expect(found.cells.map(({ text }) => text)).toEqual(expected(found.number)));
    },
  );
});

describe('unusual but good files', () => {
  const data = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>';
  const strings = '<si><t>好</t></si>';
  const base = (): ReturnType<typeof xlsxParts> => xlsxParts({ sheets: [data], strings });
  const rename = (from: string, to: string): ReturnType<typeof xlsxParts> =>
    base().map((p) => ({ ...p, name: p.name.replace(from, to), data: String(p.data).replaceAll(from, to) }));
  const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text.replace('UTF-8', 'UTF-16')}`, 'utf16le');
  const files: Record<string, Buffer> = {
    'strict dialect': buildZip(
      base().map((p) => ({
        ...p,
        data: String(p.data)
          .replaceAll(
            'http://schemas.openxmlformats.org/spreadsheetml/2006/main',
            'http://purl.oclc.org/ooxml/spreadsheetml/main',
          )
          .replaceAll(
            'http://schemas.openxmlformats.org/officeDocument/2006',
            'http://purl.oclc.org/ooxml/officeDocument',
          ),
      })),
    ),
    'odd part names': buildZip(rename('workbook.xml', 'Book9.xml').map((p) => ({ ...p, name: p.name.toUpperCase() }))),
    'names with backslashes': buildZip(base().map((p) => ({ ...p, name: p.name.replaceAll('/', '\\') }))),
    'absolute targets': buildZip(
      base().map((p) => ({ ...p, data: String(p.data).replace('"worksheets/', '"/xl/worksheets/') })),
    ),
    'prefixed elements': buildZip(
      base().map((p) =>
        p.name.includes('sheet1') || p.name.includes('Strings')
          ? {
              ...p,
              data: String(p.data)
                .replace(/<(\/?)(?=[a-z])/g, '<$1x:')
                .replaceAll('xmlns=', 'xmlns:x='),
            }
          : p,
      ),
    ),
    'UTF-16 parts': buildZip(base().map((p) => (p.name.startsWith('xl/') ? { ...p, data: utf16(String(p.data)) } : p))),
    'a byte order mark and single quotes': buildZip(
      base().map((p) => ({ ...p, data: `\ufeff${String(p.data).replaceAll('"', "'")}` })),
    ),
    'stored parts, ZIP64 and a comment': buildZip(
      base().map((p) => ({ ...p, stored: true })),
      { zip64: true, comment: 'PK\u0005\u0006' },
    ),
    'sizes behind the data': buildZip(base().map((p) => ({ ...p, descriptor: true }))),
    'strings before everything, with a folder entry': buildZip([
      ...base().reverse(),
      { name: 'xl/', data: '', stored: true },
    ]),
  };

  it.each(Object.entries(files))('%s', async (name, bytes) => {
    const reader = await openWorkbook(await scratch.file(bytes));
    expect(await allTexts(reader)).toEqual({ 1: ['好'] });
    // Counted as it stands: of UTF-16 nobody knows.
    expect(await reader.verify(0)).toBe(name === 'UTF-16 parts' ? 0 : 1);
    await reader.close();
  });

  it('lists sheets in workbook order and knows hidden ones', async () => {
    const spec = {
      sheets: [
        { name: '人员 &amp; 名单', data },
        { name: '藏', state: 'hidden', data: '<row><c><v>1</v></c></row>' },
        { name: '很藏', state: 'veryHidden', data: '' },
      ],
      strings,
    };
    const reader = await openWorkbook(await scratch.file(buildXlsx(spec)));
    expect(reader.sheets).toEqual([
      { name: '人员 & 名单', hidden: false },
      { name: '藏', hidden: true },
      { name: '很藏', hidden: true },
    ]);
    expect(await allTexts(reader, '藏')).toEqual({ 1: ['1'] });
    expect(await allTexts(reader, 2)).toEqual({});
    await expect(allTexts(reader, 'none')).rejects.toBeInstanceOf(RangeError);
    await reader.close();
    await reader.close();
  });

  it('gives batches of bounded size, however wide the rows', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `<row r="${i + 1}"><c r="XFD${i + 1}"><v>1</v></c></row>`).join(
      '',
    );
    const reader = await openWorkbook(
      await scratch.file(buildXlsx({ sheets: [rows, '<row><c><v>1</v></c></row>'.repeat(1200)] })),
    );
    const sizes: number[] = [];
    for await (const batch of reader.rows(0)) sizes.push(batch.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4);
    expect(sizes.reduce((a, b) => a + b)).toBe(40);
    const tall: number[] = [];
    for await (const batch of reader.rows(1)) tall.push(batch.length);
    expect(tall).toEqual([500, 500, 200]);
    await reader.close();
  });

  it('stops at a signal and when the caller leaves', async () => {
    const rows = '<row><c><v>1</v></c></row>'.repeat(20_000);
    const reader = await openWorkbook(await scratch.file(buildXlsx({ sheets: [rows] })));
    const stop = new AbortController();
    const reading = async (): Promise<void> => {
      for await (const batch of reader.rows(0, { signal: stop.signal }))
        if (batch.length > 0) stop.abort(new Error('enough'));
    };
    await expect(reading()).rejects.toThrow('enough');
    for await (const batch of reader.rows(0)) if (batch.length > 0) break;
    await reader.close();
  });
});
