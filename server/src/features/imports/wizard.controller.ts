import { access, body, Problem, responses, routeConfig, type Req } from '../../http/index.ts';
import {
  ActiveImports,
  ImportParams,
  ImportPreview,
  ImportView,
  MappingInput,
  ReviewInput,
  ReviewItem,
  ReviewPage,
  ReviewParams,
  ReviewQuery,
} from './imports.schema.ts';

const tags = ['imports'];
type One = Req<{ params: typeof ImportParams }>;

/** The way of an import from the uploaded file to its rows, and back. */
export class ImportWizardController {
  @routeConfig({
    method: 'get',
    path: '/api/business/imports/{id}/preview',
    operationId: 'previewImport',
    summary: 'The first 20 rows as they would be read, with what is wrong with them',
    description: 'For the uploader, until the import has ended.',
    tags,
    request: { params: ImportParams },
  })
  @access({ audience: 'business', permission: 'import.run', errors: ['conflict'] })
  @responses(ImportPreview)
  async previewImport({ params }: One) {
    throw new Problem('not_found', { params });
  }

  @routeConfig({
    method: 'put',
    path: '/api/business/imports/{id}/mapping',
    operationId: 'mapImport',
    summary: 'Say which sheet, row and column holds what; what is left out is guessed anew',
    tags,
    request: { params: ImportParams },
  })
  @access({ audience: 'business', permission: 'import.run', errors: ['conflict', 'edit_conflict'] })
  @body(MappingInput)
  @responses(ImportView)
  async mapImport({ params }: Req<{ params: typeof ImportParams; body: typeof MappingInput }>) {
    throw new Problem('not_found', { params });
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/imports/{id}/check',
    operationId: 'checkImport',
    summary: 'Go through all rows and count what would become of them; nothing is written',
    tags,
    request: { params: ImportParams },
  })
  @access({
    audience: 'business',
    permission: 'import.run',
    idempotency: 'optional',
    errors: ['conflict', 'file_wrong_template'],
  })
  @responses(ImportView)
  async checkImport({ params }: One) {
    throw new Problem('not_found', { params });
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/imports/{id}/start',
    operationId: 'startImport',
    summary: 'Write the rows',
    tags,
    request: { params: ImportParams },
  })
  @access({
    audience: 'business',
    permission: 'import.run',
    idempotency: 'optional',
    errors: ['conflict', 'file_wrong_template'],
  })
  @responses(ImportView)
  async startImport({ params }: One) {
    throw new Problem('not_found', { params });
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/imports/{id}/pause',
    operationId: 'pauseImport',
    summary: 'Stop after the batch in hand; a check goes back to the mapping',
    tags,
    request: { params: ImportParams },
  })
  @access({ audience: 'business', permission: 'import.run', idempotency: 'optional', errors: ['conflict'] })
  @responses(ImportView)
  async pauseImport({ params }: One) {
    throw new Problem('not_found', { params });
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/imports/{id}/resume',
    operationId: 'resumeImport',
    summary: 'Go on where it was paused, or broke off for a reason that was not the file’s',
    tags,
    request: { params: ImportParams },
  })
  @access({ audience: 'business', permission: 'import.run', idempotency: 'optional', errors: ['conflict'] })
  @responses(ImportView)
  async resumeImport({ params }: One) {
    throw new Problem('not_found', { params });
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/imports/{id}/undo',
    operationId: 'undoImport',
    summary: 'Take back what it wrote; what somebody has changed since stays',
    tags,
    request: { params: ImportParams },
  })
  @access({ audience: 'business', permission: 'import.run', idempotency: 'optional', errors: ['conflict'] })
  @responses(ImportView)
  async undoImport({ params }: One) {
    throw new Problem('not_found', { params });
  }
}

/** Progress as it happens. */
export class ImportEventsController {
  @routeConfig({
    method: 'get',
    path: '/api/business/imports/events',
    operationId: 'streamActiveImports',
    summary: 'The imports that have not ended, whenever one of them has changed',
    tags,
  })
  @access({ audience: 'business', permission: 'import.run', events: true })
  @responses(ActiveImports)
  async streamActiveImports() {
    throw new Problem('not_found');
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/imports/{id}/events',
    operationId: 'streamImport',
    summary: 'One import, whenever it has changed',
    tags,
    request: { params: ImportParams },
  })
  @access({ audience: 'business', permission: 'import.run', events: true })
  @responses(ImportView)
  async streamImport({ params }: One) {
    throw new Problem('not_found', { params });
  }
}

/** Rows whose submission was there already, for a person to decide. */
export class ImportReviewsController {
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
  async listImportReviews({ params }: Req<{ params: typeof ImportParams; query: typeof ReviewQuery }>) {
    throw new Problem('not_found', { params });
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
  async decideImportReview({ params }: Req<{ params: typeof ReviewParams; body: typeof ReviewInput }>) {
    throw new Problem('not_found', { params: { row: params.row } });
  }
}
