import type { Deps } from '../../deps.ts';
import { Problem, type StaffCaller } from '../../http/index.ts';
import { transact } from '../../infra/mongo/index.ts';
import type { Permission } from '../../../shared/permissions.ts';
import type { Text } from '../../../shared/fields/types.ts';
import type { Audit } from '../audit/index.ts';
import { holdsEverywhere } from '../scope/index.ts';
import { SUPER_ADMIN, type Role } from './roles.builtin.ts';
import { roleModel } from './roles.model.ts';
import { toRole, type createRoleBook } from './roles.service.ts';

export interface RoleAdminDeps {
  audit: Audit;
  roles: ReturnType<typeof createRoleBook>;
  /** How many accounts hold the role (a few are enough to know). */
  holders: (role: string) => Promise<number>;
}

/**
 * Changing roles. A role counts everywhere it was granted, so whoever changes one must hold role.write and every permission
 * that it has before or after without any limit of place: nobody can make more of himself or of others than he is.
 */
export function createRoleAdmin(deps: Deps, { audit, roles, holders }: RoleAdminDeps) {
  const model = roleModel(deps.mongo);

  const assertHolds = (caller: StaffCaller, permissions: readonly Permission[]) => {
    const beyond = (['role.write', ...permissions] as const).some((permission) => !holdsEverywhere(caller, permission));
    if (beyond) throw new Problem('forbidden');
  };
  const changeable = async (key: string): Promise<Role> => {
    if (key === SUPER_ADMIN.key) throw new Problem('forbidden');
    const role = await roles.find(key);
    if (!role) throw new Problem('not_found');
    return role;
  };
  const entry = (caller: StaffCaller, ip: string, key: string, detail: Record<string, unknown>) => ({
    caller,
    ip,
    object: { type: 'role', id: key },
    detail,
  });

  return {
    async create(
      caller: StaffCaller,
      ip: string,
      input: { key: string; label: Text; permissions: Permission[] },
    ): Promise<Role> {
      assertHolds(caller, input.permissions);
      return transact(deps.mongo, async () => {
        if (await roles.find(input.key)) throw new Problem('name_taken');
        const [row] = await model.create([
          { _id: input.key, label: input.label, permissions: input.permissions, rev: 1 },
        ]);
        await audit.record({ ...entry(caller, ip, input.key, { after: input }), action: 'role.created' });
        await roles.forget();
        return toRole(row!.toObject());
      });
    },

    async update(
      caller: StaffCaller,
      ip: string,
      key: string,
      input: { label: Text; permissions: Permission[]; rev: number },
    ): Promise<Role> {
      return transact(deps.mongo, async () => {
        const before = await changeable(key);
        assertHolds(caller, [...before.permissions, ...input.permissions]);
        const { rev, ...after } = input;
        const row = await model
          .findOneAndUpdate({ _id: key, rev }, { $set: after, $inc: { rev: 1 } }, { returnDocument: 'after' })
          .lean();
        if (!row) throw new Problem('edit_conflict');
        await audit.record({
          ...entry(caller, ip, key, { before: { label: before.label, permissions: before.permissions }, after }),
          action: 'role.changed',
        });
        await roles.forget();
        return toRole(row);
      });
    },

    async remove(caller: StaffCaller, ip: string, key: string): Promise<void> {
      await transact(deps.mongo, async () => {
        const before = await changeable(key);
        assertHolds(caller, before.permissions);
        if ((await holders(key)) > 0) throw new Problem('in_use');
        await model.deleteOne({ _id: key });
        await audit.record({
          ...entry(caller, ip, key, { before: { label: before.label, permissions: before.permissions } }),
          action: 'role.deleted',
        });
        await roles.forget();
      });
    },
  };
}
