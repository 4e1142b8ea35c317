import type { Grant, StaffCaller } from '../../http/index.ts';
import type { Permission } from '../../../shared/permissions.ts';
import { grantsFor, isEverywhere, NOTHING } from '../scope/index.ts';
import type { StoredGrant } from './accounts.model.ts';

type Place = Pick<StoredGrant, 'regionPath' | 'orgPath'>;

/** Whether everything in the place lies inside a grant of the caller's. What counts only for one's own can't hold a place. */
const covers = (grant: Grant, place: Place): boolean =>
  !grant.own &&
  (grant.region === null || place.regionPath.includes(grant.region)) &&
  (grant.organisation === null || place.orgPath.includes(grant.organisation));

/**
 * Whether the caller holds each of these permissions for the whole place: only then may he give them to others there, or
 * change an account that has them. So nobody raises others, or through them himself, above what he is.
 */
export function holdsAll(caller: StaffCaller, permissions: readonly Permission[], place: Place): boolean {
  return permissions.every((permission) => grantsFor(caller, permission).some((grant) => covers(grant, place)));
}

/**
 * The MongoDB filter for the staff accounts that a caller may administer with a permission: those whose grants **all** lie
 * inside his. An account that also counts elsewhere is not his to see. With an own-only grant: accounts that he made, whose
 * grants lie inside the grant's place.
 */
export function accountsFilter(caller: StaffCaller, permission: Permission): Record<string, unknown> {
  const grants = grantsFor(caller, permission);
  if (grants.some(isEverywhere)) return { kind: 'staff' };
  if (grants.length === 0) return { ...NOTHING };
  const inside = (some: Grant[]) => ({ $not: { $elemMatch: { $nor: some.map(placeClause) } } });
  const whole = grants.filter((grant) => !grant.own);
  const choices: Record<string, unknown>[] = [{ createdBy: caller.accountId, grants: inside(grants) }];
  // An account without grants lies nowhere: only who made it, or who reaches everything, sees it.
  if (whole.length) choices.push({ 'grants.0': { $exists: true }, grants: inside(whole) });
  return { kind: 'staff', $or: choices };
}

function placeClause(grant: Grant): Record<string, unknown> {
  return {
    ...(grant.region === null ? {} : { regionPath: grant.region }),
    ...(grant.organisation === null ? {} : { orgPath: grant.organisation }),
  };
}
