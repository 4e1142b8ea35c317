import { answer, api, newKey, write } from '../../common/admin/api/http.ts';
import type { BodyOf, QueryOf } from '../../common/admin/api/types.ts';
import type { SensitiveKey } from './people.types.ts';

const LIST = '/api/business/people';
const ONE = '/api/business/people/{id}';

export type PeopleFilter = Pick<QueryOf<'listPeople'>, 'q' | 'phone' | 'document' | 'region' | 'deleted'>;

/** What a typed search means: eleven digits are a phone, a long number a document, anything else the start of a name. */
export function readSearch(text: string): Pick<PeopleFilter, 'q' | 'phone' | 'document'> {
  const plain = text.replace(/[\s-]/g, '');
  if (/^1\d{10}$/.test(plain)) return { phone: plain };
  if (/^[A-Za-z]{0,2}\d{6,18}[\dXx]?$/.test(plain)) return { document: plain.toUpperCase() };
  return text.trim() ? { q: text.trim() } : {};
}

export const listPeople = (query: QueryOf<'listPeople'>, signal: AbortSignal) =>
  answer(api.GET(LIST, { params: { query }, signal }));

export const getPerson = (id: string) => answer(api.GET(ONE, { params: { path: { id } } }));

export const createPerson = (body: BodyOf<'createPerson'>, key: string) =>
  answer(api.POST(LIST, { params: { header: write(key) }, body }));

/** document, phone and address: left out = as it is, null = removed. */
export const updatePerson = (id: string, body: BodyOf<'editPerson'>) =>
  answer(api.PUT(ONE, { params: { path: { id }, header: write(newKey()) }, body }));

export const deletePerson = (id: string, reason: string) =>
  answer(api.DELETE(ONE, { params: { path: { id }, header: write(newKey()) }, body: { reason } }));

export const restorePerson = (id: string) =>
  answer(api.POST('/api/business/people/{id}/restore', { params: { path: { id }, header: write(newKey()) } }));

export const revealPerson = (id: string, fields: SensitiveKey[], reason: string) =>
  answer(
    api.POST('/api/business/people/{id}/reveal', {
      params: { path: { id }, header: write() },
      body: { fields, reason },
    }),
  );

export const personTimeline = (id: string) =>
  answer(api.GET('/api/business/people/{id}/timeline', { params: { path: { id } } }));

/** Others who may be the same person, the most alike first. */
export const listDuplicates = (id: string) =>
  answer(api.GET('/api/business/people/{id}/duplicates', { params: { path: { id } } }));

export const listMerges = (id: string) =>
  answer(api.GET('/api/business/people/{id}/merges', { params: { path: { id } } }));

/** Merges the duplicate `id` into `body.into`. */
export const mergePerson = (id: string, body: BodyOf<'mergePerson'>) =>
  answer(api.POST('/api/business/people/{id}/merge', { params: { path: { id }, header: write(newKey()) }, body }));

export const undoMerge = (id: string) =>
  answer(api.POST('/api/business/person-merges/{id}/undo', { params: { path: { id }, header: write(newKey()) } }));
