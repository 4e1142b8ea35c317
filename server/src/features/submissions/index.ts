import type { Types } from 'mongoose';
import type { Look } from '../../../shared/fields/index.ts';
import type { Deps } from '../../deps.ts';
import type { Audit } from '../audit/index.ts';
import type { Files } from '../files/index.ts';
import type { Forms } from '../forms/index.ts';
import type { Organisations } from '../organisations/index.ts';
import type { People } from '../people/index.ts';
import type { Regions } from '../regions/index.ts';
import type { RecordSettings } from '../record-settings/index.ts';
import { BusinessSubmissionsController, type PresentSubmission } from './business.controller.ts';
import { CitizenSubmissionsController } from './citizen.controller.ts';
import { createCitizenSubmissions } from './citizen.service.ts';
import { createDrafts } from './drafts.service.ts';
import { createAdoption, createPersonMove } from './submissions.adopt.ts';
import { createSubmissionBulk } from './submissions.bulk.ts';
import { createSubmissionCodec } from './submissions.codec.ts';
import { createSubmissionEdit } from './submissions.edit.ts';
import { SubmissionFilesController } from './files.controller.ts';
import { createSubmissionFiles } from './submissions.files.ts';
import { createSubmissionFilter } from './submissions.filter.ts';
import { createGlimpse } from './submissions.glimpse.ts';
import { createSubmissionJobs } from './submissions.jobs.ts';
import { createSubmissionMigration } from './submissions.migrate.ts';
import { submissionModel } from './submissions.model.ts';
import { createSubmissionOrder } from './submissions.order.ts';
import { createSubmissionPresenter } from './submissions.presenter.ts';
import { createReferenceCheck } from './submissions.references.ts';
import { createSubmissionRead } from './submissions.read.ts';
import { createListsJob } from './lists.jobs.ts';
import { createSortsJob } from './sorts.jobs.ts';
import { createSubmissionReview } from './submissions.review.ts';
import { SubmissionReviewController } from './review.controller.ts';
import { RECORD_RIGHTS } from './submissions.sight.ts';
import { SubmissionVersionsController } from './versions.controller.ts';
import { createSubmissionVersions } from './submissions.versions.ts';
import { createSubmissionStatistics } from './submissions.statistics.ts';
import { createSubmissionUndo } from './submissions.undo.ts';
import { createSubmissionStore, type SubmissionParts } from './submissions.store.ts';

export { submissionModel, draftModel, type DraftDoc, type SubmissionDoc } from './submissions.model.ts';
export {
  DUPLICATE_RULES,
  type DuplicateRule,
  type ImportedRow,
  type ImportRun,
  type RowOutcome,
  type RowResult,
} from './submissions.rows.ts';
export {
  MIGRATION_OUTCOMES,
  type MigratedRecord,
  type MigrationOutcome,
  type MigrationRun,
} from './submissions.migrate.ts';
export { noClaims } from './submissions.places.ts';
export { draftContext } from './drafts.service.ts';
export { listsOf } from './submissions.listed.ts';
export { createClaims } from './submissions.claims.ts';
export type { Claims } from './submissions.verdict.ts';
export { submissionFilters, type SubmissionFilters } from './submissions.schema.ts';
export { mappedTo, RECORD_RIGHTS, seeAnswers, showAs } from './submissions.sight.ts';
export type Submissions = ReturnType<typeof createSubmissions>;

/** Filled forms, and those being filled. */
export function createSubmissions(
  deps: Deps,
  others: {
    audit: Audit;
    forms: Forms;
    people: People;
    regions: Regions;
    recordSettings: RecordSettings;
    organisations: Pick<Organisations, 'choices'>;
    files: Files;
  },
) {
  const { audit, forms, people, regions, recordSettings, files } = others;
  const codec = createSubmissionCodec(deps.cipher, people.indexes.indexesOf, regions.path);
  const assertReferences = createReferenceCheck({ organisations: others.organisations.choices, people });
  const parts: SubmissionParts = { audit, forms, people, regions, codec, recordSettings, assertReferences, files };
  const store = createSubmissionStore(deps, parts);
  const presenter = createSubmissionPresenter({ cipher: deps.cipher, codec, forms, regions: regions.lookup });
  const buildFilter = createSubmissionFilter({ forms, people, codec, recordSettings });
  const orderOf = createSubmissionOrder({ forms, recordSettings });
  const citizen = createCitizenSubmissions(deps, parts, store);
  const read = createSubmissionRead(deps, { ...parts, presenter, buildFilter, orderOf });
  const edit = createSubmissionEdit(deps, { ...parts, presenter }, store);
  const bulk = createSubmissionBulk(deps, parts, store);
  const review = createSubmissionReview(deps, parts, store);
  const migration = createSubmissionMigration(deps, parts);
  const versions = createSubmissionVersions(deps, { ...parts, migration });
  const present: PresentSubmission = async (doc, { caller, locale }) =>
    presenter.detail(doc, locale, await recordSettings.access(caller, RECORD_RIGHTS));
  return {
    submit: citizen.submit,
    /** Names of what answers refer to, as they are now: for tables that are read or written as a whole. */
    look: async (): Promise<Look> => ({
      regions: regions.lookup,
      organisations: await others.organisations.choices.names(),
    }),
    create: edit.create,
    /** Writes the rows of an import, or says what writing them would come to. */
    writeMany: bulk.writeMany,
    judgeMany: bulk.judgeMany,
    /** Takes back what an import wrote. */
    undoImport: createSubmissionUndo(deps, parts),
    /** From version to version. */
    migration,
    /** Some submissions of a caller's scope before and after a migration, as the caller may see them. */
    glimpse: createGlimpse(deps, { ...parts, migration }),
    /** Which of these people a submission is about, also one in the recycle bin. */
    async ofPeople(ids: readonly Types.ObjectId[]): Promise<ReadonlySet<string>> {
      const found = await submissionModel(deps.mongo).distinct('personId', { personId: { $in: ids } });
      return new Set(found.map(String));
    },
    movePerson: createPersonMove(deps),
    /** Moves an account's submissions and drafts to the account that it goes into. */
    adopt: createAdoption(deps, { files }),
    list: read.list,
    decide: review.decide,
    orderOf,
    /** The list's filter, without scope and paging. */
    buildFilter,
    /** All answers of a stored submission in clear; for an export that masks by its requester's rights. */
    open: codec.open,
    /** A row of the list, masked. */
    summary: presenter.summary,
    model: () => submissionModel(deps.mongo),
    jobs: [...createSubmissionJobs(deps, { audit, files }), createListsJob(deps), createSortsJob(deps, parts)],
    controllers: [
      new CitizenSubmissionsController(createDrafts(deps, { forms, files }), citizen),
      new BusinessSubmissionsController(read, edit, present),
      new SubmissionReviewController(review, edit, present, createSubmissionStatistics(deps, parts)),
      new SubmissionVersionsController(versions),
      new SubmissionFilesController(createSubmissionFiles(deps, { ...parts, presenter })),
    ],
  };
}
