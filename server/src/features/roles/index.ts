import type { Deps } from '../../deps.ts';
import type { Audit } from '../audit/index.ts';
import { createRoleAdmin } from './roles.admin.ts';
import { RolesController } from './roles.controller.ts';
import { createRoleBook } from './roles.service.ts';

export { FIRST_ROLES, SUPER_ADMIN, type Role } from './roles.builtin.ts';
export { roleModel } from './roles.model.ts';
export { RoleKey } from './roles.schema.ts';
export type Roles = ReturnType<typeof createRoles>;

/** What roles grant. */
export const createRoles = (deps: Deps) => createRoleBook(deps);

/** Changing roles; it needs to know who holds them, so it comes after the accounts. */
export function createRoleManagement(
  deps: Deps,
  others: { audit: Audit; roles: Roles; accounts: { holders: (role: string) => Promise<number> } },
) {
  const { audit, roles, accounts } = others;
  const admin = createRoleAdmin(deps, { audit, roles, holders: accounts.holders });
  return { controllers: [new RolesController(admin, roles.list)] };
}
