import type { FieldCode } from '../codes.ts';
import type { CheckContext, Fault, Field, FieldKind, Issue, Locale, Look, Text } from '../types.ts';
import type { FormCode } from '../vet/codes.ts';

/**
 * What every reader of a value needs, also the citizen's browser. No method ever throws, whatever it is given.
 */
export interface Kind {
  /** One value, one spelling. Idempotent; a value of the wrong type is left as it is. */
  normalise(raw: unknown, field: Field): unknown;
  /** Judges a value that is normalised and not empty. */
  check(field: Field, value: unknown, ctx: CheckContext): Fault | null;
  isEmpty(value: unknown): boolean;
  /** A value that is not empty as readable text, also the Excel cell: the projection's `parse` gives the same value again. Empty for a wrong type. */
  format(value: unknown, field: Field, locale: Locale, look?: Look): string;
}

/** A JSON Schema; OpenAPI 3.0 understands the part of it that is used here. */
export type JsonSchema = Record<string, unknown>;

/** What only the back office needs: Excel, masking, API documents, publishing. */
export interface KindProjection {
  /** The value that the text of a cell means; the text itself when it means none, so that `check` can say why. */
  parse(cell: string, field: Field, look?: Look): unknown;
  /** A value that is not empty as readable text that does not give it away. */
  mask(value: unknown, field: Field, locale: Locale, look?: Look): string;
  /** The JSON Schema of a normalised value: refuses wrong types, never a value that `check` accepts. */
  jsonSchema(field: Field): JsonSchema;
  /** Properties of Field beyond the common ones that mean something for this kind. */
  uses: readonly (keyof Field)[];
  /** What is wrong with the definition itself; paths are relative to the field. Types are right by then. */
  vet?(field: Field): Issue[];
}

/** The projections by kind, complete. */
export type ByKind<T> = Record<FieldKind, T>;

/** A fault about a value. */
export function fault(code: FieldCode, params?: Fault['params']): Fault {
  return params ? { code, params } : { code };
}

/** An issue about a definition. */
export function flaw(path: string, code: FormCode, params?: Fault['params']): Issue {
  return params ? { path, code, params } : { path, code };
}

/** Nothing was filled in. */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** A JSON object: neither null nor a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether an object has exactly these keys or fewer. */
export function hasOnly(value: Record<string, unknown>, keys: readonly string[]): boolean {
  return Object.keys(value).every((key) => keys.includes(key));
}

/** A text in a language, in Chinese where it has no other. */
export function textOf(text: Text, locale: Locale): string {
  return text[locale] || text['zh-CN'];
}

/** What stands for a value that nobody may see. */
export const HIDDEN = '**';
