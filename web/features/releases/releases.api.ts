import { answer, api, newKey, unattendedHeaders, write } from '../../common/admin/api/http.ts';
import type { QueryOf } from '../../common/admin/api/types.ts';
import type { ReleaseDetail } from './releases.types.ts';

const PATH = '/api/system/releases';

/** `unattended`: asked by the page itself, as for a progress. */
export const listReleases = (query: QueryOf<'listReleases'>, signal: AbortSignal, unattended = false) =>
  answer(api.GET(PATH, { params: { query }, signal, headers: unattendedHeaders(unattended) }));
export const getRelease = (id: string, unattended = false) =>
  answer(api.GET(`${PATH}/{id}`, { params: { path: { id } }, headers: unattendedHeaders(unattended) }));
/** Approves just what is shown: another commit or artifact by now is refused. */
export const approveRelease = ({ id, commit, artifact }: ReleaseDetail) =>
  answer(
    api.POST(`${PATH}/{id}/approve`, {
      params: { path: { id }, header: write(newKey()) },
      body: { commit, artifact },
    }),
  );
