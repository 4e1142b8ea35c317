import { answer, api, newKey, write } from '../../common/admin/api/http.ts';
import type { BodyOf, QueryOf } from '../../common/admin/api/types.ts';

const PATH = '/api/system/accounts';
const read = (id: string) => ({ params: { path: { id } } });
const act = (id: string) => ({ params: { path: { id }, header: write(newKey()) } });

export const listAccounts = (query: QueryOf<'listAccounts'>, signal: AbortSignal) =>
  answer(api.GET(PATH, { params: { query }, signal }));

export const getAccount = (id: string) => answer(api.GET(`${PATH}/{id}`, read(id)));

/** Answers the first password too, which is never shown again. */
export const createAccount = (body: BodyOf<'createAccount'>, key: string) =>
  answer(api.POST(PATH, { params: { header: write(key) }, body }));

export const updateAccount = (id: string, body: BodyOf<'updateAccount'>) =>
  answer(api.PUT(`${PATH}/{id}`, { ...act(id), body }));

export const resetPassword = (id: string) => answer(api.POST(`${PATH}/{id}/reset-password`, act(id)));
export const unlockAccount = (id: string) => answer(api.POST(`${PATH}/{id}/unlock`, act(id)));
export const endSessions = (id: string) => answer(api.POST(`${PATH}/{id}/end-sessions`, act(id)));
