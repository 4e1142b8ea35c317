import { newKey, send, type Query } from '../../common/admin/api/http.ts';
import type { Page } from '../../common/admin/api/page.ts';
import type { SubmissionDetail, SubmissionItem } from './submissions.types.ts';

const PATH = '/api/business/submissions';

export const listSubmissions = (query: Query, signal?: AbortSignal): Promise<Page<SubmissionItem>> =>
  send('GET', PATH, { query, ...(signal ? { signal } : {}) });

export const getSubmission = (id: string): Promise<SubmissionDetail> => send('GET', `${PATH}/${id}`);

export const createSubmission = (
  body: { form: string; version: number; answers: Record<string, unknown> },
  idempotencyKey: string,
): Promise<SubmissionDetail> => send('POST', PATH, { body, idempotencyKey });

/** Sensitive answers that are left out stay as they are stored; null removes one. */
export const updateSubmission = (id: string, body: { answers: Record<string, unknown>; rev: number }): Promise<SubmissionDetail> =>
  send('PUT', `${PATH}/${id}`, { body, idempotencyKey: newKey() });

export const deleteSubmission = (id: string, reason: string): Promise<void> =>
  send('DELETE', `${PATH}/${id}`, { body: { reason }, idempotencyKey: newKey() });

export const restoreSubmission = (id: string): Promise<SubmissionDetail> =>
  send('POST', `${PATH}/${id}/restore`, { idempotencyKey: newKey() });

export const revealSubmission = (id: string, fields: string[], reason: string): Promise<{ values: Record<string, unknown> }> =>
  send('POST', `${PATH}/${id}/reveal`, { body: { fields, reason } });
