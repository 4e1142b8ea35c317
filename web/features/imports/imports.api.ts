import { saveFile } from '../../common/admin/api/download.ts';
import { answer, api, write } from '../../common/admin/api/http.ts';
import { ApiProblem, problemOf } from '../../common/admin/api/problem.ts';
import type { QueryOf } from '../../common/admin/api/types.ts';
import { locale } from '../../common/admin/text/locale.ts';
import type { DuplicateRule, ImportView } from './imports.types.ts';

const PATH = '/api/business/imports';

const at = (id: string) => ({ path: { id } });
export const listImports = (query: QueryOf<'listImports'>, signal: AbortSignal) =>
  answer(api.GET(PATH, { params: { query }, signal }));
export const getImport = (id: string) => answer(api.GET(`${PATH}/{id}`, { params: at(id) }));
export const cancelImport = (id: string) =>
  answer(api.POST(`${PATH}/{id}/cancel`, { params: { ...at(id), header: write() } }));
export const downloadErrors = (id: string): Promise<void> =>
  saveFile(`${PATH}/${id}/errors`, { fallbackName: `errors-${id}.xlsx` });

export interface ImportRequest {
  form: string;
  version: number;
  duplicates: DuplicateRule;
  file: File;
}

/**
 * Uploads a table. XMLHttpRequest, because fetch cannot tell how far an upload has come.
 * @throws ApiProblem for a refusal, an aborted or a broken upload.
 */
export function uploadImport(
  request: ImportRequest,
  key: string,
  onProgress: (sent: number) => void,
  signal: AbortSignal,
): Promise<ImportView> {
  const form = new FormData();
  form.set('form', request.form);
  form.set('version', String(request.version));
  form.set('duplicates', request.duplicates);
  form.set('file', request.file);
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open('POST', PATH);
    for (const [name, value] of Object.entries({ ...write(key), 'Accept-Language': locale.value }))
      xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = (event) => onProgress(event.loaded);
    xhr.onload = () => {
      if (xhr.status >= 200 && xhr.status < 300) return resolve(JSON.parse(xhr.responseText) as ImportView);
      const headers = { 'x-request-id': xhr.getResponseHeader('x-request-id') ?? '' };
      void problemOf(new Response(xhr.responseText, { status: xhr.status, headers })).then(reject);
    };
    xhr.onerror = xhr.onabort = () => reject(new ApiProblem({ status: 0, code: 'offline', detail: '' }));
    signal.addEventListener('abort', () => xhr.abort(), { once: true });
    xhr.send(form);
  });
}
