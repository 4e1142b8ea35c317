import { shallowRef } from 'vue';
import { newKey, send } from '../../common/admin/api/http.ts';
import { can } from '../../common/admin/session.ts';
import { say } from '../../common/admin/text/texts.ts';
import type { Role } from './roles.types.ts';

const PATH = '/api/system/roles';
const roles = shallowRef<Role[]>([]);
let asked: Promise<Role[]> | null = null;

/** All roles, asked for once per page load; `again` asks anew. */
export async function allRoles(again = false): Promise<Role[]> {
  if (!asked || again) {
    asked = send<{ items: Role[] }>('GET', PATH).then(({ items }) => (roles.value = items));
    asked.catch(() => (asked = null));
  }
  return asked;
}

/** The label of a role by its key, filled in when it is known. */
export function roleLabel(key: string): string {
  if (!asked && can('role.read')) void allRoles().catch(() => {});
  return say(roles.value.find((role) => role.key === key)?.label) || key;
}

type Content = Pick<Role, 'label' | 'permissions'>;
export const createRole = (body: Content & { key: string }): Promise<Role> => send('POST', PATH, { body, idempotencyKey: newKey() });
export const updateRole = (key: string, body: Content & { rev: number }): Promise<Role> =>
  send('PUT', `${PATH}/${key}`, { body, idempotencyKey: newKey() });
export const deleteRole = (key: string): Promise<void> => send('DELETE', `${PATH}/${key}`, { idempotencyKey: newKey() });
