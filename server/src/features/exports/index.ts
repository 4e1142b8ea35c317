import type { Deps } from '../../deps.ts';
import type { Audit } from '../audit/index.ts';
import type { Places } from '../scope/index.ts';
import type { Sessions } from '../sessions/index.ts';
import { createApprovals } from './approvals.ts';
import { DirectExportsController } from './direct.controller.ts';
import { createDirectExports } from './direct.ts';
import { createExportCodec } from './exports.codec.ts';
import { ExportsController } from './exports.controller.ts';
import { ExportEventsController } from './events.controller.ts';
import { createExportPresenter } from './exports.presenter.ts';
import { createExportsService } from './exports.service.ts';
import { createExportJobs } from './exports.jobs.ts';
import { createExportsWorker } from './exports.worker.ts';
import { ExportFilesController } from './files.controller.ts';
import { createLinks } from './links.ts';
import { createPlanner, type Lists } from './plan.ts';

export { exportModel, type ExportDoc } from './exports.model.ts';
export type Exports = ReturnType<typeof createExports>;

/** Lists as Excel workbooks: small ones at once, any number of rows as a job. */
export function createExports(deps: Deps, others: Lists & { audit: Audit; sessions: Sessions; places: Places }) {
  const { audit, sessions, places, forms } = others;
  const regions = others.regions.lookup;
  const planner = createPlanner(others);
  const codec = createExportCodec(deps.cipher);
  const service = createExportsService(deps, { audit, planner, codec, places });
  const approvals = createApprovals(deps, { audit, planner, codec, sessions });
  const links = createLinks(deps, { audit, service, codec });
  const present = createExportPresenter(codec, { forms, regions });
  const worker = (options: { leaseMs?: number } = {}) =>
    createExportsWorker(deps, { ...others, planner, codec }, options);
  const expiry = createExportJobs(deps, { audit });
  const direct = createDirectExports(deps, { audit, planner, forms, regions });
  return {
    /** Makes the files; a proof makes one with a shorter lease. */
    worker,
    expire: expiry.expire,
    jobs: expiry.jobs,
    controllers: [
      new DirectExportsController(direct, deps.clock),
      new ExportsController({ service, approvals, links, present }),
      new ExportEventsController({ service, present }),
      new ExportFilesController(links, deps.storage),
    ],
  };
}
