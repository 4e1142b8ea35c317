import { Problem, type StaffCaller } from '../../http/index.ts';
import type { Permission } from '../../../shared/permissions.ts';
import { grantsFor, type Scope } from './scope.ts';

/** Where regions and organisations lie in their trees, from the root down. */
export interface Places {
  regionPath(code: string): string[];
  orgPath(id: string): Promise<string[]>;
}

/**
 * The scope of what a member of staff makes: the record's own region where it has one, else that of the grant by which
 * it is made; the organisation of that grant.
 * @throws Problem forbidden when no grant reaches there
 */
export async function stampScope(
  caller: StaffCaller,
  permission: Permission,
  region: string | undefined,
  places: Places,
): Promise<Scope> {
  const own = region ? places.regionPath(region) : [];
  const grant = grantsFor(caller, permission).find(
    ({ region: reach }) => reach === null || own.length === 0 || own.includes(reach),
  );
  if (!grant) throw new Problem('forbidden');
  return {
    regionPath: own.length || grant.region === null ? own : places.regionPath(grant.region),
    orgPath: grant.organisation === null ? [] : await places.orgPath(grant.organisation),
    createdBy: caller.accountId,
  };
}
