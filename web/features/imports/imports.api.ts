import { saveFile } from '../../common/admin/api/download.ts';
import { answer, api, newKey, unattendedHeaders, write } from '../../common/admin/api/http.ts';
import type { QueryOf } from '../../common/admin/api/types.ts';
import type { Decision, ImportAction, ImportView, MappingInput } from './imports.types.ts';

export const PATH = '/api/business/imports';

const at = (id: string) => ({ path: { id } });
const writing = (id: string) => ({ params: { ...at(id), header: write(newKey()) } });

/** `unattended`: asked by the page itself, as for a progress. */
export const listImports = (query: QueryOf<'listImports'>, signal: AbortSignal | null = null, unattended = false) =>
  answer(api.GET(PATH, { params: { query }, signal, headers: unattendedHeaders(unattended) }));
export const getImport = (id: string, unattended = false): Promise<ImportView> =>
  answer(api.GET(`${PATH}/{id}`, { params: at(id), headers: unattendedHeaders(unattended) }));
export const previewImport = (id: string) => answer(api.GET(`${PATH}/{id}/preview`, { params: at(id) }));

export const mapImport = (id: string, body: MappingInput) =>
  answer(api.PUT(`${PATH}/{id}/mapping`, { params: { ...at(id), header: write() }, body }));

/** What is asked of an import by one press, beside saying its mapping. */
export type ImportDeed = Exclude<ImportAction, 'map'>;
export const askImport = (id: string, deed: ImportDeed) => answer(api.POST(`${PATH}/{id}/${deed}`, writing(id)));

export const listReviews = (id: string, query: QueryOf<'listImportReviews'>, signal: AbortSignal | null = null) =>
  answer(api.GET(`${PATH}/{id}/reviews`, { params: { ...at(id), query }, signal }));
export const decideReview = (id: string, row: number, decision: Decision) =>
  answer(
    api.POST(`${PATH}/{id}/reviews/{row}`, {
      params: { path: { id, row }, header: write(newKey()) },
      body: { decision },
    }),
  );

export const downloadErrors = (id: string): Promise<void> =>
  saveFile(`${PATH}/${id}/errors`, { fallbackName: `errors-${id}.xlsx` });
