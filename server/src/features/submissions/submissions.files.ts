import { fieldsOf } from '../../../shared/fields/index.ts';
import type { Deps } from '../../deps.ts';
import { Problem } from '../../http/index.ts';
import { filesIn } from '../files/index.ts';
import type { Actor } from '../people/index.ts';
import { scoped } from '../scope/index.ts';
import { submissionModel, type SubmissionDoc } from './submissions.model.ts';
import type { SubmissionPresenter } from './submissions.presenter.ts';
import { RECORD_RIGHTS, seeAnswers } from './submissions.sight.ts';
import type { SubmissionParts } from './submissions.store.ts';

/** The files in submissions, for staff. */
export function createSubmissionFiles(
  { mongo }: Deps,
  { audit, codec, presenter, recordSettings, files }: SubmissionParts & { presenter: SubmissionPresenter },
) {
  const submissions = submissionModel(mongo);

  return {
    /**
     * A file of a submission within the caller's scope, as its field may be seen: what is masked takes the right to reveal.
     * Recorded. @throws not_found
     */
    async open({ caller, ip }: Actor, id: string, fileId: string) {
      const reach = (permission: 'submission.read' | 'personal.reveal') =>
        scoped(submissions, caller, permission).findOne({ _id: id }).lean<SubmissionDoc>();
      const doc = await reach('submission.read');
      if (!doc) throw new Problem('not_found');
      const content = await presenter.contentOf(doc);
      const stored = await files.openOf(doc._id, fileId);
      // What an answer held before is under the key that its field had then.
      const key = filesIn(content, codec.open(doc)).find(({ value }) => value.id === fileId)?.key ?? stored.field;
      const field = fieldsOf(content).find((one) => one.key === key);
      const sight = field ? seeAnswers(await recordSettings.access(caller, RECORD_RIGHTS), doc)(field) : 'hide';
      if (sight === 'hide' || (sight === 'mask' && !(await reach('personal.reveal')))) throw new Problem('not_found');
      await audit.record({
        caller,
        ip,
        action: 'submission.file_downloaded',
        object: { type: 'submission', id },
        detail: { field: key, file: fileId },
      });
      return stored;
    },
  };
}

export type SubmissionFiles = ReturnType<typeof createSubmissionFiles>;
