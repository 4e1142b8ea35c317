import { access, body, responses, routeConfig, type Req, type z } from '../../http/index.ts';
import { DeleteInput, Revealed } from '../people/index.ts';
import type { SubmissionEdit } from './submissions.edit.ts';
import type { SubmissionDoc } from './submissions.model.ts';
import type { SubmissionRead } from './submissions.read.ts';
import * as S from './submissions.schema.ts';

const tags = ['submissions'];
type One = Req<{ params: typeof S.SubmissionParams }>;

/** A submission as the caller of a request may see it. */
export type PresentSubmission = (
  doc: SubmissionDoc,
  req: Pick<Req, 'caller' | 'locale'>,
) => Promise<z.infer<typeof S.SubmissionDetail>>;

/** Submissions as staff work on them. */
export class BusinessSubmissionsController {
  constructor(
    private readonly read: SubmissionRead,
    private readonly write: SubmissionEdit,
    private readonly present: PresentSubmission,
  ) {}

  @routeConfig({
    method: 'get',
    path: '/api/business/submissions',
    operationId: 'listSubmissions',
    summary: 'Submissions, newest first',
    tags,
    request: { query: S.SubmissionsQuery },
  })
  @access({ audience: 'business', permission: 'submission.read' })
  @responses(S.SubmissionPage)
  listSubmissions({ query, caller, locale }: Req<{ query: typeof S.SubmissionsQuery }>) {
    return this.read.list(caller, locale, query);
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/submissions',
    operationId: 'createSubmission',
    summary: 'Fill in a form for someone',
    tags,
  })
  @access({
    audience: 'business',
    permission: 'submission.write',
    idempotency: 'optional',
    status: 201,
    errors: ['not_found', 'version_outdated', 'already_submitted'],
  })
  @body(S.SubmissionInput)
  @responses(S.SubmissionDetail)
  async createSubmission(req: Req<{ body: typeof S.SubmissionInput }>) {
    return this.present(await this.write.create(req, req.body), req);
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/submissions/{id}',
    operationId: 'getSubmission',
    summary: 'A submission with its history, masked',
    tags,
    request: { params: S.SubmissionParams },
  })
  @access({ audience: 'business', permission: 'submission.read', errors: ['not_found'] })
  @responses(S.SubmissionDetail)
  getSubmission({ params, caller, locale }: One) {
    return this.read.detail(caller, locale, params.id);
  }

  @routeConfig({
    method: 'put',
    path: '/api/business/submissions/{id}',
    operationId: 'editSubmission',
    summary: 'Change the answers',
    tags,
    request: { params: S.SubmissionParams },
  })
  @access({
    audience: 'business',
    permission: 'submission.write',
    idempotency: 'optional',
    errors: ['not_found', 'edit_conflict', 'already_submitted'],
  })
  @body(S.SubmissionEdit)
  @responses(S.SubmissionDetail)
  async editSubmission(req: Req<{ params: typeof S.SubmissionParams; body: typeof S.SubmissionEdit }>) {
    return this.present(await this.write.edit(req, req.params.id, req.body.rev, req.body.answers), req);
  }

  @routeConfig({
    method: 'delete',
    path: '/api/business/submissions/{id}',
    operationId: 'deleteSubmission',
    summary: 'Into the recycle bin',
    tags,
    request: { params: S.SubmissionParams },
  })
  @access({
    audience: 'business',
    permission: 'submission.delete',
    idempotency: 'optional',
    status: 204,
    errors: ['not_found', 'edit_conflict'],
  })
  @body(DeleteInput)
  async deleteSubmission(req: Req<{ params: typeof S.SubmissionParams; body: typeof DeleteInput }>) {
    await this.write.remove(req, req.params.id, req.body.reason);
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/submissions/{id}/restore',
    operationId: 'restoreSubmission',
    summary: 'Out of the recycle bin',
    tags,
    request: { params: S.SubmissionParams },
  })
  @access({
    audience: 'business',
    permission: 'submission.delete',
    idempotency: 'optional',
    errors: ['not_found', 'edit_conflict', 'already_submitted'],
  })
  @responses(S.SubmissionDetail)
  async restoreSubmission(req: One) {
    return this.present(await this.write.restore(req, req.params.id), req);
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/submissions/{id}/reveal',
    operationId: 'revealSubmission',
    summary: 'Clear values, for a reason; recorded',
    tags,
    request: { params: S.SubmissionParams },
  })
  @access({ audience: 'business', permission: 'personal.reveal', errors: ['not_found'] })
  @body(S.RevealInput)
  @responses(Revealed)
  revealSubmission(req: Req<{ params: typeof S.SubmissionParams; body: typeof S.RevealInput }>) {
    return this.read.reveal(req, req.params.id, req.body.fields, req.body.reason);
  }
}
