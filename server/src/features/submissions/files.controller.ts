import { access, Download, Id, obj, routeConfig, type Req } from '../../http/index.ts';
import { CONTENT_TYPES } from '../files/index.ts';
import type { SubmissionFiles } from './submissions.files.ts';

const FileOfSubmission = obj({ id: Id, fileId: Id });

/** Files that were sent with submissions. */
export class SubmissionFilesController {
  constructor(private readonly files: SubmissionFiles) {}

  @routeConfig({
    method: 'get',
    path: '/api/business/submissions/{id}/files/{fileId}',
    operationId: 'downloadSubmissionFile',
    summary: 'A file of a record, as an attachment; of a masked answer it takes the right to reveal',
    tags: ['submissions'],
    request: { params: FileOfSubmission },
  })
  @access({
    audience: 'business',
    permission: 'submission.read',
    deadline: 'transfer',
    download: CONTENT_TYPES,
    ranges: true,
    errors: ['not_found', 'gone'],
  })
  async downloadSubmissionFile(req: Req<{ params: typeof FileOfSubmission }>) {
    return Download.ofStored(req.ctx, await this.files.open(req, req.params.id, req.params.fileId));
  }
}
