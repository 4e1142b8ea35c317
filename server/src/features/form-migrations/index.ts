import type { Deps } from '../../deps.ts';
import type { Audit } from '../audit/index.ts';
import type { Forms } from '../forms/index.ts';
import type { Regions } from '../regions/index.ts';
import type { Submissions } from '../submissions/index.ts';
import { createCheck } from './check.ts';
import { FormMigrationsController } from './form-migrations.controller.ts';
import { createMigrationPresenter } from './form-migrations.presenter.ts';
import { createMigrations } from './form-migrations.service.ts';
import { createMigrationsWorker } from './form-migrations.worker.ts';
import { createDesk } from './phase.ts';

/** Records going over to other versions of their form: counted, carried out, taken back. */
export function createFormMigrations(
  deps: Deps,
  others: { audit: Audit; forms: Forms; submissions: Submissions; regions: Regions },
) {
  const presenter = createMigrationPresenter(others);
  const migrations = createMigrations(deps, { ...others, presenter });
  return {
    worker: createMigrationsWorker(deps, {
      ...others,
      desk: createDesk(deps, others),
      check: createCheck(deps, others),
    }),
    controllers: [new FormMigrationsController(migrations, presenter)],
  };
}
