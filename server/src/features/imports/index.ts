import type { Deps } from '../../deps.ts';
import type { Audit } from '../audit/index.ts';
import type { Forms } from '../forms/index.ts';
import type { People } from '../people/index.ts';
import type { Regions } from '../regions/index.ts';
import type { Sessions } from '../sessions/index.ts';
import type { Submissions } from '../submissions/index.ts';
import { createOpenBatch } from './batch.ts';
import { createFaultsWorkbook } from './faults.workbook.ts';
import { ImportsController } from './imports.controller.ts';
import { createImportsService } from './imports.service.ts';
import { createImportsWorker } from './imports.worker.ts';
import { createRunImport } from './run.ts';
import { TemplateController } from './template.controller.ts';
import { ImportEventsController, ImportReviewsController, ImportWizardController } from './wizard.controller.ts';

export { importModel, type ImportDoc } from './imports.model.ts';

/** Tables of people become submissions: accepted by the API, worked off by any worker. */
export function createImports(
  deps: Deps,
  others: {
    audit: Audit;
    forms: Forms;
    people: People;
    submissions: Submissions;
    regions: Regions;
    sessions: Sessions;
  },
) {
  const { audit, forms } = others;
  const service = createImportsService(deps, { audit, forms, places: others.people.places });
  const run = createRunImport(deps, { audit, openBatch: createOpenBatch(deps, others) });
  return {
    worker: createImportsWorker(deps, run),
    controllers: [
      new ImportsController(service, createFaultsWorkbook(deps, { forms }), deps.cipher),
      new ImportWizardController(),
      new ImportEventsController(),
      new ImportReviewsController(),
      new TemplateController(forms),
    ],
  };
}
