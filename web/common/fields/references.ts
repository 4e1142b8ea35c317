import { citizenApi } from '../client/citizen.ts';
import type { Found } from '../widgets/ReferenceChoice.vue';

const names: Record<string, string> = {};

/** The first organisations of a name. Throws ApiProblem. */
export async function searchOrganisations(text: string): Promise<Found[]> {
  const { items } = await citizenApi.organisations({ q: text });
  items.forEach(({ id, name }) => (names[id] = name));
  return items.map(({ id, name, parent }) => ({ id, name, note: parent || '' }));
}

/** An organisation's name by its id; the id where there is none of it. Throws ApiProblem. */
export async function organisationName(id: string): Promise<string> {
  if (!names[id]) (await citizenApi.organisations({ ids: id })).items.forEach((one) => (names[one.id] = one.name));
  return names[id] || id;
}
