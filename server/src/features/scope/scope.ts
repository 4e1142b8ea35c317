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
  return grantsFor(caller, permission).some(
    (grant) =>
      (grant.region === null || scope.regionPath.includes(grant.region)) &&
      (grant.organisation === null || scope.orgPath.includes(grant.organisation)) &&
      (!grant.own || scope.createdBy === caller.accountId),
  );
}

/**
 * For writes: the scope that a document is to get must lie inside what the caller may reach.
 * @throws Problem forbidden
 */
export function assertInScope(caller: StaffCaller, permission: Permission, scope: Scope): void {
  if (!inScope(caller, permission, scope)) throw new Problem('forbidden');
}
