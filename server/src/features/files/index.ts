import type { Deps } from '../../deps.ts';
import type { Forms } from '../forms/index.ts';
import { createFileClaims } from './claims.ts';
import { FilesController } from './files.controller.ts';
import { createFileJobs } from './files.jobs.ts';
import { createOwnFiles } from './own-files.ts';
import { createUploads } from './uploads.ts';

export { filesIn } from './claims.ts';
export { CONTENT_TYPES } from './files.schema.ts';
export { fileModel } from './files.model.ts';
export type Files = ReturnType<typeof createFiles>;

/** Photos and documents in answers: uploaded first, then claimed by the submission that they are sent with. */
export function createFiles(deps: Deps, { forms }: { forms: Pick<Forms, 'published' | 'version'> }) {
  const own = createOwnFiles(deps);
  return {
    ...createFileClaims(deps),
    openOf: own.openOf,
    jobs: createFileJobs(deps),
    controllers: [new FilesController(createUploads(deps, { forms }), own)],
  };
}
