import { own } from '../own.ts';
import type { Field, Issue, Locale, Look, Text } from '../types.ts';
import { vetBounds } from '../vet/bounds.ts';
import {
  fault,
  flaw,
  hasOnly,
  isBlank,
  isRecord,
  textOf,
  type JsonSchema,
  type Kind,
  type KindProjection,
} from './kind.ts';
import { joinRecord, NO_ANSWERS, splitCell } from './groupText.ts';

/** Records of a group that names no `max`, and the highest `max`: a household, not a register. */
export const RECORDS_MAX = 50;
/** A list of more is not even looked at. */
const READ_MAX = 1000;

type Row = Record<string, unknown>;

/** A list of records that have no other than the group's keys. */
function isRecords(value: unknown, field: Field): value is Row[] {
  const keys = (field.fields ?? []).map(({ key }) => key);
  return Array.isArray(value) && value.length <= READ_MAX && value.every((row) => isRecord(row) && hasOnly(row, keys));
}

/**
 * Several records of the same fields: the members of a household. `find` gives the kinds of its fields; here the list itself
 * is judged, the answers in it by the form's rules (`run.ts`).
 */
export function createGroup(find: (kind: string) => Kind): Kind {
  const kindOf = ({ kind }: Field): Kind => find(kind);

  function normaliseRow(row: Row, fields: readonly Field[]): Row {
    const kept: Row = {};
    for (const field of fields) {
      const value = kindOf(field).normalise(own(row, field.key), field);
      if (value !== undefined && !kindOf(field).isEmpty(value)) kept[field.key] = value;
    }
    return kept;
  }

  return {
    several: true,
    /** Without the empty records at the end: pages show one to begin with. Others keep their places, which faults name. */
    normalise(raw, field) {
      if (typeof raw === 'string') return raw.trim();
      if (!isRecords(raw, field)) return raw;
      const rows = raw.map((row) => normaliseRow(row, field.fields ?? []));
      while (rows.length > 0 && Object.keys(rows[rows.length - 1]!).length === 0) rows.pop();
      return rows;
    },
    check(field, value) {
      if (typeof value === 'string') return fault('records_unreadable');
      if (!Array.isArray(value) || value.length > READ_MAX || !value.every(isRecord)) return fault('wrong_type');
      if (!isRecords(value, field)) return fault('unknown_field');
      const max = typeof field.max === 'number' ? field.max : RECORDS_MAX;
      if (value.length > max) return fault('too_many_records', { max });
      if (typeof field.min === 'number' && value.length < field.min)
        return fault('too_few_records', { min: field.min });
      return null;
    },
    isEmpty: isBlank,
    /** A record a line: `姓名：张三；年龄：12`. */
    format(value, field, locale, look) {
      if (!isRecords(value, field)) return '';
      return value
        .map((row) =>
          joinRecord(
            (field.fields ?? []).flatMap((inner) => {
              const answer = own(row, inner.key);
              const kind = kindOf(inner);
              const text = kind.isEmpty(answer) ? '' : kind.format(answer, inner, locale, look);
              return text === '' ? [] : [[textOf(inner.label, locale), text] as const];
            }),
            locale,
          ),
        )
        .join('\n');
    },
  };
}

const HOW_TO: Text = {
  'zh-CN': '每行一条，各项写明名称，用分号隔开，例：',
  en: 'One record a line, each answer after its name, separated by semicolons: ',
};

/** The same for the back office. */
export function createGroupProjection(find: (kind: string) => KindProjection): KindProjection {
  /** The record that a line means; undefined when it names something else. */
  function readRow(
    parts: readonly (readonly [string, string])[],
    fields: readonly Field[],
    look?: Look,
  ): Row | undefined {
    const row: Row = {};
    for (const [name, text] of parts) {
      const field = fields.find((each) => namesOf(each).includes(fold(name)));
      if (!field) return undefined;
      if (text.trim() !== '') row[field.key] = find(field.kind).parse(text, field, look);
    }
    return row;
  }

  return {
    parse(cell, field, look) {
      const rows = splitCell(cell)?.map((parts) => readRow(parts, field.fields ?? [], look));
      return rows && rows.every((row) => row !== undefined) ? rows : cell.trim();
    },
    /** How many there are. */
    mask: (value, _field, locale) => countText(Array.isArray(value) ? value.length : 0, locale),
    jsonSchema: (field): JsonSchema => ({
      type: 'array',
      minItems: typeof field.min === 'number' ? field.min : 1,
      maxItems: typeof field.max === 'number' ? field.max : RECORDS_MAX,
      items: {
        type: 'object',
        properties: Object.fromEntries(
          (field.fields ?? []).map((each) => [
            each.key,
            { title: each.label['zh-CN'], ...find(each.kind).jsonSchema(each) },
          ]),
        ),
        additionalProperties: false,
      },
    }),
    gives: 'records',
    alone: true,
    cell: {
      howTo(field, locale) {
        const names = (field.fields ?? []).map(({ label }) => [textOf(label, locale), '…'] as const);
        return textOf(HOW_TO, locale) + joinRecord(names, locale);
      },
      width: 36,
    },
    uses: ['fields', 'min', 'max'],
    vet: (field) => [
      ...vetBounds(field, { whole: true, lowest: 0, highest: RECORDS_MAX }),
      ...(field.fields === undefined ? [flaw('fields', 'no_fields')] : vetNames(field.fields)),
    ],
  };
}

const fold = (text: string): string => text.normalize('NFC').trim().toLowerCase();
const namesOf = ({ key, label }: Field): string[] =>
  [label['zh-CN'], label.en, key].flatMap((name) => (name ? [fold(name)] : []));

/** A cell names the answers of a record by their labels. */
function vetNames(fields: readonly Field[]): Issue[] {
  const seen = new Set<string>();
  return fields.flatMap((field, at) => {
    if (!isRecord(field.label) || field.kind === 'static') return [];
    const names = [...new Set(namesOf(field))];
    const again = names.some((name) => seen.has(name) || name === NO_ANSWERS);
    names.forEach((name) => seen.add(name));
    return again ? [flaw(`fields.${at}.label`, 'duplicate_label')] : [];
  });
}

const countText = (count: number, locale: Locale): string =>
  locale === 'en' ? `${count} ${count === 1 ? 'record' : 'records'}` : `${count} 条`;
