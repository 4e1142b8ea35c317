import type { Deps } from '../../deps.ts';
import type { Audit } from '../audit/index.ts';
import type { RegionTree } from '../regions/index.ts';
import { OrganisationChoicesController } from './organisations.choices.controller.ts';
import { createOrganisationChoices } from './organisations.choices.ts';
import { OrganisationsController } from './organisations.controller.ts';
import { createOrganisationTree } from './organisations.service.ts';

export { organisationModel, type OrganisationRecord } from './organisations.model.ts';
export type { Organisation } from './organisations.service.ts';
export type { OrganisationChoices } from './organisations.choices.ts';
export type Organisations = ReturnType<typeof createOrganisations>;

/** The organisation tree. */
export function createOrganisations(deps: Deps, others: { audit: Audit; regions: RegionTree }) {
  const tree = createOrganisationTree(deps, others);
  const choices = createOrganisationChoices(deps);
  return {
    ...tree,
    choices,
    controllers: [new OrganisationsController(tree), new OrganisationChoicesController(choices)],
  };
}
