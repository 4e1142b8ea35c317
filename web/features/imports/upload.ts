import { write } from '../../common/admin/api/http.ts';
import { ApiProblem, problemOf } from '../../common/admin/api/problem.ts';
import { locale } from '../../common/admin/text/locale.ts';
import { PATH } from './imports.api.ts';
import type { ImportView } from './imports.types.ts';

export interface ImportRequest {
  form: string;
  version: number;
  file: File;
}

/**
 * Uploads a table; the import then waits for a person to say what its columns hold. XMLHttpRequest, because fetch cannot
 * tell how far an upload has come.
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
  form.set('review', 'true');
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
