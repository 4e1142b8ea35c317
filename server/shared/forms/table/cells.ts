import { parseCondition, parseExpression, printCondition, printExpression } from '../../fields/expressions/index.ts';
import { isRecord } from '../../fields/kinds/kind.ts';
import type { Condition, Expression, Locale, Option } from '../../fields/types.ts';

/** How a property is written into a cell, and read from one. */
export interface CellCodec {
  /** The cell; undefined for a value that a cell can't say. */
  print(value: unknown, locale: Locale): string | undefined;
  /** The value that a cell that is not empty means; undefined for none. */
  parse(cell: string): unknown;
}

const text: CellCodec = {
  print: (value) => (typeof value === 'string' ? value : undefined),
  parse: (cell) => cell,
};

const flag: CellCodec = {
  print: (value, locale) => (value === true ? (locale === 'en' ? 'yes' : '是') : undefined),
  parse(cell) {
    const said = cell.trim().toLowerCase();
    if (['是', 'yes', 'true', '1', 'y'].includes(said)) return true;
    return ['否', 'no', 'false', '0', 'n'].includes(said) ? NOTHING : undefined;
  },
};

const isWord = (value: unknown): value is string => typeof value === 'string';
const isOption = (value: unknown): value is Option =>
  isRecord(value) && isWord(value.code) && isRecord(value.label) && Object.values(value.label).every(isWord);

/** A cell that says that the property is not there. */
export const NOTHING = Symbol('nothing');

const number: CellCodec = {
  print: (value) => (typeof value === 'number' ? String(value) : undefined),
  parse: (cell) => (cell.trim() !== '' && Number.isFinite(Number(cell)) ? Number(cell) : undefined),
};

/** A number, or a text that is none: `today-14d`. */
const bound: CellCodec = {
  print: (value) => number.print(value, 'en') ?? text.print(value, 'en'),
  parse: (cell) => number.parse(cell) ?? cell.trim(),
};

const list: CellCodec = {
  print: (value) => (Array.isArray(value) && value.every(isWord) ? value.join(', ') : undefined),
  parse: (cell) =>
    cell
      .split(/[,，、;；\n]/)
      .map((one) => one.trim())
      .filter(Boolean),
};

const condition: CellCodec = {
  print: (value) => attempt(() => printCondition(value as Condition)),
  parse: (cell) => parseCondition(cell).value,
};

const expression: CellCodec = {
  print: (value) => attempt(() => printExpression(value as Expression)),
  parse: (cell) => parseExpression(cell).value,
};

/** One option a line: `code=name/English name`, and behind ` ?? ` when it may be chosen. */
const options: CellCodec = {
  print(value) {
    if (!Array.isArray(value) || !value.every(isOption)) return undefined;
    return value
      .map(({ code, label, allowedWhen }) => {
        const names = [label?.['zh-CN'], label?.en].filter((one) => one !== undefined).join('/');
        const rule = allowedWhen === undefined ? '' : ` ?? ${condition.print(allowedWhen, 'en')}`;
        return `${code}=${names}${rule}`;
      })
      .join('\n');
  },
  parse(cell) {
    const found = cell
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean)
      .map((line): Option | undefined => {
        const [said = '', rule] = line.split(' ?? ');
        const [, code, names = ''] = /^([^=]*)=(.*)$/s.exec(said) ?? [undefined, said, said];
        const [zh = '', en] = names.split('/').map((one) => one.trim());
        const allowedWhen = rule === undefined ? undefined : parseCondition(rule).value;
        if (rule !== undefined && allowedWhen === undefined) return undefined;
        const label = { 'zh-CN': zh, ...(en ? { en } : {}) };
        return { code: (code ?? '').trim(), label, ...(allowedWhen ? { allowedWhen } : {}) };
      });
    return found.every((one) => one !== undefined) ? found : undefined;
  },
};

function attempt(print: () => string): string | undefined {
  try {
    return print();
  } catch {
    return undefined;
  }
}

/** Properties with a column of their own. Texts have two, `label.zh-CN` and `label.en`. */
export const CELLS: Record<string, CellCodec> = {
  key: text,
  kind: text,
  required: flag,
  options,
  rows: options,
  min: bound,
  max: bound,
  scale: number,
  pattern: text,
  level: text,
  documentTypes: list,
  visibleWhen: condition,
  requiredWhen: condition,
  readOnlyWhen: condition,
  compute: expression,
  maps: text,
  sensitive: flag,
  filterable: flag,
  dedupe: list,
  assert: condition,
  fields: list,
};
/** Properties that are texts in both languages. */
export const TEXTS = ['label', 'hint', 'unit', 'patternHint'];
