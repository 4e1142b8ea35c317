import type { Deps } from '../../deps.ts';
import type { Accounts } from '../accounts/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Deliveries } from '../deliveries/index.ts';
import type { Sessions } from '../sessions/index.ts';
import { CitizenLoginController } from './citizen-login.controller.ts';
import { createCitizenLoginService } from './citizen-login.service.ts';

export { quotaModel } from './quotas.model.ts';

/** Citizens: log in with phone and code, log out. */
export function createCitizenLogin(
  deps: Deps,
  others: { accounts: Accounts; sessions: Sessions; audit: Audit; deliveries: Deliveries },
) {
  return { controllers: [new CitizenLoginController(createCitizenLoginService(deps, others))] };
}
