import { sample, type KindCases } from '../cases/case.ts';
import { toAscii } from '../strings.ts';
import type { Field, Issue, Option, Text } from '../types.ts';
import { fault, flaw, HIDDEN, isBlank, isRecord, textOf, type Kind, type KindProjection } from './kind.ts';
import { codeOf, labelOf, optionOf, vetOptions } from './options.ts';

/** More rows than a person compares. */
const MAX_ROWS = 50;
const MAX_COLUMNS = 10;

const rowsOf = (field: Field): readonly Option[] => field.rows ?? [];
/** The rows as options of a field, to look them up like others. */
const asOptions = (field: Field): Field => ({ ...field, options: field.rows ?? [] });

/** One chosen column for each row: texts by text, and nothing else. */
function isChoice(value: unknown): value is Record<string, string> {
  return isRecord(value) && Object.keys(value).every((row) => typeof value[row] === 'string');
}

/** The rows in their order, unknown ones after them, without empty ones. */
function inOrder(value: Record<string, string>, field: Field): Record<string, string> {
  const ordered: Record<string, string> = {};
  const put = (row: string): void => {
    const column = value[row]!.trim();
    // A row of such a name would be the prototype; no form has one.
    if (column !== '' && row !== '__proto__') ordered[row] = column;
  };
  const known = rowsOf(field).filter(({ code }) => Object.prototype.hasOwnProperty.call(value, code));
  known.forEach(({ code }) => put(code));
  const codes = new Set(known.map(({ code }) => code));
  Object.keys(value)
    .filter((row) => !codes.has(row))
    .sort()
    .forEach(put);
  return ordered;
}

/** The same question about several things: for each row one of the options. All rows are asked for where it is required. */
export const matrix: Kind = {
  several: true,
  normalise: (raw, field) => (isChoice(raw) ? inOrder(raw, field) : raw),
  check(field, value) {
    if (!isChoice(value)) return fault('wrong_type');
    const rows = Object.keys(value);
    const known = rows.every((row) => optionOf(asOptions(field), row) && optionOf(field, value[row]));
    if (!known) return fault('unknown_option');
    const missing = rowsOf(field).length - rows.length;
    return field.required && missing > 0 ? fault('rows_missing', { count: missing }) : null;
  },
  isEmpty: (value) => (isRecord(value) ? Object.keys(value).length === 0 : isBlank(value)),
  format(value, field, locale) {
    if (!isChoice(value)) return '';
    const [colon, semicolon] = locale === 'en' ? [': ', '; '] : ['：', '；'];
    return Object.keys(value)
      .map((row) => labelOf(asOptions(field), row, locale) + colon + labelOf(field, value[row]!, locale))
      .join(semicolon);
  },
};

const HOW_TO: Text = {
  'zh-CN': '每项写“名称：选择”，用分号隔开',
  en: 'For each item “name: choice”, separated by semicolons',
};

export const matrixProjection: KindProjection = {
  parse(cell, field) {
    const value: Record<string, string> = {};
    for (const piece of cell.split(/[;；\n]/)) {
      const [row = '', ...rest] = piece.split(/[:：]/);
      const column = rest.join(':').trim();
      const name = toAscii(row).trim() === '__proto__' ? '' : row.trim();
      if (name !== '') value[codeOf(asOptions(field), name) ?? name] = codeOf(field, column) ?? (column || '?');
    }
    return Object.keys(value).length > 0 ? inOrder(value, field) : { '?': '?' };
  },
  mask: () => HIDDEN,
  jsonSchema: (field) => ({
    type: 'object',
    properties: Object.fromEntries(
      rowsOf(field).map(({ code }) => [
        code,
        { type: 'string', enum: (field.options ?? []).map((option) => option.code) },
      ]),
    ),
    additionalProperties: false,
  }),
  cell: { howTo: HOW_TO, width: 40 },
  groups: (value) => (isChoice(value) ? Object.keys(value).map((row) => `${row}:${value[row]}`) : []),
  groupText(code, field, locale) {
    const [row = '', column = ''] = code.split(':');
    return matrix.format({ [row]: column }, field, locale);
  },
  uses: ['rows', 'options'],
  vet: (field) => [
    ...vetOptions(field),
    ...vetOptions(asOptions(field)).map((issue) => ({ ...issue, path: issue.path.replace(/^options/, 'rows') })),
    ...separators(field.options, 'options'),
    ...separators(field.rows, 'rows'),
    ...(rowsOf(field).length > MAX_ROWS ? [flaw('rows', 'too_many_options', { max: MAX_ROWS })] : []),
    ...((field.options ?? []).length > MAX_COLUMNS ? [flaw('options', 'too_many_options', { max: MAX_COLUMNS })] : []),
  ],
};

/** A label with the signs that part rows in a cell could not be read again. */
function separators(options: readonly Option[] = [], path: string): Issue[] {
  return options.flatMap(({ label }, at) =>
    /[;；:：\n]/.test(textOf(label, 'zh-CN') + textOf(label, 'en'))
      ? [flaw(`${path}.${at}.label`, 'label_separator')]
      : [],
  );
}

export function matrixCases(): KindCases {
  const rows: Option[] = [
    { code: 'clean', label: { 'zh-CN': '环境卫生', en: 'Cleanliness' } },
    { code: 'kind', label: { 'zh-CN': '服务态度' } },
  ];
  const options: Option[] = [
    { code: '1', label: { 'zh-CN': '不满意', en: 'Bad' } },
    { code: '2', label: { 'zh-CN': '满意', en: 'Good' } },
  ];
  const field = sample('matrix', { rows, options });
  const both = { clean: '2', kind: '1' };
  return {
    good: [
      {
        field,
        raw: { kind: ' 1 ', clean: '2' },
        value: both,
        text: '环境卫生：满意；服务态度：不满意',
        masked: '**',
        cells: ['服务态度: 不满意; 环境卫生: 满意', 'clean:2\nkind:1', 'Cleanliness：Good；服务态度：1'],
      },
      { field, raw: { clean: '1', kind: '' }, value: { clean: '1' }, text: '环境卫生：不满意', masked: '**' },
      {
        field: { ...field, required: true },
        raw: both,
        value: both,
        text: '环境卫生：满意；服务态度：不满意',
        masked: '**',
      },
    ],
    bad: [
      { field, raw: { clean: '3' }, code: 'unknown_option' },
      { field, raw: { other: '1' }, code: 'unknown_option' },
      { field, raw: { toString: '1' }, code: 'unknown_option' },
      { field: { ...field, required: true }, raw: { clean: '1' }, code: 'rows_missing', params: { count: 1 } },
      { field, raw: 'clean', code: 'wrong_type' },
      { field, raw: { clean: 1 }, code: 'wrong_type' },
      { field, raw: ['clean'], code: 'wrong_type' },
    ],
    empty: [undefined, null, '', {}, { clean: '' }],
    groups: [
      {
        field,
        value: both,
        groups: [
          ['clean:2', '环境卫生：满意'],
          ['kind:1', '服务态度：不满意'],
        ],
      },
    ],
  };
}
