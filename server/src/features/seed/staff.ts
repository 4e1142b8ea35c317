import type { Deps } from '../../deps.ts';
import { isDuplicateKey } from '../../infra/mongo/index.ts';
import { accountModel, hashPassword, type StoredGrant } from '../accounts/index.ts';
import type { Features } from '../index.ts';

export interface SeedStaff {
  name: string;
  displayName: string;
  password: string;
  mustChangePassword: boolean;
  grants: Pick<StoredGrant, 'role' | 'region' | 'organisation' | 'own'>[];
}

/** Makes a staff account unless its name is taken; answers whether it did. */
export async function seedStaff(deps: Deps, { regions, organisations }: Features, staff: SeedStaff): Promise<boolean> {
  const model = accountModel(deps.mongo);
  if (await model.exists({ name: staff.name })) return false;
  const grants: StoredGrant[] = [];
  for (const grant of staff.grants) {
    const regionPath = grant.region === null ? [] : regions.path(grant.region);
    const orgPath = grant.organisation === null ? [] : await organisations.orgPath(grant.organisation);
    grants.push({ ...grant, regionPath, orgPath });
  }
  try {
    await model.create([
      {
        kind: 'staff',
        name: staff.name,
        displayName: staff.displayName,
        passwordHash: await hashPassword(staff.password),
        passwordHistory: [],
        passwordChangedAt: deps.clock(),
        mustChangePassword: staff.mustChangePassword,
        grants,
        disabled: false,
        sessionEpoch: 1,
        createdAt: deps.clock(),
        createdBy: null,
        rev: 1,
      },
    ]);
    return true;
  } catch (err) {
    // Another process seeds at the same time.
    if (isDuplicateKey(err)) return false;
    throw err;
  }
}
