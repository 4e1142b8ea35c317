import type { Deps } from '../../deps.ts';
import type { Audit } from '../audit/index.ts';
import type { RegionTree } from '../regions/index.ts';
import { OrganisationsController } from './organisations.controller.ts';
import { createOrganisationTree } from './organisations.service.ts';

export { organisationModel, type OrganisationRecord } from './organisations.model.ts';
export type { Organisation } from './organisations.service.ts';
export type Organisations = ReturnType<typeof createOrganisations>;

/** The organisation tree. */
export function createOrganisations(deps: Deps, others: { audit: Audit; regions: RegionTree }) {
  const tree = createOrganisationTree(deps, others);
  return { ...tree, controllers: [new OrganisationsController(tree)] };
}
