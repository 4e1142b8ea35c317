import { Problem, type StaffCaller } from '../../http/index.ts';
import type { Issue } from '../../../shared/fields/types.ts';
import type { Organisations } from '../organisations/index.ts';
import type { RegionTree } from '../regions/index.ts';
import type { Roles } from '../roles/index.ts';
import type { StoredGrant } from './accounts.model.ts';
import { holdsAll } from './accounts.reach.ts';

export type GrantInput = Pick<StoredGrant, 'role' | 'region' | 'organisation' | 'own'>;

interface Others {
  roles: Roles;
  organisations: Pick<Organisations, 'orgPath'>;
  regions: RegionTree;
}

export function createGranting({ roles, organisations, regions }: Others) {
  return {
    /**
     * The grants with their places.
     * @throws Problem invalid_input for a role, region or organisation that does not exist
     */
    async resolve(grants: readonly GrantInput[]): Promise<StoredGrant[]> {
      const issues: Issue[] = [];
      const resolved: StoredGrant[] = [];
      for (const [at, { role, region, organisation, own }] of grants.entries()) {
        const path = `body.grants.${at}`;
        if (!(await roles.find(role))) issues.push({ path: `${path}.role`, code: 'unknown_option' });
        if (region !== null && !regions.exists(region)) issues.push({ path: `${path}.region`, code: 'unknown_region' });
        const orgPath = organisation === null ? [] : await organisations.orgPath(organisation);
        if (organisation !== null && orgPath.length === 0)
          issues.push({ path: `${path}.organisation`, code: 'unknown_option' });
        resolved.push({
          role,
          region,
          organisation,
          own,
          regionPath: region === null ? [] : regions.path(region),
          orgPath,
        });
      }
      if (issues.length) throw new Problem('invalid_input', { issues });
      return resolved;
    },

    /**
     * The caller holds all that these grants give, wherever they give it.
     * @throws Problem forbidden
     */
    async assertHeld(caller: StaffCaller, grants: readonly StoredGrant[]): Promise<void> {
      for (const grant of grants) {
        const role = await roles.find(grant.role);
        if (!holdsAll(caller, role?.permissions ?? [], grant)) throw new Problem('forbidden');
      }
    },
  };
}
