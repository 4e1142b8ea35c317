import type { Deps } from '../../deps.ts';
import type { Audit } from '../audit/index.ts';
import type { Places } from '../scope/index.ts';
import type { Sessions } from '../sessions/index.ts';
import { createApprovals } from './approvals.ts';
import { DirectExportsController } from './direct.controller.ts';
import { createDirectExports } from './direct.ts';
import { createExportCodec } from './exports.codec.ts';
import { ExportsController } from './exports.controller.ts';
import { createExportPresenter } from './exports.presenter.ts';
import { createExportsService } from './exports.service.ts';
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
  const direct = createDirectExports(deps, { audit, planner, forms, regions });
  return {
    controllers: [
      new DirectExportsController(direct, deps.clock),
      new ExportsController({ service, approvals, links, present }),
      new ExportFilesController(links, deps.storage),
    ],
  };
}
