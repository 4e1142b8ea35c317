import type { Deps } from '../../deps.ts';
import type { Audit } from '../audit/index.ts';
import { ModulesController } from './modules.controller.ts';
import { createModulesService } from './modules.service.ts';

export { MaintenanceSchema } from './modules.schema.ts';
export type Modules = ReturnType<typeof createModules>;

/** What the mini-program's home page shows. */
export function createModules(deps: Deps, others: { audit: Audit }) {
  const service = createModulesService(deps, others);
  return { maintenance: service.maintenance, controllers: [new ModulesController(service)] };
}
