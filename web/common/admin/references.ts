import { shallowReactive } from 'vue';
import type { NameLookup } from '../../../server/shared/fields/index.ts';
import type { Found } from '../widgets/ReferenceChoice.vue';
import { answer, api } from './api/http.ts';

/** Organisations and people that answers refer to: how they are found, and how they are called. */

type Ask = (ids: string[]) => Promise<{ id: string; name: string }[]>;

/** Names as they arrive; reading one that is not here yet asks for it, together with others that are read at once. */
function createNames(ask: Ask): NameLookup & { keep(items: readonly { id: string; name: string }[]): void } {
  const names = shallowReactive(new Map<string, string>());
  const wanted = new Set<string>();
  const asked = new Set<string>();
  const keep = (items: readonly { id: string; name: string }[]): void =>
    items.forEach(({ id, name }) => names.set(id, name));
  function flush(): void {
    const ids = [...wanted].slice(0, 50);
    ids.forEach((id) => wanted.delete(id));
    ask(ids).then(keep, () => ids.forEach((id) => asked.delete(id)));
    if (wanted.size) queueMicrotask(flush);
  }
  return {
    keep,
    find: () => undefined,
    name(id) {
      const known = names.get(id);
      if (known !== undefined || asked.has(id) || !/^[0-9a-f]{24}$/.test(id)) return known;
      asked.add(id);
      if (!wanted.size) queueMicrotask(flush);
      wanted.add(id);
      return undefined;
    },
  };
}

const ORGANISATIONS = '/api/business/organisations';
export const organisationNames = createNames(async (ids) => {
  const { items } = await answer(api.GET(ORGANISATIONS, { params: { query: { ids: ids.join(',') } } }));
  return items;
});
export const personNames = createNames((ids) =>
  Promise.all(
    ids.map(async (id) => {
      const { name } = await answer(api.GET('/api/business/people/{id}', { params: { path: { id } } }));
      return { id, name: name ?? id };
    }),
  ),
);

/** The first organisations of a name, within scope. */
export async function searchOrganisations(q: string): Promise<Found[]> {
  const { items } = await answer(api.GET(ORGANISATIONS, { params: { query: q ? { q } : {} } }));
  organisationNames.keep(items);
  return items.map(({ id, name, parent }) => ({ id, name, note: parent ?? '' }));
}

/** People whose name begins so, or of whom this is a phone or document number; those that the caller may see, masked. */
export async function searchPeople(text: string): Promise<Found[]> {
  const plain = text.replace(/[\s-]/g, '');
  const by = /^1\d{10}$/.test(plain)
    ? { phone: plain }
    : /^[A-Za-z]{0,2}\d{6,18}[\dXx]?$/.test(plain)
      ? { document: plain.toUpperCase() }
      : { q: text };
  if (!plain) return [];
  const { items } = await answer(api.GET('/api/business/people', { params: { query: { ...by, limit: 20 } } }));
  return items.map(({ id, name, document, phone }) => ({
    id,
    name: name ?? id,
    note: [document, phone].filter(Boolean).join(' '),
  }));
}

/** A name once it is known; the id where there is none. */
export async function nameOf(kind: 'organisation' | 'person', id: string): Promise<string> {
  if (kind === 'person') {
    const { name } = await answer(api.GET('/api/business/people/{id}', { params: { path: { id } } }));
    return name ?? id;
  }
  const { items } = await answer(api.GET(ORGANISATIONS, { params: { query: { ids: id } } }));
  return items[0]?.name ?? id;
}
