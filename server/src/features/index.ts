import type { Deps } from '../deps.ts';
import type { CronJob, Worker } from '../infra/jobs/index.ts';
import { createAccounts } from './accounts/index.ts';
import { createAudit, createAuditTrail } from './audit/index.ts';
import { createBackups } from './backups/index.ts';
import { createCitizenLogin } from './citizen-login/index.ts';
import { createDeliveries } from './deliveries/index.ts';
import { createExports } from './exports/index.ts';
import { createFigures } from './figures/index.ts';
import { createFormMigrations } from './form-migrations/index.ts';
import { createFiles } from './files/index.ts';
import { createForms } from './forms/index.ts';
import { createImports } from './imports/index.ts';
import { createModules } from './modules/index.ts';
import { createOrganisations } from './organisations/index.ts';
import { createOverview } from './overview/index.ts';
import { createPeople } from './people/index.ts';
import { createRecordSettings } from './record-settings/index.ts';
import { createRegions } from './regions/index.ts';
import { createReleases } from './releases/index.ts';
import { createRoleManagement, createRoles } from './roles/index.ts';
import { createSavedViews } from './saved-views/index.ts';
import { createSchedules } from './schedules/index.ts';
import { createSessions } from './sessions/index.ts';
import { createStaffLogin } from './staff-login/index.ts';
import { createSubmissions } from './submissions/index.ts';
import { createWebhooks } from './webhooks/index.ts';
import { createWechatLogin } from './wechat-login/index.ts';

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
  const recordSettings = createRecordSettings(deps, { audit, forms, roles });
  const people = createPeople(deps, { audit, regions, organisations, recordSettings });
  const files = createFiles(deps, { forms });
  const submissions = createSubmissions(deps, {
    audit,
    forms,
    people,
    regions,
    recordSettings,
    organisations,
    files,
  });
  const formMigrations = createFormMigrations(deps, { audit, forms, submissions, regions });
  const imports = createImports(deps, { audit, forms, people, submissions, regions, sessions, recordSettings });
  const deliveries = createDeliveries(deps);
  const webhooks = createWebhooks(deps);
  const releases = createReleases(deps, { audit, webhooks });
  const workers: Worker[] = [forms.worker, formMigrations.worker, imports.worker, deliveries.worker, webhooks.worker];
  const jobs: CronJob[] = [
    ...imports.jobs,
    ...deliveries.jobs,
    ...files.jobs,
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
    recordSettings,
    places: people.places,
  });
  workers.push(exports.worker());
  jobs.push(...exports.jobs);
  const schedules = createSchedules(deps, { audit, jobs, workers });
  const modules = createModules(deps, { audit });
  const citizenLogin = createCitizenLogin(deps, { accounts, sessions, audit, deliveries });
  const parts = [
    createAuditTrail(deps, { accounts, recordSettings }),
    regions,
    organisations,
    createRoleManagement(deps, { audit, roles, accounts }),
    accounts,
    createStaffLogin(deps, { accounts, sessions, audit }),
    citizenLogin,
    createWechatLogin(deps, { accounts, sessions, audit, submissions, people, citizenLogin, modules }),
    modules,
    deliveries,
    forms,
    recordSettings,
    people,
    people.merging(submissions),
    files,
    submissions,
    formMigrations,
    createSavedViews(deps),
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
    recordSettings,
    people,
    files,
    submissions,
    formMigrations,
    imports,
    exports,
    schedules,
    modules,
    authenticate: sessions.authenticate,
    onRefusal: audit.recordRefusal,
    /** What a worker process runs. */
    workers: schedules.workers,
    controllers: parts.flatMap((part) => part.controllers),
  };
}
