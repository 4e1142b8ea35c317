import { access, body, responses, routeConfig, type Req } from '../../http/index.ts';
import type { Role } from './roles.builtin.ts';
import type { createRoleAdmin } from './roles.admin.ts';
import { RoleChange, RoleInput, RoleItem, RolePage, RoleParams } from './roles.schema.ts';

const present = (role: Role) => ({ ...role, permissions: [...role.permissions] });

export class RolesController {
  readonly #admin: ReturnType<typeof createRoleAdmin>;
  readonly #list: () => Promise<Role[]>;

  constructor(admin: ReturnType<typeof createRoleAdmin>, list: () => Promise<Role[]>) {
    this.#admin = admin;
    this.#list = list;
  }

  @routeConfig({
    method: 'get',
    path: '/api/system/roles',
    operationId: 'listRoles',
    summary: 'All roles with their permissions',
    tags: ['roles'],
  })
  @access({ audience: 'system', permission: 'role.read' })
  @responses(RolePage)
  async listRoles() {
    return { items: (await this.#list()).map(present), nextCursor: null };
  }

  @routeConfig({
    method: 'post',
    path: '/api/system/roles',
    operationId: 'createRole',
    summary: 'Make a role of permissions',
    tags: ['roles'],
  })
  @access({
    audience: 'system',
    permission: 'role.write',
    idempotency: 'optional',
    status: 201,
    errors: ['name_taken'],
  })
  @body(RoleInput)
  @responses(RoleItem)
  async createRole({ caller, ip, body }: Req<{ body: typeof RoleInput }>) {
    return present(await this.#admin.create(caller, ip, body));
  }

  @routeConfig({
    method: 'put',
    path: '/api/system/roles/{key}',
    operationId: 'updateRole',
    summary: 'Change what a role grants; counts for all who hold it within a second',
    tags: ['roles'],
    request: { params: RoleParams },
  })
  @access({
    audience: 'system',
    permission: 'role.write',
    idempotency: 'optional',
    errors: ['not_found', 'edit_conflict'],
  })
  @body(RoleChange)
  @responses(RoleItem)
  async updateRole({ caller, ip, params, body }: Req<{ params: typeof RoleParams; body: typeof RoleChange }>) {
    return present(await this.#admin.update(caller, ip, params.key, body));
  }

  @routeConfig({
    method: 'delete',
    path: '/api/system/roles/{key}',
    operationId: 'deleteRole',
    summary: 'Delete a role that nobody holds',
    tags: ['roles'],
    request: { params: RoleParams },
  })
  @access({ audience: 'system', permission: 'role.write', idempotency: 'optional', errors: ['not_found', 'in_use'] })
  async deleteRole({ caller, ip, params }: Req<{ params: typeof RoleParams }>) {
    await this.#admin.remove(caller, ip, params.key);
  }
}
