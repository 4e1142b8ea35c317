import type { Deps } from '../../deps.ts';
import type { Audit } from '../audit/index.ts';
import type { Forms } from '../forms/index.ts';
import type { People } from '../people/index.ts';
import type { RecordSettings } from '../record-settings/index.ts';
import type { Regions } from '../regions/index.ts';
import type { Sessions } from '../sessions/index.ts';
import type { Submissions } from '../submissions/index.ts';
import { createOpenBatch } from './batch.ts';
import { ImportEventsController } from './events.controller.ts';
import { createFaultsWorkbook } from './faults.workbook.ts';
import { createImportActions } from './imports.actions.ts';
import { ImportsController } from './imports.controller.ts';
import { createImportJobs } from './imports.jobs.ts';
import { createImportPresenter } from './imports.presenter.ts';
import { createImportRead } from './imports.read.ts';
import { createImportUpload } from './imports.upload.ts';
import { createImportsWorker, createRunImport } from './imports.worker.ts';
import { createInspect } from './inspect.ts';
import { createMappings } from './mapping.ts';
import { createMemory } from './memory.ts';
import { createDesk } from './phase.ts';
import { createRemoveFiles } from './remove.ts';
import { ImportReviewsController } from './reviews.controller.ts';
import { createReviews } from './reviews.ts';
import { createRowsPhases } from './rows.ts';
import { TemplateController } from './template.controller.ts';
import { createUndo } from './undo.ts';
import { ImportWizardController } from './wizard.controller.ts';
import { createWizard } from './wizard.ts';

export { importModel, type ImportDoc } from './imports.model.ts';

interface Others {
  audit: Audit;
  forms: Forms;
  people: People;
  submissions: Submissions;
  regions: Regions;
  sessions: Sessions;
  recordSettings: Pick<RecordSettings, 'access'>;
  /** Rows between two checkpoints; only tests change it. */
  batchRows?: number;
}

/** Tables of people become submissions: accepted and steered by the API, worked off by any worker. */
export function createImports(deps: Deps, others: Others) {
  const { audit, forms, people, submissions, regions, sessions, recordSettings } = others;
  const removeFiles = createRemoveFiles(deps);
  const memory = createMemory(deps);
  const mappings = createMappings(deps, memory);
  const read = createImportRead(deps);
  const presenter = createImportPresenter(deps, { forms, mappings });
  const wizard = createWizard(deps, { read, forms, submissions, mappings, memory });

  const desk = createDesk(deps, { audit, removeFiles });
  const openBatch = createOpenBatch(deps, { forms, submissions, sessions, mappings });
  const phases = {
    inspect: createInspect(deps, { desk, forms, mappings }),
    ...createRowsPhases(deps, { desk, mappings, openBatch, batchRows: others.batchRows }),
    undo: createUndo({ desk, people, submissions, sessions }),
  };
  const run = createRunImport(deps, { desk, phases });

  const act = createImportActions(deps, { audit, read, presenter, wizard, removeFiles });
  return {
    worker: createImportsWorker(deps, { run, audit }),
    /** One import that somebody holds: what the worker does with it. */
    run,
    jobs: createImportJobs(deps, { removeFiles }),
    controllers: [
      new ImportsController({
        upload: createImportUpload(deps, { audit, forms, places: people.places, read }),
        read,
        presenter,
        faults: createFaultsWorkbook(deps, { forms, mappings, recordSettings }),
      }),
      new ImportWizardController({ wizard, act, presenter }),
      new ImportEventsController({ read, presenter }),
      new ImportReviewsController(createReviews(deps, { audit, forms, regions, submissions, read, recordSettings })),
      new TemplateController(forms),
    ],
  };
}
