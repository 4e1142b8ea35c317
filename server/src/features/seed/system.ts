import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Deps } from '../../deps.ts';
import { isDuplicateKey } from '../../infra/mongo/index.ts';
import { makeFirstPassword } from '../accounts/index.ts';
import type { Features } from '../index.ts';
import { FIRST_ROLES, roleModel, SUPER_ADMIN } from '../roles/index.ts';
import { seedStaff } from './staff.ts';

const FIRST_ADMIN = 'admin';

/** What every installation begins with: a few roles and one super administrator. Safe to repeat: what is there stays as it is. */
export async function seedSystem(deps: Deps, features: Features): Promise<void> {
  const roles = await seedRoles(deps);
  if (roles) await features.roles.forget();
  const admin = await seedFirstAdmin(deps, features);
  deps.log.info('seed.applied', { what: 'system', roles, admin });
}

/** Only into an empty collection: a role that an administrator deleted does not come back. */
async function seedRoles(deps: Deps): Promise<number> {
  const model = roleModel(deps.mongo);
  if (await model.exists({})) return 0;
  try {
    await model.insertMany(
      FIRST_ROLES.map(({ key, label, permissions }) => ({ _id: key, label, permissions: [...permissions], rev: 1 })),
    );
    return FIRST_ROLES.length;
  } catch (err) {
    if (isDuplicateKey(err)) return 0;
    throw err;
  }
}

/** The password leaves the process only in a file that its owner alone can read, and only when the account was made by us. */
async function seedFirstAdmin(deps: Deps, features: Features): Promise<boolean> {
  const { firstAdminPassword, firstLoginFile } = deps.config;
  if (await features.accounts.credentials(FIRST_ADMIN)) return false;
  const password = firstAdminPassword ?? makeFirstPassword();
  if (!firstAdminPassword && !firstLoginFile)
    throw new Error('FIRST_LOGIN_FILE or FIRST_ADMIN_PASSWORD is needed to make the first login');
  // Written before the account is there, under its name only after: nobody else's password overwrites it, none is lost.
  const draft = firstLoginFile && `${firstLoginFile}.${randomUUID()}`;
  if (draft) {
    await mkdir(dirname(draft), { recursive: true });
    await writeFile(draft, `${JSON.stringify({ name: FIRST_ADMIN, password })}\n`, { mode: 0o600, flag: 'wx' });
  }
  try {
    const made = await seedStaff(deps, features, {
      name: FIRST_ADMIN,
      displayName: SUPER_ADMIN.label['zh-CN'],
      password,
      mustChangePassword: true,
      grants: [{ role: SUPER_ADMIN.key, region: null, organisation: null, own: false }],
    });
    if (!made) return false;
    if (draft) await rename(draft, firstLoginFile);
    await features.audit.record({
      caller: { kind: 'system' },
      action: 'account.created',
      detail: { name: FIRST_ADMIN },
    });
    return true;
  } finally {
    if (draft) await rm(draft, { force: true });
  }
}
