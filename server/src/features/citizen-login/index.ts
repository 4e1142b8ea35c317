import type { Deps } from '../../deps.ts';
import type { Accounts } from '../accounts/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Deliveries } from '../deliveries/index.ts';
import type { Sessions } from '../sessions/index.ts';
import { CitizenLoginController } from './citizen-login.controller.ts';
import { createCitizenLoginService } from './citizen-login.service.ts';

export { CitizenSession, LoginCodeId, Phone } from './citizen-login.schema.ts';
export { quotaModel } from './quotas.model.ts';

export type CitizenLogin = ReturnType<typeof createCitizenLogin>;

/** Citizens: log in with phone and code, log out. */
export function createCitizenLogin(
  deps: Deps,
  others: { accounts: Accounts; sessions: Sessions; audit: Audit; deliveries: Deliveries },
) {
  const service = createCitizenLoginService(deps, others);
  return {
    present: service.present,
    redeemCode: service.redeemCode,
    controllers: [new CitizenLoginController(service)],
  };
}
