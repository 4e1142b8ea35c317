import { answer, api, newKey, write } from '../../common/admin/api/http.ts';
import type { BodyOf, QueryOf } from '../../common/admin/api/types.ts';

const LIST = '/api/business/submissions';
const ONE = '/api/business/submissions/{id}';

export const listSubmissions = (query: QueryOf<'listSubmissions'>, signal: AbortSignal | null = null) =>
  answer(api.GET(LIST, { params: { query }, signal }));

export const getSubmission = (id: string) => answer(api.GET(ONE, { params: { path: { id } } }));

export const createSubmission = (body: BodyOf<'createSubmission'>, key: string) =>
  answer(api.POST(LIST, { params: { header: write(key) }, body }));

/** Sensitive answers that are left out stay as they are stored; null removes one. */
export const updateSubmission = (id: string, body: BodyOf<'editSubmission'>) =>
  answer(api.PUT(ONE, { params: { path: { id }, header: write(newKey()) }, body }));

export const deleteSubmission = (id: string, reason: string) =>
  answer(api.DELETE(ONE, { params: { path: { id }, header: write(newKey()) }, body: { reason } }));

export const restoreSubmission = (id: string) =>
  answer(api.POST('/api/business/submissions/{id}/restore', { params: { path: { id }, header: write(newKey()) } }));

export const revealSubmission = (id: string, fields: string[], reason: string) =>
  answer(
    api.POST('/api/business/submissions/{id}/reveal', {
      params: { path: { id }, header: write() },
      body: { fields, reason },
    }),
  );

export const reviewSubmission = (id: string, body: BodyOf<'reviewSubmission'>) =>
  answer(
    api.POST('/api/business/submissions/{id}/review', {
      params: { path: { id }, header: write(newKey()) },
      body,
    }),
  );

/** Several at once, each by itself. */
export const reviewSubmissions = (body: BodyOf<'reviewSubmissions'>) =>
  answer(api.POST('/api/business/submissions/reviews', { params: { header: write(newKey()) }, body }));

export const deleteSubmissions = (body: BodyOf<'deleteSubmissions'>) =>
  answer(api.POST('/api/business/submissions/deletions', { params: { header: write(newKey()) }, body }));

/** What the list of a form's records offers this account. */
export const getRecordView = (formKey: string) =>
  answer(api.GET('/api/business/forms/{formKey}/record-view', { params: { path: { formKey } } }));
