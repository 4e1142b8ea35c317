import { isEmpty } from './check.ts';
import { fieldsOf } from './fields.ts';
import type { JsonSchema } from './kinds/kind.ts';
import { PROJECTIONS } from './kinds/projections.ts';
import type { Field, FormContent, Locale, Look } from './types.ts';

/** The door for the back office: Excel cells, masking, JSON Schema. */
export type { JsonSchema } from './kinds/kind.ts';

/** The value that a cell's text means; undefined for an empty cell. Check it with `checkField`. */
export function parseCell(field: Field, cell: string, look?: Look): unknown {
  return cell.trim() === '' ? undefined : PROJECTIONS[field.kind].parse(cell, field, look);
}

/** A value as readable text that does not give it away, for the values of sensitive fields; empty for an empty value. */
export function maskValue(field: Field, value: unknown, locale: Locale, look?: Look): string {
  return isEmpty(field, value) ? '' : PROJECTIONS[field.kind].mask(value, field, locale, look);
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
