import type { FieldCode } from '../codes.ts';
import type { CheckContext, Fault, Field, FieldKind, Issue, Locale, Look, PersonTarget, Text } from '../types.ts';
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
  /** Always stored encrypted and masked for readers without the reveal permission, whatever the field says. */
  sensitive?: true;
  /** Filled in by several controls: labelled as a group of them. */
  several?: boolean;
  /** Filled in with the widget of another kind. */
  widget?: FieldKind;
  /** What a text control says to the browser: which keyboard, and what it may offer to fill in. */
  input?: { mode: 'text' | 'email' | 'url' | 'numeric'; autocomplete?: string };
  /** Its values are uploaded files: no column of a table is read for it. */
  attached?: true;
  /** Citizens' pages don't show it: `always` neither to read nor to fill in, `staff` since only staff may fill it in. */
  unseen?: 'always' | 'staff';
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
  /** What an expression may do with the value; without it only `filled` and `empty` may be asked. */
  gives?: ValueType;
  /** The value is never filled in: `compute` says what it is. */
  computes?: true;
  /** Can't be a field of a group. */
  alone?: true;
  /** Lists may be filtered by it: its values are few, short and comparable. */
  filterable?: true;
  /** May tell duplicates apart: it says the same thing whenever it is the same. */
  dedupe?: true;
  /** What it may write into a Person. */
  maps?: readonly PersonTarget[];
  /** Its column of a workbook. */
  cell?: KindCell;
  /**
   * The dimension in statistics: the codes of the groups that a right value counts in, several for several choices. Without it
   * values are not counted, since they are free text or name somebody.
   */
  groups?(value: unknown, field: Field, look?: Look): string[];
  /** How a group is called, where the value that its code is does not say it (`format`). */
  groupText?(code: string, field: Field, locale: Locale, look?: Look): string;
  /** What is wrong with the definition itself; paths are relative to the field. Types are right by then. */
  vet?(field: Field): Issue[];
}

/** How a column of the Excel template is made. */
export interface KindCell {
  /** What to type, in a sentence without its full stop. */
  howTo?: Text | ((field: Field, locale: Locale) => string);
  /** In characters; 18 where it is not said. */
  width?: number;
  /** The cell is a number that Excel may calculate with; others are text, so that they keep their digits. */
  number?: true;
  /** A date cell's time counts; elsewhere only its day does. */
  time?: true;
  /** The cell is chosen from the labels of the field's options. */
  list?: true;
}

/**
 * What an expression sees of an answer: `choice` is the code of an option, `choices` several; `day`, `moment` and `time` are
 * texts that sort. Two of one type may be compared.
 */
export type ValueType = 'number' | 'text' | 'day' | 'moment' | 'time' | 'boolean' | 'choice' | 'choices' | 'records';

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
