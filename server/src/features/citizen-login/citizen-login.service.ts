import type Koa from 'koa';
import type { Deps } from '../../deps.ts';
import { Problem, type CitizenCaller } from '../../http/index.ts';
import type { Accounts } from '../accounts/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Deliveries } from '../deliveries/index.ts';
import type { Sessions } from '../sessions/index.ts';
import { CODE_SECONDS, createLoginCodes } from './login-codes.ts';
import { maskPhone } from './phone.ts';
import { createQuotas } from './quotas.ts';
import { createSending, RESEND_SECONDS } from './sending.ts';

interface Others {
  accounts: Accounts;
  sessions: Sessions;
  audit: Audit;
  deliveries: Pick<Deliveries, 'sent'>;
}

const ANONYMOUS = { kind: 'anonymous' } as const;
const accountObject = (accountId: string) => ({ object: { type: 'account', id: accountId } });

/** Citizens log in with a phone and a code sent to it. The first log-in makes the account. */
export function createCitizenLoginService(deps: Deps, { accounts, sessions, audit, deliveries }: Others) {
  const codes = createLoginCodes(deps);
  const sending = createSending(deps, { codes, quotas: createQuotas(deps), deliveries });

  return {
    async sendCode(ip: string, phone: string) {
      const detail = { phone: maskPhone(phone) };
      try {
        const loginCodeId = await sending.send(phone, ip);
        await audit.record({ caller: ANONYMOUS, ip, action: 'login.code_sent', detail });
        return { loginCodeId, resendAfter: RESEND_SECONDS, expiresIn: CODE_SECONDS };
      } catch (err) {
        // A refusal within the pause is a double click, not news; the access log has it.
        if (err instanceof Problem && err.code === 'sms_unavailable') {
          await audit.recordOutside({ caller: ANONYMOUS, ip, action: 'login.code_refused', outcome: 'failed', detail });
        }
        throw err;
      }
    },

    /** @throws Problem wrong_code (whatever is wrong with it), account_disabled */
    async logIn(
      ctx: Koa.Context,
      ip: string,
      { loginCodeId, phone, code }: { loginCodeId: string; phone: string; code: string },
    ) {
      const refused = async (reason: string) => {
        await audit.record({
          caller: ANONYMOUS,
          ip,
          action: 'login.failed',
          outcome: 'refused',
          detail: { reason, phone: maskPhone(phone) },
        });
      };
      if (!(await codes.redeem(loginCodeId, phone, code))) {
        await refused('code');
        throw new Problem('wrong_code');
      }
      const { accountId, disabled } = await accounts.ensureCitizen(phone);
      if (disabled) {
        await refused('disabled');
        throw new Problem('account_disabled');
      }
      const caller = await sessions.start(ctx, 'citizen', accountId);
      await audit.record({ caller, ip, action: 'login.succeeded', ...accountObject(accountId) });
      return { accountId, phone: maskPhone(phone) };
    },

    /** An account as its citizen sees it. */
    async present(accountId: string) {
      const phone = await accounts.citizenPhone(accountId);
      return { accountId, phone: phone === null ? '' : maskPhone(phone) };
    },

    /** Uses up a code sent to a phone: whether it was right. */
    redeemCode: codes.redeem,

    async logOut(ctx: Koa.Context, ip: string, caller: CitizenCaller): Promise<void> {
      await sessions.end(ctx, 'citizen');
      await audit.record({ caller, ip, action: 'logout.one', ...accountObject(caller.accountId) });
    },

    async logOutEverywhere(ctx: Koa.Context, ip: string, caller: CitizenCaller): Promise<void> {
      await sessions.endAll('citizen', caller.accountId);
      await sessions.end(ctx, 'citizen');
      await audit.record({ caller, ip, action: 'logout.all', ...accountObject(caller.accountId) });
    },
  };
}
