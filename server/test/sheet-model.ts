/**
 * Sheets made piece by piece together with what they mean, in every spelling that the format and XML allow: what a reader
 * gives can be compared without a second reader. About half of the cells are spelt as spreadsheet programs do.
 */
import fc from 'fast-check';
import type { Cell, Row } from '../src/infra/workbook/index.ts';

/** XML, and the text that it stands for. */
type Piece = readonly [xml: string, text: string];

interface ModelString {
  /** An `<si>` with all that is in it. */
  xml: string;
  text: string;
}

interface ModelCell {
  /** Attributes beside the reference, without quotes; and what stands inside. */
  attributes: [name: string, value: string][];
  inner: string;
  cell: Cell;
}

export interface ModelSheet {
  data: string;
  strings: string;
  rows: Row[];
}

const EMPTY: Cell = { type: 'empty', text: '' };
const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const LETTERS = Array.from('abcZ019 .,-=+@"\'/登记姓名证件号码éñß😀𠮷한の\u3000\ufeff\t');
const plainPiece: fc.Arbitrary<Piece> = fc
  .string({ unit: fc.constantFrom(...LETTERS, '<', '>', '&'), minLength: 1, maxLength: 12 })
  .map((text) => [escape(text), text] as const);
const oddPiece: fc.Arbitrary<Piece> = fc.constantFrom<Piece>(
  ['&#20013;', '中'],
  ['&#x1F600;', '😀'],
  ['&quot;&apos;', '"\''],
  ['_x000D_', '\r'],
  ['_x005F_x000D_', '_x000D_'],
  ['_x4E2D_', '中'],
  ['_xg_', '_xg_'],
  ['_', '_'],
  ['<![CDATA[<&amp;]>]]>', '<&amp;]>'],
  ['\r\na', '\na'],
  ['\rb', '\nb'],
  ['\n', '\n'],
  ['<!-- <c r="A1"/></row> -->', ''],
  ['<?pi </t>?>', ''],
);
const join = (pieces: readonly Piece[]): Piece => [
  pieces.map(([xml]) => xml).join(''),
  pieces.map(([, text]) => text).join(''),
];
const usualText: fc.Arbitrary<Piece> = fc
  .string({ unit: fc.constantFrom(...LETTERS), maxLength: 40 })
  .map((text) => [escape(text), text] as const);
const oddText: fc.Arbitrary<Piece> = fc.array(fc.oneof(plainPiece, oddPiece), { maxLength: 6 }).map(join);
const text: fc.Arbitrary<Piece> = fc.oneof(usualText, oddText);

/** The inside of an `<si>` or `<is>`: one text, or runs with a phonetic guide. */
const rich: fc.Arbitrary<Piece> = fc.oneof(
  { weight: 3, arbitrary: text.map(([xml, value]) => [`<t>${xml}</t>`, value] as const) },
  { weight: 1, arbitrary: text.map(([xml, value]) => [`<t xml:space="preserve">${xml}</t>`, value] as const) },
  {
    weight: 1,
    arbitrary: usualText.map(
      ([xml, value]) => [`<t>${xml}</t><phoneticPr fontId="1" type="noConversion"/>`, value] as const,
    ),
  },
  {
    weight: 1,
    arbitrary: fc.array(text, { maxLength: 3 }).map((runs) => {
      const [xml, value] = join(runs.map(([run, part]) => [`<r><rPr><b/></rPr>\n<t>${run}</t></r>`, part] as const));
      return [`${xml}<rPh sb="0" eb="1"><t>ピン</t></rPh>`, value] as const;
    }),
  },
);

const modelString: fc.Arbitrary<ModelString> = rich.map(([xml, value]) => ({ xml: `<si>${xml}</si>`, text: value }));

const textCell = (value: string): Cell => (value === '' ? EMPTY : { type: 'text', text: value });
const formula = fc.constantFrom('', '', '<f>A1</f>', '<f t="shared" si="0"/>', '<f t="array" ref="A1">SUM(1,2)</f>');
const valued = (type: string, arbitrary: fc.Arbitrary<readonly [string, Cell]>): fc.Arbitrary<ModelCell> =>
  fc.tuple(arbitrary, formula).map(([[xml, cell], f]) => ({
    attributes: type === '' ? [] : [['t', type]],
    inner: `${f}<v>${xml}</v>`,
    cell,
  }));

const numbers: readonly (readonly [string, Cell])[] = [
  ...['0', '7', '-3', '36.6', '-0.5', '0.001', '1234567', '999999999999999', '12.25'].map(
    (raw) => [raw, { type: 'number', text: raw } as Cell] as const,
  ),
  ['1.10', { type: 'number', text: '1.1' }],
  ['-0', { type: 'number', text: '0' }],
  ['1E3', { type: 'number', text: '1000' }],
  [' 12 ', { type: 'number', text: '12' }],
  ['0.30000000000000004', { type: 'number', text: '0.30000000000000004', lossy: true }],
  ['110101199003074514', { type: 'number', text: '110101199003074514', lossy: true }],
];
const days: readonly (readonly [string, Cell])[] = [
  ['45351', { type: 'date', text: '2024-02-29' }],
  ['1', { type: 'date', text: '1900-01-01' }],
  ['60', { type: 'date', text: '1900-02-29' }],
  ['61', { type: 'date', text: '1900-03-01' }],
  ['25569', { type: 'date', text: '1970-01-01' }],
  ['25568', { type: 'date', text: '1969-12-31' }],
  ['2958465', { type: 'date', text: '9999-12-31' }],
  ['2958466', { type: 'number', text: '2958466' }],
  ['45351.5', { type: 'date', text: '2024-02-29 12:00:00' }],
  ['-2', { type: 'number', text: '-2' }],
];

function modelCell(strings: readonly ModelString[]): fc.Arbitrary<ModelCell> {
  const shared = fc.nat(strings.length - 1).map((index): ModelCell => ({
    attributes: [['t', 's']],
    inner: `<v>${index}</v>`,
    cell: textCell(strings[index]?.text ?? ''),
  }));
  const inline = rich.map(([xml, value]): ModelCell => ({
    attributes: [['t', 'inlineStr']],
    inner: `<is>${xml}</is>`,
    cell: textCell(value),
  }));
  const day = fc.constantFrom(...days).map(([xml, cell]): ModelCell => ({
    attributes: [['s', '1']],
    inner: `<v>${xml}</v>`,
    cell,
  }));
  return fc.oneof(
    { weight: 6, arbitrary: shared },
    { weight: 4, arbitrary: inline },
    valued(
      'str',
      text.map(([xml, value]) => [xml, textCell(value)] as const),
    ),
    valued('', fc.constantFrom(...numbers)),
    valued('n', fc.constantFrom(...numbers)),
    day,
    valued('b', fc.constantFrom(['1', { type: 'boolean', text: 'TRUE' }], ['0', { type: 'boolean', text: 'FALSE' }])),
    valued('e', fc.constantFrom(['#N/A', { type: 'error', text: '#N/A' }])),
    valued('d', fc.constantFrom(['2024-02-29T08:00:00Z', { type: 'date', text: '2024-02-29 08:00:00' }])),
    fc.constant<ModelCell>({ attributes: [['s', '0']], inner: '', cell: EMPTY }),
  );
}

/** How one tag is spelt. */
const spelling = fc.record({
  usual: fc.boolean(),
  quote: fc.constantFrom('"', "'"),
  gap: fc.constantFrom(' ', '\n', '  '),
  reversed: fc.boolean(),
  extra: fc.constantFrom<[string, string][]>([], [['cm', '1']], [['x:note', 'a>b </c>'.replaceAll('<', '&lt;')]]),
  between: fc.constantFrom('', ' ', '\n', '<!-- </c></row> -->'),
});
type Spelling = typeof spelling extends fc.Arbitrary<infer S> ? S : never;

function tag(name: string, attributes: readonly [string, string][], inner: string, how: Spelling): string {
  const { usual, quote, gap, reversed, extra, between } = how;
  const all = usual ? attributes : [...(reversed ? attributes.toReversed() : attributes), ...extra];
  const spelt = all.map(([key, value]) =>
    usual ? ` ${key}="${value}"` : `${gap}${key}${gap}=${quote}${value}${quote}`,
  );
  if (inner === '') return usual ? `<${name}${spelt.join('')}/>` : `<${name}${spelt.join('')} ></${name} >${between}`;
  return `<${name}${spelt.join('')}>${inner}</${name}>${usual ? '' : between}`;
}

function columnName(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26));
  return column < 26 ? letter : columnName(Math.floor(column / 26) - 1) + letter;
}

const gapOf = (wide: number): fc.Arbitrary<number> => fc.constantFrom(0, 0, 0, 0, 1, 3, wide);

interface CellPlan {
  cell: ModelCell;
  gap: number;
  how: Spelling;
}

function rowOf(number: number, named: boolean, plans: readonly CellPlan[], how: Spelling): { xml: string; row: Row } {
  const cells: Cell[] = [];
  let xml = '';
  for (const { cell, gap, how: spelt } of plans) {
    const column = cells.length + gap;
    while (cells.length < column) cells.push(EMPTY);
    cells.push(cell.cell);
    const reference: [string, string][] = gap > 0 || spelt.usual ? [['r', columnName(column) + number]] : [];
    xml += tag('c', [...reference, ...cell.attributes], cell.inner, spelt);
  }
  while (cells.at(-1) === EMPTY) cells.pop();
  const attributes: [string, string][] = named ? [['r', String(number)]] : [];
  if (how.usual && named) attributes.push(['spans', '1:20']);
  return { xml: tag('row', attributes, xml, how), row: { number, cells } };
}

/** A sheet with its shared strings and the rows that a reader must give. Cell style 1 shows dates. */
export const modelSheet: fc.Arbitrary<ModelSheet> = fc
  .array(modelString, { minLength: 1, maxLength: 12 })
  .chain((strings) => {
    const plan = fc.record({ cell: modelCell(strings), gap: gapOf(700), how: spelling });
    const row = fc.record({ cells: fc.array(plan, { maxLength: 9 }), gap: gapOf(40), how: spelling });
    return fc.array(row, { minLength: 1, maxLength: 14 }).map((plans): ModelSheet => {
      const rows: Row[] = [];
      let data = '';
      let number = 0;
      for (const { cells, gap, how } of plans) {
        number += 1 + gap;
        const made = rowOf(number, gap > 0 || how.usual, cells, how);
        data += made.xml;
        if (made.row.cells.length > 0) rows.push(made.row);
      }
      return { data, strings: strings.map(({ xml }) => xml).join(''), rows };
    });
  });
