import { shallowRef } from 'vue';
import { answer, api, newKey, write } from '../../common/admin/api/http.ts';
import type { BodyOf, QueryOf } from '../../common/admin/api/types.ts';
import { can } from '../../common/admin/session.ts';
import type { Organisation } from './organisations.types.ts';

const PATH = '/api/system/organisations';
const organisations = shallowRef<Organisation[]>([]);
let asked: Promise<Organisation[]> | null = null;

async function loadAll(): Promise<Organisation[]> {
  const all: Organisation[] = [];
  let query: QueryOf<'listOrganisations'> | null = { limit: 200 };
  while (query && all.length < 5000) {
    const page: { items: Organisation[]; nextCursor: string | null } = await answer(
      api.GET(PATH, { params: { query } }),
    );
    all.push(...page.items);
    query = page.nextCursor ? { limit: 200, cursor: page.nextCursor } : null;
  }
  return (organisations.value = all);
}

/** All organisations within scope, asked for once per page load; `again` asks anew. */
export async function allOrganisations(again = false): Promise<Organisation[]> {
  if (!asked || again) {
    asked = loadAll();
    asked.catch(() => (asked = null));
  }
  return asked;
}

/** The name of an organisation by its id, filled in when it is known. */
export function organisationName(id: string): string {
  if (!asked && can('organisation.read')) void allOrganisations().catch(() => {});
  return organisations.value.find((one) => one.id === id)?.name ?? id;
}

export interface TreeLine {
  organisation: Organisation;
  depth: number;
}

/** The tree in the order of reading, each with its depth. One whose parent is out of scope stands at the top. */
export function treeLines(all: Organisation[]): TreeLine[] {
  const known = new Set(all.map((one) => one.id));
  const byParent = new Map<string, Organisation[]>();
  for (const one of all) {
    const parent = one.parent && known.has(one.parent) ? one.parent : '';
    byParent.set(parent, [...(byParent.get(parent) ?? []), one]);
  }
  const walk = (parent: string, depth: number): TreeLine[] =>
    (byParent.get(parent) ?? []).flatMap((one) => [{ organisation: one, depth }, ...walk(one.id, depth + 1)]);
  return walk('', 0);
}

/** The tree as options of a select. */
export const indented = (all: Organisation[]): { value: string; label: string }[] =>
  treeLines(all).map(({ organisation, depth }) => ({
    value: organisation.id,
    label: '　'.repeat(depth) + organisation.name,
  }));

export const createOrganisation = (body: BodyOf<'createOrganisation'>) =>
  answer(api.POST(PATH, { params: { header: write(newKey()) }, body }));
export const renameOrganisation = (id: string, name: string, rev: number) =>
  answer(api.PUT(`${PATH}/{id}`, { params: { path: { id }, header: write(newKey()) }, body: { name, rev } }));
