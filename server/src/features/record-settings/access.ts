import { accessTo, capped, leastSight, type RuleBook, type Sight } from '../../../shared/field-policy.ts';
import type { Field } from '../../../shared/fields/index.ts';
import type { StaffCaller } from '../../http/index.ts';
import type { Permission } from '../../../shared/permissions.ts';
import { grantsFor, inGrant, type Scope } from '../scope/index.ts';

/** What one caller may do with single fields. Every exit of a record asks here; made once a request. */
export interface Access {
  /** What there are rules about. */
  subjects: readonly string[];
  /** How a field's value leaves, of a record with this scope. */
  see(subject: string, field: Field, scope: Scope): Sight;
  /** Whether the field of such a record may be changed, by who may change the record. */
  mayWrite(subject: string, field: Field, scope: Scope): boolean;
  /**
   * Whether records may be looked for, filtered and sorted by the field. Order and hits tell what a value is, so every
   * grant must show it; a sensitive one that no rule restricts may be looked for by its whole value.
   */
  maySearch(subject: string, field: Field): boolean;
  /** The least that any grant lets see: for exits that are not tied to one record. */
  least(subject: string, field: Field): Sight;
  /** The most that any grant lets see: what nobody sees is not offered as a column. */
  most(subject: string, field: Field): Sight;
}

const rolesOf = (caller: StaffCaller, permission: Permission): string[] => [
  ...new Set(grantsFor(caller, permission).map(({ role }) => role)),
];

/** @param books the rules by form */
export function createAccess(
  books: ReadonlyMap<string, RuleBook>,
  caller: StaffCaller,
  [read, write]: readonly [Permission, Permission],
): Access {
  const roles = rolesOf(caller, read);
  const rolesAt = (permission: Permission, scope: Scope) =>
    grantsFor(caller, permission)
      .filter((grant) => inGrant(caller, grant, scope))
      .map(({ role }) => role);
  return {
    subjects: [...books.keys()],
    // Without rules there is nothing to weigh; lists and exports ask this for every cell.
    see: (subject, field, scope) => {
      const book = books.get(subject);
      return capped(field, book?.has(field.key) ? accessTo(book, rolesAt(read, scope), field.key).see : 'show');
    },
    mayWrite: (subject, field, scope) => {
      const book = books.get(subject);
      return !book?.has(field.key) || accessTo(book, rolesAt(write, scope), field.key).write;
    },
    maySearch: (subject, field) => {
      const book = books.get(subject);
      return !book?.has(field.key) || leastSight(book, roles, field.key) === 'show';
    },
    least: (subject, field) => capped(field, leastSight(books.get(subject), roles, field.key)),
    most: (subject, field) => capped(field, accessTo(books.get(subject), roles, field.key).see),
  };
}
