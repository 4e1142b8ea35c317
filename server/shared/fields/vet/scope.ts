import { splitName } from '../expressions/names.ts';
import type { ValueType } from '../kinds/kind.ts';
import { KINDS } from '../kinds/index.ts';
import { own } from '../own.ts';
import type { Field } from '../types.ts';

/** The fields that rules may name: of the form, or of a group with the form around it. */
export interface Scope {
  /** Those whose shape is right. */
  fields: ReadonlyMap<string, Field>;
  /** All keys: a rule over a field that is wrong itself is not blamed for it. */
  keys: ReadonlySet<string>;
  outer?: Scope;
  /** How much the rules of the whole form may still hold; one count for all scopes of a form. */
  left: { parts: number };
  /** The types of computed fields, as they are found out. */
  types: Map<Field, ValueType | undefined>;
}

/** Conditions and expressions of all rules of a form: what takes longer to judge than 50 ms is not published. */
export const MAX_PARTS = 4_000;

export type Found = { field: Field; list: boolean } | 'unknown' | 'unsound';

/** What a name stands for: a field, or with `list` that of every record of a group. */
export function find(scope: Scope, name: string): Found {
  const [key, inner] = splitName(name);
  if (!scope.keys.has(key)) return scope.outer ? find(scope.outer, name) : 'unknown';
  const field = scope.fields.get(key);
  if (!field) return 'unsound';
  if (inner === undefined) return { field, list: false };
  const member = field.fields?.find((each) => each.key === inner);
  if (!member) return 'unknown';
  return own(KINDS, member.kind) ? { field: member, list: true } : 'unsound';
}
