import type { Deps } from '../deps.ts';
import { createAccounts } from './accounts/index.ts';
import { createAudit } from './audit/index.ts';
import { createCitizenLogin } from './citizen-login/index.ts';
import { createForms } from './forms/index.ts';
import { createOrganisations } from './organisations/index.ts';
import { createOverview } from './overview/index.ts';
import { createPeople } from './people/index.ts';
import { createRegions } from './regions/index.ts';
import { createRoles } from './roles/index.ts';
import { createSessions } from './sessions/index.ts';
import { createStaffLogin } from './staff-login/index.ts';
import { createSubmissions } from './submissions/index.ts';

/** Background work of a worker process; `start` answers how to stop it. */
export interface Worker {
  start(): () => Promise<void>;
}

export type Features = ReturnType<typeof createFeatures>;

/** Wires the features: each gets the doors of those it builds on, in order, so a cycle can't be written. */
export function createFeatures(deps: Deps) {
  const audit = createAudit(deps);
  const regions = createRegions(deps);
  const organisations = createOrganisations(deps, { audit });
  const roles = createRoles(deps, { audit });
  const accounts = createAccounts(deps, { audit, roles, organisations, regions });
  const sessions = createSessions(deps, { accounts, roles });
  const staffLogin = createStaffLogin(deps, { accounts, sessions, audit });
  const citizenLogin = createCitizenLogin(deps, { accounts, sessions, audit });
  const forms = createForms(deps, { audit, organisations });
  const people = createPeople(deps, { audit, regions });
  const submissions = createSubmissions(deps, { audit, forms, people, regions, accounts });
  const overview = createOverview(deps, { people, submissions, forms });
  return {
    audit,
    regions,
    organisations,
    roles,
    accounts,
    sessions,
    forms,
    people,
    submissions,
    workers: [] as Worker[],
    authenticate: sessions.authenticate,
    onRefusal: audit.recordRefusal,
    controllers: [
      ...audit.controllers,
      ...regions.controllers,
      ...organisations.controllers,
      ...roles.controllers,
      ...accounts.controllers,
      ...staffLogin.controllers,
      ...citizenLogin.controllers,
      ...forms.controllers,
      ...people.controllers,
      ...submissions.controllers,
      ...overview.controllers,
    ],
  };
}
