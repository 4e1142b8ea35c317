import { access, body, responses, routeConfig, type Req } from '../../http/index.ts';
import { ImportParams, ReviewInput, ReviewItem, ReviewPage, ReviewParams, ReviewQuery } from './imports.schema.ts';
import type { Reviews } from './reviews.ts';

const tags = ['imports'];

/** Rows whose submission was there already, for a person to decide. */
export class ImportReviewsController {
  readonly #reviews: Reviews;

  constructor(reviews: Reviews) {
    this.#reviews = reviews;
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/imports/{id}/reviews',
    operationId: 'listImportReviews',
    summary: 'Rows that wait for a decision, beside the submission that is there; masked',
    tags,
    request: { params: ImportParams, query: ReviewQuery },
  })
  @access({ audience: 'business', permission: 'import.run' })
  @responses(ReviewPage)
  async listImportReviews(req: Req<{ params: typeof ImportParams; query: typeof ReviewQuery }>) {
    const { caller, params, query, locale } = req;
    return this.#reviews.list(caller, params.id, { ...query, locale });
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/imports/{id}/reviews/{row}',
    operationId: 'decideImportReview',
    summary: 'Keep what is there, update it to what the row says, or make a second submission',
    description: 'The same decision again changes nothing; another one after it is a conflict.',
    tags,
    request: { params: ReviewParams },
  })
  @access({ audience: 'business', permission: 'import.run', errors: ['conflict'] })
  @body(ReviewInput)
  @responses(ReviewItem)
  async decideImportReview(req: Req<{ params: typeof ReviewParams; body: typeof ReviewInput }>) {
    const { caller, ip, params, body: input, locale } = req;
    return this.#reviews.decide({ caller, ip }, params.id, params.row, { ...input, locale });
  }
}
