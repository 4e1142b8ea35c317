import type { Deps } from '../deps.ts';
import type { CronJob, Worker } from '../infra/jobs/index.ts';
import { createAccounts } from './accounts/index.ts';
import { createAudit, createAuditTrail } from './audit/index.ts';
import { createBackups } from './backups/index.ts';
import { createCitizenLogin } from './citizen-login/index.ts';
import { createDeliveries } from './deliveries/index.ts';
import { createExports } from './exports/index.ts';
import { createFigures } from './figures/index.ts';
import { createForms } from './forms/index.ts';
import { createImports } from './imports/index.ts';
import { createOrganisations } from './organisations/index.ts';
import { createOverview } from './overview/index.ts';
import { createPeople } from './people/index.ts';
import { createRegions } from './regions/index.ts';
import { createReleases } from './releases/index.ts';
import { createRoleManagement, createRoles } from './roles/index.ts';
import { createSchedules } from './schedules/index.ts';
import { createSessions } from './sessions/index.ts';
import { createStaffLogin } from './staff-login/index.ts';
import { createSubmissions } from './submissions/index.ts';
import { createWebhooks } from './webhooks/index.ts';

export type Features = ReturnType<typeof createFeatures>;

/** Wires the features: each gets the doors of those it builds on, in order, so a cycle can't be written. */
export function createFeatures(deps: Deps) {
  const audit = createAudit(deps);
  const regions = createRegions(deps);
  const organisations = createOrganisations(deps, { audit, regions });
  const roles = createRoles(deps);
  const accounts = createAccounts(deps, { audit, roles, organisations, regions });
  const sessions = createSessions(deps, { accounts, roles });
  const forms = createForms(deps, { audit, regions });
  const people = createPeople(deps, { audit, regions, organisations });
  const submissions = createSubmissions(deps, { audit, forms, people, regions });
  const imports = createImports(deps, { audit, forms, people, submissions, regions, sessions });
  const deliveries = createDeliveries(deps);
  const webhooks = createWebhooks(deps);
  const releases = createReleases(deps, { audit, webhooks });
  const workers: Worker[] = [imports.worker, deliveries.worker, webhooks.worker];
  const jobs: CronJob[] = [
    ...imports.jobs,
    ...deliveries.jobs,
    ...submissions.jobs,
    ...people.jobs(submissions),
    ...audit.jobs,
    ...createFigures(deps, { submissions, people }).jobs,
    ...createBackups(deps).jobs,
    ...releases.jobs,
    ...webhooks.jobs,
  ];
  const exports = createExports(deps, {
    audit,
    people,
    submissions,
    forms,
    regions,
    sessions,
    places: people.places,
  });
  workers.push(exports.worker());
  jobs.push(...exports.jobs);
  const schedules = createSchedules(deps, { audit, jobs, workers });
  const parts = [
    createAuditTrail(deps, { accounts }),
    regions,
    organisations,
    createRoleManagement(deps, { audit, roles, accounts }),
    accounts,
    createStaffLogin(deps, { accounts, sessions, audit }),
    createCitizenLogin(deps, { accounts, sessions, audit, deliveries }),
    deliveries,
    forms,
    people,
    submissions,
    imports,
    exports,
    releases,
    createOverview(deps, { people, submissions, forms }),
    schedules,
  ];
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
    imports,
    exports,
    schedules,
    authenticate: sessions.authenticate,
    onRefusal: audit.recordRefusal,
    /** What a worker process runs. */
    workers: schedules.workers,
    controllers: parts.flatMap((part) => part.controllers),
  };
}
