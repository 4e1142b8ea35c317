import type { Types } from 'mongoose';
import type { Deps } from '../../deps.ts';
import type { Audit } from '../audit/index.ts';
import type { Forms } from '../forms/index.ts';
import type { People } from '../people/index.ts';
import type { Regions } from '../regions/index.ts';
import { BusinessSubmissionsController } from './business.controller.ts';
import { CitizenSubmissionsController } from './citizen.controller.ts';
import { createCitizenSubmissions } from './citizen.service.ts';
import { createDrafts } from './drafts.service.ts';
import { createSubmissionBulk } from './submissions.bulk.ts';
import { createSubmissionCodec } from './submissions.codec.ts';
import { createSubmissionEdit } from './submissions.edit.ts';
import { createSubmissionFilter } from './submissions.filter.ts';
import { createSubmissionJobs } from './submissions.jobs.ts';
import { submissionModel } from './submissions.model.ts';
import { createSubmissionPresenter } from './submissions.presenter.ts';
import { createSubmissionRead } from './submissions.read.ts';
import { createSubmissionUndo } from './submissions.undo.ts';
import { createSubmissionStore, type SubmissionParts } from './submissions.store.ts';

export { submissionModel, draftModel, type SubmissionDoc } from './submissions.model.ts';
export {
  DUPLICATE_RULES,
  type DuplicateRule,
  type ImportedRow,
  type ImportRun,
  type RowOutcome,
  type RowResult,
} from './submissions.rows.ts';
export { createClaims } from './submissions.claims.ts';
export type { Claims } from './submissions.verdict.ts';
export { submissionFilters, type SubmissionFilters } from './submissions.schema.ts';
export { showAnswer } from './submissions.presenter.ts';
export type Submissions = ReturnType<typeof createSubmissions>;

/** Filled forms, and those being filled. */
export function createSubmissions(
  deps: Deps,
  others: { audit: Audit; forms: Forms; people: People; regions: Regions },
) {
  const { audit, forms, people, regions } = others;
  const codec = createSubmissionCodec(deps.cipher, people.indexes.indexesOf, regions.path);
  const parts: SubmissionParts = { audit, forms, people, regions, codec };
  const store = createSubmissionStore(deps, parts);
  const presenter = createSubmissionPresenter({ cipher: deps.cipher, codec, forms, regions: regions.lookup });
  const buildFilter = createSubmissionFilter({ forms, people, codec });
  const citizen = createCitizenSubmissions(deps, parts, store);
  const read = createSubmissionRead(deps, { ...parts, presenter, buildFilter });
  const edit = createSubmissionEdit(deps, { ...parts, presenter }, store);
  const bulk = createSubmissionBulk(deps, parts, store);
  return {
    submit: citizen.submit,
    create: edit.create,
    /** Writes the rows of an import, or says what writing them would come to. */
    writeMany: bulk.writeMany,
    judgeMany: bulk.judgeMany,
    /** Takes back what an import wrote. */
    undoImport: createSubmissionUndo(deps, parts),
    /** Which of these people a submission is about, also one in the recycle bin. */
    async ofPeople(ids: readonly Types.ObjectId[]): Promise<ReadonlySet<string>> {
      const found = await submissionModel(deps.mongo).distinct('personId', { personId: { $in: ids } });
      return new Set(found.map(String));
    },
    list: read.list,
    /** The list's filter, without scope and paging. */
    buildFilter,
    /** All answers of a stored submission in clear; for an export that masks by its requester's rights. */
    open: codec.open,
    /** A row of the list, masked. */
    summary: presenter.summary,
    model: () => submissionModel(deps.mongo),
    jobs: createSubmissionJobs(deps, { audit }),
    controllers: [
      new CitizenSubmissionsController(createDrafts(deps, { forms }), citizen),
      new BusinessSubmissionsController(read, edit, presenter),
    ],
  };
}
