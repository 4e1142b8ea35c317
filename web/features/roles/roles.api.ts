import { shallowRef } from 'vue';
import { answer, api, newKey, write } from '../../common/admin/api/http.ts';
import type { BodyOf } from '../../common/admin/api/types.ts';
import { can } from '../../common/admin/session.ts';
import { say } from '../../common/admin/text/texts.ts';
import type { Role } from './roles.types.ts';

const PATH = '/api/system/roles';
const roles = shallowRef<Role[]>([]);
let asked: Promise<Role[]> | null = null;

/** All roles, asked for once per page load; `again` asks anew. */
export async function allRoles(again = false): Promise<Role[]> {
  if (!asked || again) {
    asked = answer(api.GET(PATH)).then(({ items }) => (roles.value = items));
    asked.catch(() => (asked = null));
  }
  return asked;
}

/** The label of a role by its key, filled in when it is known. */
export function roleLabel(key: string): string {
  if (!asked && can('role.read')) void allRoles().catch(() => {});
  return say(roles.value.find((role) => role.key === key)?.label) || key;
}

const at = (key: string) => ({ params: { path: { key }, header: write(newKey()) } });
export const createRole = (body: BodyOf<'createRole'>) =>
  answer(api.POST(PATH, { params: { header: write(newKey()) }, body }));
export const updateRole = (key: string, body: BodyOf<'updateRole'>) =>
  answer(api.PUT(`${PATH}/{key}`, { ...at(key), body }));
export const deleteRole = (key: string) => answer(api.DELETE(`${PATH}/{key}`, at(key)));
