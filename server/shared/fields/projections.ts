import { isEmpty } from './judge.ts';
import { fieldsOf, isSensitive } from './fields.ts';
import { formatValue } from './format.ts';
import { textOf, type JsonSchema } from './kinds/kind.ts';
import { PROJECTIONS } from './kinds/index.ts';
import type { Field, FormContent, Locale, Look } from './types.ts';

/** The door for the back office: Excel cells, masking, JSON Schema. */
export { HIDDEN, type JsonSchema } from './kinds/kind.ts';

/** The value that a cell's text means; undefined for an empty cell. Check it with `checkField`. */
export function parseCell(field: Field, cell: string, look?: Look): unknown {
  return cell.trim() === '' ? undefined : PROJECTIONS[field.kind].parse(cell, field, look);
}

/** A value as readable text that does not give it away, for the values of sensitive fields; empty for an empty value. */
export function maskValue(field: Field, value: unknown, locale: Locale, look?: Look): string {
  return isEmpty(field, value) ? '' : PROJECTIONS[field.kind].mask(value, field, locale, look);
}

/** What to type into the field's column of a workbook; empty where nothing needs saying. */
export function howToFill(field: Field, locale: Locale): string {
  const howTo = PROJECTIONS[field.kind].cell?.howTo;
  return typeof howTo === 'function' ? howTo(field, locale) : howTo ? textOf(howTo, locale) : '';
}

/** How the field's column of a workbook is made: its width in characters, and what its cells hold (`KindCell`). */
export function columnOf(field: Field): { width: number; number: boolean; time: boolean; list: boolean } {
  const { width = 18, number = false, time = false, list = false } = PROJECTIONS[field.kind].cell ?? {};
  return { width, number, time, list };
}

/** The JSON Schema of a field's normalised value. */
export function valueSchema(field: Field): JsonSchema {
  return PROJECTIONS[field.kind].jsonSchema(field);
}

/** The JSON Schema of a form's answers. A field that depends on others is never required: only `checkForm` can tell. */
export function answersSchema(content: FormContent): JsonSchema {
  const fields = fieldsOf(content).filter((field) => field.kind !== 'static');
  return {
    type: 'object',
    properties: Object.fromEntries(
      fields.map((field) => [field.key, { title: field.label['zh-CN'], ...valueSchema(field) }]),
    ),
    required: fields.filter((field) => field.required && !field.visibleWhen).map((field) => field.key),
    additionalProperties: false,
  };
}

/** A group of a statistics dimension. */
export interface Group {
  code: string;
  text: string;
}

/** Whether a field's values may be counted in groups: neither free text nor naming somebody, and not sensitive. */
export function isDimension(field: Field): boolean {
  return PROJECTIONS[field.kind].groups !== undefined && !isSensitive(field);
}

/** Whether the groups of a dimension are the field's own options. */
export function isChosen(field: Field): boolean {
  const { gives } = PROJECTIONS[field.kind];
  return gives === 'choice' || gives === 'choices';
}

/** The groups that a right value counts in: one, or several for several choices; none for an empty value. */
export function groupsOf(field: Field, value: unknown, locale: Locale, look?: Look): Group[] {
  const { groups, groupText } = PROJECTIONS[field.kind];
  if (!groups || !isDimension(field) || isEmpty(field, value)) return [];
  const text = (code: string) => groupText?.(code, field, locale, look) ?? formatValue(field, code, locale, look);
  return groups(value, field, look).map((code) => ({ code, text: text(code) || code }));
}
