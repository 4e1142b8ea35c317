import type { FormContent, Text } from '../../../server/shared/fields/types.ts';
import { saveFile } from '../../common/admin/api/download.ts';
import { newKey, send } from '../../common/admin/api/http.ts';
import type { Page } from '../../common/admin/api/page.ts';
import type { FormDetail, FormSummary, FormVersion } from './forms.types.ts';

const PATH = '/api/business/forms';

export const listForms = (paging: { cursor?: string | undefined; limit?: number; signal?: AbortSignal }): Promise<Page<FormSummary>> =>
  send('GET', PATH, {
    query: { cursor: paging.cursor, limit: paging.limit ?? 100 },
    ...(paging.signal ? { signal: paging.signal } : {}),
  });

export const getForm = (key: string): Promise<FormDetail> => send('GET', `${PATH}/${key}`);

export const createForm = (body: { key: string; title: Text; content?: FormContent }, idempotencyKey: string): Promise<FormDetail> =>
  send('POST', PATH, { body, idempotencyKey });

export const saveWorkingVersion = (key: string, content: FormContent, rev: number): Promise<FormDetail> =>
  send('PUT', `${PATH}/${key}/working-version`, { body: { content, rev } });

/** Publishes the working version, or the content of an older one again under a new number. */
export const publishForm = (key: string, rev: number, rollBackTo?: number): Promise<FormDetail> =>
  send('POST', `${PATH}/${key}/publish`, { body: { rev, ...(rollBackTo ? { rollBackTo } : {}) }, idempotencyKey: newKey() });

export const setFormStatus = (key: string, status: 'open' | 'closed'): Promise<FormDetail> =>
  send('PUT', `${PATH}/${key}/status`, { body: { status } });

const versions = new Map<string, Promise<FormVersion>>();

/** A published version never changes, so it is asked for once. */
export function getFormVersion(key: string, number: number): Promise<FormVersion> {
  const name = `${key}@${number}`;
  let version = versions.get(name);
  if (!version) {
    version = send<FormVersion>('GET', `${PATH}/${key}/versions/${number}`);
    versions.set(name, version);
    version.catch(() => versions.delete(name));
  }
  return version;
}

export const downloadTemplate = (key: string, number: number): Promise<void> =>
  saveFile(`${PATH}/${key}/versions/${number}/template`, { fallbackName: `${key}-v${number}.xlsx` });
