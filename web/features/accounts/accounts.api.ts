import { newKey, send } from '../../common/admin/api/http.ts';
import type { Page } from '../../common/admin/api/page.ts';
import type { Account, Grant } from './accounts.types.ts';

const PATH = '/api/system/accounts';

export const listAccounts = (query: { q?: string | undefined; cursor?: string | undefined; limit: number }, signal: AbortSignal): Promise<Page<Account>> =>
  send('GET', PATH, { query, signal });

export const getAccount = (id: string): Promise<Account> => send('GET', `${PATH}/${id}`);

/** Answers the first password too, which is never shown again. */
export const createAccount = (
  body: { name: string; displayName: string; grants: Grant[] },
  idempotencyKey: string,
): Promise<{ account: Account; password: string }> => send('POST', PATH, { body, idempotencyKey });

export const updateAccount = (
  id: string,
  body: { displayName: string; grants: Grant[]; disabled: boolean; rev: number },
): Promise<Account> => send('PUT', `${PATH}/${id}`, { body, idempotencyKey: newKey() });

const act = <T>(id: string, what: string): Promise<T> => send('POST', `${PATH}/${id}/${what}`, { idempotencyKey: newKey() });
export const resetPassword = (id: string): Promise<{ password: string }> => act(id, 'reset-password');
export const unlockAccount = (id: string): Promise<void> => act(id, 'unlock');
export const endSessions = (id: string): Promise<void> => act(id, 'end-sessions');
