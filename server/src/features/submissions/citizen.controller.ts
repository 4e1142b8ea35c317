import { access, body, responses, routeConfig, type Req } from '../../http/index.ts';
import { FormParams } from '../forms/index.ts';
import type { CitizenSubmissions } from './citizen.service.ts';
import type { Drafts } from './drafts.service.ts';
import * as S from './submissions.schema.ts';

const tags = ['submissions'];
type Form = Req<{ params: typeof FormParams }, 'citizen'>;
type One = Req<{ params: typeof S.SubmissionParams }, 'citizen'>;

/** A citizen's drafts and submissions. */
export class CitizenSubmissionsController {
  constructor(
    private readonly drafts: Drafts,
    private readonly submissions: CitizenSubmissions,
  ) {}

  @routeConfig({
    method: 'get',
    path: '/api/citizen/forms/{formKey}/draft',
    operationId: 'getDraft',
    summary: 'My draft of a form',
    tags,
    request: { params: FormParams },
  })
  @access({ audience: 'citizen', errors: ['not_found'] })
  @responses(S.Draft)
  getDraft({ params, caller }: Form) {
    return this.drafts.get(caller.accountId, params.formKey);
  }

  @routeConfig({
    method: 'put',
    path: '/api/citizen/forms/{formKey}/draft',
    operationId: 'saveDraft',
    summary: 'Keep my draft',
    tags,
    request: { params: FormParams },
  })
  @access({ audience: 'citizen', errors: ['not_found', 'form_closed', 'edit_conflict'] })
  @body(S.DraftInput)
  @responses(S.Draft)
  saveDraft({ params, body: input, caller }: Req<{ params: typeof FormParams; body: typeof S.DraftInput }, 'citizen'>) {
    return this.drafts.save(caller.accountId, params.formKey, input);
  }

  @routeConfig({
    method: 'delete',
    path: '/api/citizen/forms/{formKey}/draft',
    operationId: 'deleteDraft',
    summary: 'Throw my draft away',
    tags,
    request: { params: FormParams },
  })
  @access({ audience: 'citizen', status: 204 })
  async deleteDraft({ params, caller }: Form) {
    await this.drafts.remove(caller.accountId, params.formKey);
  }

  @routeConfig({
    method: 'post',
    path: '/api/citizen/forms/{formKey}/submissions',
    operationId: 'submitForm',
    summary: 'Send a filled form',
    tags,
    request: { params: FormParams },
  })
  @access({
    audience: 'citizen',
    idempotency: 'required',
    status: 201,
    errors: ['not_found', 'form_closed', 'version_outdated', 'already_submitted'],
  })
  @body(S.SubmitInput)
  @responses(S.Receipt)
  submitForm(req: Req<{ params: typeof FormParams; body: typeof S.SubmitInput }, 'citizen'>) {
    return this.submissions.submit(req, req.params.formKey, req.body);
  }

  @routeConfig({
    method: 'get',
    path: '/api/citizen/submissions',
    operationId: 'listOwnSubmissions',
    summary: 'My submissions, newest first',
    tags,
    request: { query: S.PageQuery },
  })
  @access({ audience: 'citizen' })
  @responses(S.OwnSubmissions)
  listOwnSubmissions({ caller, query }: Req<{ query: typeof S.PageQuery }, 'citizen'>) {
    return this.submissions.list(caller, query);
  }

  @routeConfig({
    method: 'get',
    path: '/api/citizen/submissions/{id}',
    operationId: 'getOwnSubmission',
    summary: 'One of my submissions',
    tags,
    request: { params: S.SubmissionParams },
  })
  @access({ audience: 'citizen', errors: ['not_found'] })
  @responses(S.OwnSubmission)
  getOwnSubmission({ caller, params }: One) {
    return this.submissions.detail(caller, params.id);
  }

  @routeConfig({
    method: 'put',
    path: '/api/citizen/submissions/{id}',
    operationId: 'correctSubmission',
    summary: 'Correct a submission that was returned, or that may still be changed',
    tags,
    request: { params: S.SubmissionParams },
  })
  @access({
    audience: 'citizen',
    idempotency: 'required',
    errors: ['not_found', 'edit_conflict', 'conflict', 'already_submitted'],
  })
  @body(S.CorrectInput)
  @responses(S.OwnSubmission)
  correctSubmission(req: Req<{ params: typeof S.SubmissionParams; body: typeof S.CorrectInput }, 'citizen'>) {
    return this.submissions.correct(req, req.params.id, req.body);
  }

  @routeConfig({
    method: 'post',
    path: '/api/citizen/submissions/{id}/withdraw',
    operationId: 'withdrawSubmission',
    summary: 'Take a submission back',
    tags,
    request: { params: S.SubmissionParams },
  })
  @access({ audience: 'citizen', idempotency: 'optional', errors: ['not_found', 'edit_conflict', 'conflict'] })
  @responses(S.OwnSubmission)
  withdrawSubmission(req: One) {
    return this.submissions.withdraw(req, req.params.id);
  }
}
