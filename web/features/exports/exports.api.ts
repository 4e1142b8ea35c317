import { answer, api, newKey, unattendedHeaders, write } from '../../common/admin/api/http.ts';
import type { QueryOf } from '../../common/admin/api/types.ts';
import type { ExportDecision, ExportRequest } from './exports.types.ts';

export const PATH = '/api/business/exports';
const at = (id: string) => ({ params: { path: { id } } });
const act = (id: string) => ({ params: { path: { id }, header: write(newKey()) } });

export const createExport = (body: ExportRequest, key: string) =>
  answer(api.POST(PATH, { params: { header: write(key) }, body }));
/** `unattended`: asked by the page itself, as for a progress. */
export const listExports = (query: QueryOf<'listExports'>, signal?: AbortSignal, unattended = false) =>
  answer(api.GET(PATH, { params: { query }, signal: signal ?? null, headers: unattendedHeaders(unattended) }));
/** Those of others that wait for a decision. */
export const listApprovals = (query: QueryOf<'listExportApprovals'>, signal?: AbortSignal) =>
  answer(api.GET(`${PATH}/approvals`, { params: { query }, signal: signal ?? null }));
export const getExport = (id: string, unattended = false) =>
  answer(api.GET(`${PATH}/{id}`, { ...at(id), headers: unattendedHeaders(unattended) }));
export const cancelExport = (id: string) => answer(api.POST(`${PATH}/{id}/cancel`, act(id)));
export const decideExport = (id: string, decision: ExportDecision, reason: string) =>
  answer(api.POST(`${PATH}/{id}/approve`, { ...act(id), body: { decision, reason } }));

/** Fetches the file by a link that was made for it just now; the browser goes on by itself after a break. */
export async function download(id: string): Promise<void> {
  const { url } = await answer(api.POST(`${PATH}/{id}/link`, act(id)));
  const link = document.createElement('a');
  link.href = url;
  link.download = '';
  link.click();
}
