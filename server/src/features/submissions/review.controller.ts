import { access, body, Problem, responses, routeConfig, type Req } from '../../http/index.ts';
import type { SubmissionEdit } from './submissions.edit.ts';
import type { PresentSubmission } from './business.controller.ts';
import { eachOf, type SubmissionReview } from './submissions.review.ts';
import type { SubmissionStatistics } from './submissions.statistics.ts';
import * as S from './submissions.schema.ts';

const tags = ['submissions'];

/** Decisions about submissions, one at a time or many; and how many there are of which kind. */
export class SubmissionReviewController {
  constructor(
    private readonly review: SubmissionReview,
    private readonly edit: SubmissionEdit,
    private readonly present: PresentSubmission,
    private readonly count: SubmissionStatistics,
  ) {}

  @routeConfig({
    method: 'get',
    path: '/api/business/submissions/statistics',
    operationId: 'countSubmissions',
    summary: 'How many records of a form gave which answer; small numbers left out',
    tags,
    request: { query: S.StatisticsQuery },
  })
  @access({ audience: 'business', permission: 'submission.read', errors: ['not_found'] })
  @responses(S.Statistics)
  countSubmissions({ caller, locale, query }: Req<{ query: typeof S.StatisticsQuery }>) {
    return this.count(caller, locale, query.form, query.by);
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/submissions/{id}/review',
    operationId: 'reviewSubmission',
    summary: 'Accept it, return it for correction, or reject it',
    tags,
    request: { params: S.SubmissionParams },
  })
  @access({
    audience: 'business',
    permission: 'submission.review',
    idempotency: 'optional',
    errors: ['not_found', 'edit_conflict', 'conflict', 'already_submitted'],
  })
  @body(S.ReviewInput)
  @responses(S.SubmissionDetail)
  async reviewSubmission(req: Req<{ params: typeof S.SubmissionParams; body: typeof S.ReviewInput }>) {
    return this.present(await this.review.decide(req, req.params.id, req.body), req);
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/submissions/reviews',
    operationId: 'reviewSubmissions',
    summary: 'Decide several in one way; each by itself',
    tags,
  })
  @access({ audience: 'business', permission: 'submission.review', idempotency: 'optional' })
  @body(S.BulkReviewInput)
  @responses(S.BulkResult)
  reviewSubmissions(req: Req<{ body: typeof S.BulkReviewInput }>) {
    const { items, decision, reason } = req.body;
    if (decision !== 'accept' && !reason)
      throw new Problem('invalid_input', { issues: [{ path: 'body.reason', code: 'required' }] });
    return eachOf(items, ({ id, rev }) => this.review.decide(req, id, { decision, reason, rev }));
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/submissions/deletions',
    operationId: 'deleteSubmissions',
    summary: 'Several into the recycle bin; each by itself',
    tags,
  })
  @access({ audience: 'business', permission: 'submission.delete', idempotency: 'optional' })
  @body(S.BulkDeleteInput)
  @responses(S.BulkResult)
  deleteSubmissions(req: Req<{ body: typeof S.BulkDeleteInput }>) {
    const { items, reason } = req.body;
    return eachOf(items, ({ id, rev }) => this.edit.remove(req, id, reason, rev));
  }
}
