import type { Deps } from '../../deps.ts';
import type { Audit } from '../audit/index.ts';
import type { Regions } from '../regions/index.ts';
import { createCarry } from './carry.service.ts';
import { BusinessFormsController } from './forms.business.controller.ts';
import { CitizenFormsController } from './forms.citizen.controller.ts';
import { createReach } from './forms.reach.ts';
import { createFormsReader } from './forms.reader.ts';
import { createFormsService } from './forms.service.ts';
import { createProposals } from './proposals.service.ts';
import { createPublishingWorker } from './proposals.worker.ts';
import { createPublished } from './published.ts';
import { createPublishing } from './publishing.ts';
import { FormVersionsController } from './versions.controller.ts';
import { createVersionsReader } from './versions.reader.ts';
import { FormWorkbookController } from './workbook.controller.ts';

export { FormKey, Mappings, VersionNumber, FormParams, VersionParams } from './forms.schema.ts';
export type { CurrentForm, PublishedVersion } from './published.ts';
export type { Actor } from './forms.service.ts';
export { mapThrough, trustedBetween } from './carry.service.ts';
export { vetToPublish } from './publish.ts';
export type Forms = ReturnType<typeof createForms>;

/** Forms: their working versions, their published versions, and quick reading of these. */
export function createForms(deps: Deps, { audit, regions }: { audit: Audit; regions: Regions }) {
  const published = createPublished(deps);
  const service = createFormsService(deps, { audit, regions, published });
  const publishing = createPublishing(deps, { audit, published });
  const proposals = createProposals(deps, { audit, published, publishing });
  const reader = createFormsReader(deps, { proposals });
  const versions = createVersionsReader(deps, { published });
  return {
    published: published.published,
    version: published.version,
    open: published.open,
    /** Whether a form of this key was begun, published or not. */
    exists: reader.exists,
    versionNumbers: reader.versionNumbers,
    create: service.create,
    publish: publishing.publish.bind(publishing),
    /** A form that staff may change, for features that build on forms. */
    reach: createReach(deps),
    /** Publishes at a time. */
    worker: createPublishingWorker(deps, { audit, published, publishing, proposals }),
    controllers: [
      new CitizenFormsController(published, createCarry(deps, { published, regions })),
      new BusinessFormsController(service, reader, published, publishing),
      new FormWorkbookController(reader),
      new FormVersionsController({ service, reader, published, publishing, proposals, versions }),
    ],
  };
}
