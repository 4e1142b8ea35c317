import { isSensitive } from './fields/fields.ts';
import type { Field } from './fields/types.ts';

/**
 * Who sees what of a record: pure rules, judged in one place. A rule speaks of one role and one field; without a rule a
 * field is shown, written and searched by whoever may read or write the record, and masked where it is sensitive.
 */

/** From least to most. `mask` never is in clear without a reveal; `show` of a sensitive field means masked as well. */
export const SIGHTS = ['hide', 'mask', 'show'] as const;
export type Sight = (typeof SIGHTS)[number];

export interface FieldRule {
  /** A role's key, or `*`: every role without a rule of its own for the field. */
  role: string;
  field: string;
  see: Sight;
  /** Whether those who may change the record may change this field. Never true where it is hidden. */
  write: boolean;
}

/** Stands for every role that has no rule of its own for a field. */
export const OTHER_ROLES = '*';

/** What rules about people stand under, among the keys of forms. */
export const PEOPLE_SUBJECT = '_people';

/** Sorts that a form may declare; each has a slot in every record, and an index. */
export const MOST_SORTS = 4;

/** Rules by field, then by role. */
export type RuleBook = ReadonlyMap<string, ReadonlyMap<string, FieldRule>>;

export function ruleBook(rules: readonly FieldRule[]): RuleBook {
  const book = new Map<string, Map<string, FieldRule>>();
  for (const rule of rules) {
    let roles = book.get(rule.field);
    if (!roles) book.set(rule.field, (roles = new Map()));
    roles.set(rule.role, rule);
  }
  return book;
}

/** Fields that any role may see less of than others do. */
export const restricted = (book: RuleBook | undefined, field: string): Sight => {
  const rules = [...(book?.get(field)?.values() ?? [])];
  return rules.some(({ see }) => see === 'hide') ? 'hide' : rules.some(({ see }) => see === 'mask') ? 'mask' : 'show';
};

export interface FieldAccess {
  see: Sight;
  write: boolean;
}

const FREE: FieldAccess = { see: 'show', write: true };
const NONE: FieldAccess = { see: 'hide', write: false };

const ofRole = (book: RuleBook | undefined, field: string, role: string): FieldAccess => {
  const roles = book?.get(field);
  return roles?.get(role) ?? roles?.get(OTHER_ROLES) ?? FREE;
};

const rank = (see: Sight) => SIGHTS.indexOf(see);

/** What somebody with these roles may do with a field: what the most generous of them allows; nothing without a role. */
export function accessTo(book: RuleBook | undefined, roles: readonly string[], field: string): FieldAccess {
  return roles
    .map((role) => ofRole(book, field, role))
    .reduce<FieldAccess>(
      (most, one) => ({ see: rank(one.see) > rank(most.see) ? one.see : most.see, write: most.write || one.write }),
      NONE,
    );
}

/** The least that any of these roles allows: for what is not tied to one record's place. */
export function leastSight(book: RuleBook | undefined, roles: readonly string[], field: string): Sight {
  if (roles.length === 0) return 'hide';
  return roles
    .map((role) => ofRole(book, field, role).see)
    .reduce((least, one) => (rank(one) < rank(least) ? one : least));
}

/** A sensitive value is masked at best; it leaves in clear by a reveal or an export in clear only. */
export const capped = (field: Field, see: Sight): Sight => (see === 'show' && isSensitive(field) ? 'mask' : see);
