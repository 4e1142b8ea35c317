import { Problem, type Grant, type StaffCaller } from '../../http/index.ts';
import type { Permission } from '../../../shared/permissions.ts';

/** Where a document belongs, stamped when it is written: the codes and ids from the root down to its own place. */
export interface Scope {
  /** GB/T 2260 codes from the province down; empty: no region, which only grants for every region see. */
  regionPath: string[];
  /** Organisation ids from the root down; empty likewise. */
  orgPath: string[];
  /** The account that made the document. */
  createdBy: string;
}

/** A filter that no document passes. */
export const NOTHING: Readonly<Record<string, unknown>> = { _id: { $in: [] } };

/** The grants of a caller that carry a permission. */
export const grantsFor = (caller: StaffCaller, permission: Permission): Grant[] =>
  caller.grants.filter((grant) => grant.permissions.includes(permission));

/** A grant that reaches every document. */
export const isEverywhere = (grant: Grant): boolean =>
  grant.region === null && grant.organisation === null && !grant.own;

/** Whether the caller holds the permission with no limit of place. */
export const holdsEverywhere = (caller: StaffCaller, permission: Permission): boolean =>
  grantsFor(caller, permission).some(isEverywhere);

/**
 * The MongoDB filter for what the caller may reach with this permission. Roles are unioned; a caller without a grant gets
 * a filter that matches nothing.
 */
export function scopeFilter(caller: StaffCaller, permission: Permission): Record<string, unknown> {
  const clauses: Record<string, unknown>[] = [];
  for (const grant of grantsFor(caller, permission)) {
    if (isEverywhere(grant)) return {};
    clauses.push(clauseOf(grant, caller.accountId));
  }
  if (clauses.length === 0) return { ...NOTHING };
  return clauses.length === 1 ? clauses[0]! : { $or: clauses };
}

function clauseOf(grant: Grant, accountId: string): Record<string, unknown> {
  return {
    ...(grant.region === null ? {} : { 'scope.regionPath': grant.region }),
    ...(grant.organisation === null ? {} : { 'scope.orgPath': grant.organisation }),
    ...(grant.own ? { 'scope.createdBy': accountId } : {}),
  };
}

/** The same judgement over one scope in memory. */
export function inScope(caller: StaffCaller, permission: Permission, scope: Scope): boolean {
  return grantsFor(caller, permission).some((grant) => inGrant(caller, grant, scope));
}

/** A region of which nothing is. */
const NOWHERE = '000000';

/** Regions that a list may look into one by one; who reaches more is looked for everywhere. */
const MOST_PLACES = 20;

/**
 * A list's filter by region, as far as it narrows what the caller reaches anyway: one that lies around all of it is left
 * out, and one beside all of it finds nothing. Both would be looked for among everything that the caller reaches.
 * `within` are the regions in one of which all lies that can be found, `''` for everywhere: a list may look there alone. It
 * decides nothing; the scope is still to be asked.
 * @param path the codes of a region from the province down
 */
export function narrowed<Q extends { region?: string | undefined }>(
  caller: StaffCaller,
  permission: Permission,
  query: Q,
  path: (code: string) => string[],
): Q & { within: string[] } {
  const { region } = query;
  const reach = grantsFor(caller, permission).map((grant) => grant.region);
  if (reach.length === 0 || reach.includes(null)) return { ...query, within: [region ?? ''] };
  const codes = [...new Set(reach as string[])];
  const all = codes.filter((code) => !codes.some((other) => other !== code && path(code).includes(other)));
  const few = (places: string[]) => (places.length > MOST_PLACES ? [''] : places);
  if (region === undefined || all.every((code) => path(code).includes(region)))
    return { ...query, region: undefined, within: few(all) };
  if (all.some((code) => path(region).includes(code))) return { ...query, within: [region] };
  const inside = all.filter((code) => path(code).includes(region));
  return inside.length ? { ...query, within: few(inside) } : { ...query, region: NOWHERE, within: [NOWHERE] };
}

/** Whether one grant of the caller's reaches a scope. */
export const inGrant = (caller: StaffCaller, grant: Grant, scope: Scope): boolean =>
  (grant.region === null || scope.regionPath.includes(grant.region)) &&
  (grant.organisation === null || scope.orgPath.includes(grant.organisation)) &&
  (!grant.own || scope.createdBy === caller.accountId);

/**
 * For writes: the scope that a document is to get must lie inside what the caller may reach.
 * @throws Problem forbidden
 */
export function assertInScope(caller: StaffCaller, permission: Permission, scope: Scope): void {
  if (!inScope(caller, permission, scope)) throw new Problem('forbidden');
}
