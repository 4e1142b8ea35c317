import type { FieldCode } from '../codes.ts';
import type { Field, FieldKind, Look } from '../types.ts';

/** A value that is right: what is given, what it becomes, how it reads. */
export interface GoodCase {
  field: Field;
  raw: unknown;
  value: unknown;
  /** In Chinese; also the Excel cell, which parses to `value` again. */
  text: string;
  /** What a reader without the reveal permission sees in place of `text`. */
  masked: string;
  /** Other cells that mean the same. */
  cells?: string[];
}

/** A value that is wrong, and the code that says why. */
export interface BadCase {
  field: Field;
  raw: unknown;
  code: FieldCode;
  params?: Record<string, string | number>;
}

/** How a value is counted in statistics: codes of the groups, each with its text in Chinese. */
export interface GroupCase {
  field: Field;
  value: unknown;
  groups: [code: string, text: string][];
}

export interface KindCases {
  good: GoodCase[];
  bad: BadCase[];
  /** Values that are nothing, where more or fewer than a blank text are. */
  empty?: unknown[];
  /** For kinds with a dimension in statistics. */
  groups?: GroupCase[];
  /** Look-ups beside the regions in which the cases hold. */
  look?: Look;
}

/** The day on which the cases hold. */
export const CASES_TODAY = '2024-06-15';

/** A field of a kind with what matters to a case. */
export function sample(kind: FieldKind, rest: Partial<Field> = {}): Field {
  return { key: 'sample', kind, label: { 'zh-CN': '样例', en: 'Sample' }, ...rest };
}
