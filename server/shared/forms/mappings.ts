import type { Condition } from '../fields/types.ts';

/**
 * How answers to one version of a form become answers to another: data, applied in order. Fields are named by key, those of a
 * group `members.name`. `from` and `field` of `recode` name fields of the old content, `to` and `field` of `default` those of
 * the new one. A value goes over as it is between fields of one kind, and by its text between others.
 */
export type Mapping =
  /** The answer is called otherwise now. Within a group: each record's. */
  | { op: 'rename'; from: string; to: string }
  /** One text becomes several, at every `by`; what is left over goes to the last. */
  | { op: 'split'; from: string; to: string[]; by: string }
  /** The records of a group: those for which `when` holds go to the first, others to the second. */
  | { op: 'divide'; from: string; to: [string, string]; when: Condition }
  /** Several answers become one: texts with `by` between them, groups and choices all together; without `by` the first that is there. */
  | { op: 'merge'; from: string[]; to: string; by?: string }
  /** Options by another code; null: the choice is dropped. */
  | { op: 'recode'; field: string; codes: Record<string, string | null> }
  /** For who has no answer. */
  | { op: 'default'; field: string; value: unknown };

export const MAPPING_OPS = ['rename', 'split', 'divide', 'merge', 'recode', 'default'] as const;
/** A form has so many fields at most. */
export const MOST_MAPPINGS = 200;

/** The fields that give a mapping its values, and those that get them. */
export function endsOf(mapping: Mapping): { from: string[]; to: string[] } {
  switch (mapping.op) {
    case 'rename':
      return { from: [mapping.from], to: [mapping.to] };
    case 'split':
    case 'divide':
      return { from: [mapping.from], to: mapping.to };
    case 'merge':
      return { from: mapping.from, to: [mapping.to] };
    case 'recode':
      return { from: [mapping.field], to: [] };
    case 'default':
      return { from: [], to: [mapping.field] };
  }
}
