import type { Deps } from '../../deps.ts';
import { isPermission, type Permission } from '../../../shared/permissions.ts';
import { SUPER_ADMIN, type Role } from './roles.builtin.ts';
import { roleModel, type RoleRecord } from './roles.model.ts';

const CACHE_KEY = 'roles';
/** A dropped entry is gone at once; this bounds what a process that missed the drop may believe. */
const TTL_SECONDS = 300;

export const toRole = ({ _id, label, permissions, rev }: RoleRecord): Role => ({
  key: _id,
  label: label.en === undefined ? { 'zh-CN': label['zh-CN'] } : { 'zh-CN': label['zh-CN'], en: label.en },
  permissions: permissions.filter(isPermission),
  builtIn: false,
  rev,
});

/** Roles as the other features see them. */
export function createRoleBook(deps: Pick<Deps, 'mongo' | 'cache'>) {
  const model = roleModel(deps.mongo);
  const load = async () =>
    Object.fromEntries((await model.find().lean()).map((row) => [row._id, row.permissions.filter(isPermission)]));
  return {
    /** What a role grants; nothing for one that does not exist. */
    async permissionsOf(key: string): Promise<readonly Permission[]> {
      if (key === SUPER_ADMIN.key) return SUPER_ADMIN.permissions;
      const all = await deps.cache.get<Record<string, Permission[]>>(CACHE_KEY, { ttl: TTL_SECONDS, load });
      return all && Object.hasOwn(all, key) ? all[key]! : [];
    },
    /** All roles, the built-in one first, then by key. Read from the database. */
    async list(): Promise<Role[]> {
      return [SUPER_ADMIN, ...(await model.find().sort({ _id: 1 }).lean()).map(toRole)];
    },
    /** The role as the database has it now (joins a transaction), or null. */
    async find(key: string): Promise<Role | null> {
      if (key === SUPER_ADMIN.key) return SUPER_ADMIN;
      const row = await model.findById(key).lean();
      return row && toRole(row);
    },
    /** To be called with every change of a role. */
    forget: () => deps.cache.drop(CACHE_KEY),
  };
}
