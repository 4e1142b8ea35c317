import type { Deps } from '../../deps.ts';
import type { Audit } from '../audit/index.ts';
import type { Organisations } from '../organisations/index.ts';
import type { RegionTree } from '../regions/index.ts';
import type { Roles } from '../roles/index.ts';
import { AccountsController } from './accounts.controller.ts';
import { createGranting } from './accounts.grants.ts';
import { createAccountAdmin } from './accounts.service.ts';
import { createAccountStore } from './accounts.store.ts';
import { createWechatAccounts } from './accounts.wechat.ts';
import { createLastAdministrator } from './last-administrator.ts';
import { createLockout } from './lockout.ts';

export { accountModel, type AccountRecord, type StoredGrant } from './accounts.model.ts';
export { StaffName } from './accounts.schema.ts';
export type { AccountState } from './accounts.store.ts';
export { makeFirstPassword } from './first-password.ts';
export { hashPassword, verifyNothing, verifyPassword } from './passwords.ts';
export type Accounts = ReturnType<typeof createAccounts>;

/** Who may log in: staff by name, citizens by phone or as WeChat users. */
export function createAccounts(
  deps: Deps,
  others: { audit: Audit; roles: Roles; organisations: Organisations; regions: RegionTree },
) {
  const lockout = createLockout(deps);
  const granting = createGranting(others);
  const admin = createAccountAdmin(deps, {
    audit: others.audit,
    granting,
    lockout,
    lastAdministrator: createLastAdministrator(deps),
  });
  return {
    ...createAccountStore(deps),
    ...createWechatAccounts(deps),
    lockout,
    controllers: [new AccountsController(admin)],
  };
}
