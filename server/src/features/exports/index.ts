import type { Deps } from '../../deps.ts';
import type { Audit } from '../audit/index.ts';
import { ExportsController, type Lists } from './exports.controller.ts';
import { createExportsService } from './exports.service.ts';

/** Lists as Excel workbooks. */
export const createExports = (deps: Deps, { audit, ...lists }: Lists & { audit: Audit }) => ({
  controllers: [new ExportsController(createExportsService(deps, { audit }), lists, deps.clock)],
});
