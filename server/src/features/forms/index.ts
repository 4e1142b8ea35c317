import type { Deps } from '../../deps.ts';
import type { Audit } from '../audit/index.ts';
import type { Regions } from '../regions/index.ts';
import { BusinessFormsController } from './forms.business.controller.ts';
import { CitizenFormsController } from './forms.citizen.controller.ts';
import { createFormsReader } from './forms.reader.ts';
import { createFormsService } from './forms.service.ts';
import { createPublished } from './published.ts';

export { FormKey, VersionNumber, FormParams, VersionParams } from './forms.schema.ts';
export type { CurrentForm, PublishedVersion } from './published.ts';
export type { Actor } from './forms.service.ts';
export type Forms = ReturnType<typeof createForms>;

/** Forms: their working versions, their published versions, and quick reading of these. */
export function createForms(deps: Deps, { audit, regions }: { audit: Audit; regions: Regions }) {
  const published = createPublished(deps);
  const service = createFormsService(deps, { audit, regions, published });
  const reader = createFormsReader(deps);
  return {
    published: published.published,
    version: published.version,
    open: published.open,
    /** Whether a form of this key was begun, published or not. */
    exists: reader.exists,
    versionNumbers: reader.versionNumbers,
    create: service.create,
    publish: service.publish,
    controllers: [new CitizenFormsController(published), new BusinessFormsController(service, reader, published)],
  };
}
