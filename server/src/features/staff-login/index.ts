import type { Deps } from '../../deps.ts';
import type { Accounts } from '../accounts/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Sessions } from '../sessions/index.ts';
import { StaffLoginController } from './staff-login.controller.ts';
import { createStaffLoginService } from './staff-login.service.ts';

/** Staff: log in, log out, change the password. */
export function createStaffLogin(deps: Deps, others: { accounts: Accounts; sessions: Sessions; audit: Audit }) {
  return { controllers: [new StaffLoginController(createStaffLoginService(deps, others))] };
}
