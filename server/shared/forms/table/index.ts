import { isRecord } from '../../fields/kinds/kind.ts';
import type { Field, FormContent, Locale } from '../../fields/types.ts';
import { sameJson } from '../changes.ts';
import { CELLS, NOTHING, TEXTS } from './cells.ts';
import {
  COLUMN_NAMES,
  COLUMNS,
  columnOf,
  headerOf,
  rowTypeOf,
  rowTypeWords,
  type Column,
  type RowType,
} from './columns.ts';

/**
 * A form as a table of one row a field, and back without loss: what a cell can't say stands in the row's last column as
 * JSON.
 */
export interface FormTable {
  columns: { header: string; width: number }[];
  rows: string[][];
}

/** A cell that can't be understood. `row` as the sheet counts, from 1. */
export interface TableFault {
  row: number;
  /** Its header. */
  column: string;
  code: 'badCell' | 'unknownColumn' | 'noParent';
}

type Json = Record<string, unknown>;
type Cells = Partial<Record<Column, string>>;

/** Longer cells go on in rows below: a cell holds 32,767 characters. */
const LONGEST = 20_000;
/** What the texts of forms, steps and checks are called. */
const RENAMED: Partial<Record<RowType, Record<string, string>>> = {
  form: { title: 'label', intro: 'hint' },
  step: { title: 'label', help: 'hint' },
  check: { message: 'label' },
};

/** One row of the table from an object; `left` are properties that have rows of their own. */
function cellsOf(type: RowType, node: Json, left: readonly string[], locale: Locale): Cells {
  const cells: Cells = { row: rowTypeWords(type, locale) };
  const other: Json = {};
  const names = RENAMED[type] ?? {};
  for (const [property, value] of Object.entries(node)) {
    if (left.includes(property) || value === undefined) continue;
    const name = names[property] ?? (Object.values(names).includes(property) ? '' : property);
    if (TEXTS.includes(name) && putText(cells, name, value)) continue;
    const codec = Object.hasOwn(CELLS, name) ? CELLS[name] : undefined;
    const printed = codec?.print(value, locale);
    if (printed && sameJson(codec?.parse(printed), value)) cells[name as Column] = printed;
    else other[property] = value;
  }
  if (Object.keys(other).length) cells.other = JSON.stringify(other);
  return cells;
}

function putText(cells: Cells, name: string, value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { 'zh-CN': zh, en, ...rest } = value;
  const plain = typeof zh === 'string' && zh !== '' && (en === undefined || (typeof en === 'string' && en !== ''));
  if (!plain || Object.keys(rest).length) return false;
  cells[`${name}.zh-CN` as Column] = zh;
  if (en !== undefined) cells[`${name}.en` as Column] = en as string;
  return true;
}

/** The form as a table in a language. Takes what can be edited (`isEditable`), finished or not. */
export function tableOf(content: FormContent, locale: Locale): FormTable {
  const rows: Cells[] = [cellsOf('form', content as unknown as Json, ['steps', 'checks'], locale)];
  const addFields = (fields: readonly Field[], group?: string): void => {
    for (const field of fields) {
      const inner = Array.isArray(field.fields);
      const left = inner ? ['fields'] : [];
      rows.push({ ...cellsOf('field', field as unknown as Json, left, locale), ...(group ? { group } : {}) });
      if (inner) addFields(field.fields ?? [], field.key);
    }
  };
  for (const step of content.steps) {
    rows.push(cellsOf('step', step as unknown as Json, ['fields'], locale));
    addFields(step.fields);
  }
  for (const check of content.checks ?? []) rows.push(cellsOf('check', check as unknown as Json, [], locale));
  return {
    columns: COLUMN_NAMES.map((name) => ({ header: headerOf(name, locale), width: COLUMNS[name][2] })),
    rows: rows.flatMap((cells) => split(cells, locale)).map((cells) => COLUMN_NAMES.map((name) => cells[name] ?? '')),
  };
}

/** A row whose cells are too long, and the rows that they go on in. */
function split(cells: Cells, locale: Locale): Cells[] {
  const rows: Cells[] = [];
  for (const name of COLUMN_NAMES) {
    const whole = cells[name];
    if (whole === undefined) continue;
    for (let at = 0; at === 0 || at * LONGEST < whole.length; at += 1) {
      rows[at] ??= { row: rowTypeWords('more', locale) };
      rows[at]![name] = whole.slice(at * LONGEST, (at + 1) * LONGEST);
    }
  }
  return rows;
}

export interface NumberedRow {
  number: number;
  cells: readonly string[];
}

/** The form that a table says; null, with faults, where a cell can't be understood. The first row is the header. */
export function formOf(table: readonly NumberedRow[]): { content: FormContent | null; faults: TableFault[] } {
  const [head, ...rows] = table;
  const faults: TableFault[] = [];
  const columns = (head?.cells ?? []).map((header) => columnOf(header));
  head?.cells.forEach((header, at) => {
    if (!columns[at] && header.trim()) faults.push({ row: head.number, column: header, code: 'unknownColumn' });
  });
  if (!columns.includes('key')) faults.push({ row: 1, column: headerOf('key', 'zh-CN'), code: 'unknownColumn' });
  const read: { number: number; cells: Cells }[] = [];
  for (const { number, cells } of rows) {
    const named: Cells = {};
    cells.forEach((cell, at) => {
      const name = columns[at];
      if (name && cell !== '') named[name] = cell;
    });
    const before = read.at(-1);
    if (before && rowTypeOf(named.row ?? '') === 'more')
      for (const [name, cell] of Object.entries(named) as [Column, string][])
        if (name !== 'row') before.cells[name] = (before.cells[name] ?? '') + cell;
    if (Object.keys(named).length && rowTypeOf(named.row ?? '') !== 'more') read.push({ number, cells: named });
  }
  const content = build(read, faults, (column) => head?.cells[columns.indexOf(column)] ?? headerOf(column, 'zh-CN'));
  return { content: faults.length ? null : content, faults: faults.slice(0, 100) };
}

function build(
  rows: readonly { number: number; cells: Cells }[],
  faults: TableFault[],
  headerFor: (column: Column) => string,
): FormContent {
  const form: Json = { title: { 'zh-CN': '' } };
  const steps: Json[] = [];
  const checks: Json[] = [];
  for (const { number, cells } of rows) {
    const tell = (column: Column, code: TableFault['code']) =>
      void faults.push({ row: number, column: headerFor(column), code });
    const type = rowTypeOf(cells.row ?? '');
    if (!type) tell('row', 'badCell');
    const node = nodeOf(type ?? 'field', cells, (column) => tell(column, 'badCell'));
    if (type === 'form') Object.assign(form, node);
    else if (type === 'step') steps.push({ ...node, fields: [] });
    else if (type === 'check') checks.push(node);
    else if (!placeField(node, cells.group, steps)) tell(cells.group === undefined ? 'row' : 'group', 'noParent');
  }
  return { ...form, steps, ...(checks.length ? { checks } : {}) } as unknown as FormContent;
}

/** Puts a field into the last step, or into the group of that key there; false where there is none. */
function placeField(field: Json, group: string | undefined, steps: readonly Json[]): boolean {
  const fields = steps.at(-1)?.['fields'] as Json[] | undefined;
  if (field['kind'] === 'group') field['fields'] ??= [];
  if (group === undefined || !fields) return fields !== undefined && fields.push(field) > 0;
  const holder = fields.findLast(({ key, kind }) => key === group && kind === 'group');
  return holder !== undefined && (holder['fields'] as Json[]).push(field) > 0;
}

function nodeOf(type: RowType, cells: Cells, bad: (column: Column) => void): Json {
  const node: Json = {};
  const names = Object.entries(RENAMED[type] ?? {});
  const propertyOf = (name: string): string => names.find(([, shown]) => shown === name)?.[0] ?? name;
  for (const [column, cell] of Object.entries(cells) as [Column, string][]) {
    if (column === 'row' || column === 'group' || column === 'other') continue;
    const [name = '', language] = column.split('.');
    if (language) {
      const property = propertyOf(name);
      node[property] = { 'zh-CN': '', ...(node[property] as Json | undefined), [language]: cell };
      continue;
    }
    const value = CELLS[name]!.parse(cell);
    if (value === undefined) bad(column);
    else if (value !== NOTHING) node[name] = value;
  }
  if (cells.other === undefined) return node;
  try {
    const other = JSON.parse(cells.other) as unknown;
    if (isRecord(other)) return { ...node, ...other };
  } catch {
    // Told below.
  }
  bad('other');
  return node;
}
