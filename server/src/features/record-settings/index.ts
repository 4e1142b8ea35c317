import type { Deps } from '../../deps.ts';
import type { Audit } from '../audit/index.ts';
import type { Forms } from '../forms/index.ts';
import type { Roles } from '../roles/index.ts';
import { RecordSettingsController } from './record-settings.controller.ts';
import { createSettingsService } from './record-settings.service.ts';

export type { Access } from './access.ts';
export { recordSettingsModel } from './record-settings.model.ts';
export type { FormSettings } from './record-settings.service.ts';
export type RecordSettings = ReturnType<typeof createRecordSettings>;

/** How records are worked on: field rights by role, review, sorts. The one place that says who sees what. */
export function createRecordSettings(deps: Deps, others: { audit: Audit; forms: Forms; roles: Roles }) {
  const service = createSettingsService(deps, others);
  return { ...service, controllers: [new RecordSettingsController(service)] };
}
