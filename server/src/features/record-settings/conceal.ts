import { leastSight, PEOPLE_SUBJECT, type RuleBook } from '../../../shared/field-policy.ts';
import { HIDDEN } from '../../../shared/fields/projections.ts';
import type { StaffCaller } from '../../http/index.ts';
import { grantsFor } from '../scope/index.ts';

type Detail = Record<string, unknown>;
interface KeptChange {
  key: string;
  before: unknown;
  after: unknown;
}

const isChanges = (value: unknown): value is KeptChange[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'object' && one !== null && 'key' in one);

/**
 * What a reader of the audit may see of kept changes. They were masked when they were written; rules that came later count
 * as well, so values that the reader's roles don't show now are covered.
 */
export function createConceal(books: ReadonlyMap<string, RuleBook>, caller: StaffCaller) {
  const roles = grantsFor(caller, 'audit.read').map(({ role }) => role);
  return (objectType: string | null, detail: Detail): Detail => {
    const { changes } = detail;
    const subject = objectType === 'person' ? PEOPLE_SUBJECT : detail['form'];
    const book = typeof subject === 'string' ? books.get(subject) : undefined;
    if (!book || !isChanges(changes)) return detail;
    const cover = (value: unknown) => (value === null || value === undefined ? value : HIDDEN);
    return {
      ...detail,
      changes: changes.map((change) =>
        leastSight(book, roles, change.key) === 'show'
          ? change
          : { ...change, before: cover(change.before), after: cover(change.after) },
      ),
    };
  };
}

export type Conceal = ReturnType<typeof createConceal>;
