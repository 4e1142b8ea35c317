import type { Locale } from '../../fields/types.ts';

/** The columns of a form as a table of one row a field; a header is known in either language. */

type Pair = readonly [zh: string, en: string];

export const ROW_TYPES = {
  form: ['表单', 'form'],
  step: ['步骤', 'step'],
  field: ['字段', 'field'],
  check: ['校验', 'check'],
  more: ['续', 'more'],
} as const satisfies Record<string, Pair>;
export type RowType = keyof typeof ROW_TYPES;

/** In the order of the sheet. `label` and `hint` are a step's title and help, the form's title and introduction. */
export const COLUMNS = {
  row: ['行', 'Row', 8],
  group: ['所属记录组', 'Group', 14],
  key: ['键名', 'Key', 18],
  kind: ['类型', 'Kind', 12],
  'label.zh-CN': ['名称', 'Label', 28],
  'label.en': ['英文名称', 'English label', 28],
  'hint.zh-CN': ['说明', 'Hint', 28],
  'hint.en': ['英文说明', 'English hint', 28],
  required: ['必填', 'Required', 8],
  options: ['选项', 'Options', 34],
  rows: ['行（表格）', 'Rows (matrix)', 24],
  min: ['最小', 'Lowest', 12],
  max: ['最大', 'Highest', 12],
  scale: ['小数位数', 'Digits', 10],
  'unit.zh-CN': ['单位', 'Unit', 10],
  'unit.en': ['英文单位', 'English unit', 10],
  pattern: ['格式规则', 'Pattern', 20],
  'patternHint.zh-CN': ['格式提示', 'Pattern hint', 20],
  'patternHint.en': ['英文格式提示', 'English pattern hint', 20],
  level: ['地区级别', 'Region level', 12],
  documentTypes: ['证件类型', 'Document types', 20],
  visibleWhen: ['何时显示', 'Shown when', 30],
  requiredWhen: ['何时必填', 'Required when', 30],
  readOnlyWhen: ['何时只读', 'Read-only when', 30],
  compute: ['公式', 'Formula', 30],
  maps: ['写入人员', 'Person', 18],
  sensitive: ['敏感', 'Sensitive', 8],
  filterable: ['可筛选', 'Filterable', 8],
  dedupe: ['查重字段', 'Duplicates by', 24],
  assert: ['必须成立', 'Must hold', 30],
  fields: ['提示字段', 'Fields to mend', 24],
  other: ['其他（JSON）', 'Other (JSON)', 24],
} as const satisfies Record<string, readonly [zh: string, en: string, width: number]>;
export type Column = keyof typeof COLUMNS;
export const COLUMN_NAMES = Object.keys(COLUMNS) as Column[];

export const headerOf = (column: Column, locale: Locale): string => COLUMNS[column][locale === 'en' ? 1 : 0];

/** The column that a header means. */
export function columnOf(header: string): Column | undefined {
  const wanted = header.trim().toLowerCase();
  return COLUMN_NAMES.find((name) =>
    [name, COLUMNS[name][0], COLUMNS[name][1]].some((one) => one.toLowerCase() === wanted),
  );
}

export const rowTypeWords = (type: RowType, locale: Locale): string => ROW_TYPES[type][locale === 'en' ? 1 : 0];

/** The type that a cell means; a row that says nothing is a field. */
export function rowTypeOf(cell: string): RowType | undefined {
  const wanted = cell.trim().toLowerCase();
  if (wanted === '') return 'field';
  return (Object.keys(ROW_TYPES) as RowType[]).find(
    (type) => type === wanted || (ROW_TYPES[type] as Pair).includes(wanted),
  );
}
