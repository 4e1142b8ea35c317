import { newKey, send } from '../../common/admin/api/http.ts';
import type { Page } from '../../common/admin/api/page.ts';
import type { HistoryEntry, PersonDetail, PersonItem, SensitiveKey } from './people.types.ts';

const PATH = '/api/business/people';

export type PeopleFilter = {
  q?: string | undefined;
  phone?: string | undefined;
  document?: string | undefined;
  region?: string | undefined;
  deleted?: boolean | undefined;
};
interface Paging {
  cursor: string | undefined;
  limit: number;
  count: boolean;
  signal: AbortSignal;
}

/** What a typed search means: eleven digits are a phone, digits and letters from eight on a document, else a name. */
export function readSearch(text: string): Pick<PeopleFilter, 'q' | 'phone' | 'document'> {
  const plain = text.replace(/[\s-]/g, '');
  if (/^1\d{10}$/.test(plain)) return { phone: plain };
  if (/^[A-Za-z]{0,2}\d{6,18}[\dXx]?$/.test(plain)) return { document: plain.toUpperCase() };
  return text.trim() ? { q: text.trim() } : {};
}

export const listPeople = (filter: PeopleFilter, { signal, ...paging }: Paging): Promise<Page<PersonItem>> =>
  send('GET', PATH, { query: { ...filter, ...paging }, signal });

export const getPerson = (id: string): Promise<PersonDetail> => send('GET', `${PATH}/${id}`);

export const createPerson = (body: Record<string, unknown>, key: string): Promise<PersonDetail> =>
  send('POST', PATH, { body, idempotencyKey: key });

export const updatePerson = (id: string, body: Record<string, unknown>): Promise<PersonDetail> =>
  send('PUT', `${PATH}/${id}`, { body, idempotencyKey: newKey() });

export const deletePerson = (id: string, reason: string): Promise<void> =>
  send('DELETE', `${PATH}/${id}`, { body: { reason } });

export const restorePerson = (id: string): Promise<PersonDetail> => send('POST', `${PATH}/${id}/restore`);

export const revealPerson = (
  id: string,
  fields: SensitiveKey[],
  reason: string,
): Promise<{ values: Record<string, unknown> }> => send('POST', `${PATH}/${id}/reveal`, { body: { fields, reason } });

export const personTimeline = (id: string): Promise<{ items: HistoryEntry[] }> => send('GET', `${PATH}/${id}/timeline`);
