import type Koa from 'koa';
import { citizenPage } from '../../../shared/pages.ts';
import type { Deps } from '../../deps.ts';
import { Problem, type CitizenCaller } from '../../http/index.ts';
import type { WechatError } from '../../infra/wechat/index.ts';
import type { CitizenLogin } from '../citizen-login/index.ts';
import type { Modules } from '../modules/index.ts';
import { createPhoneBinding, type BindingParts } from './phone-binding.ts';
import { createTickets } from './tickets.ts';

interface Others extends BindingParts {
  citizenLogin: Pick<CitizenLogin, 'redeemCode' | 'present'>;
  modules: Pick<Modules, 'maintenance'>;
}

const ANONYMOUS = { kind: 'anonymous' } as const;
/** A number of mainland China, as SMS log-ins take it. */
const PHONE = /^1[3-9]\d{9}$/;

/** What a fault of WeChat's is for who called us. */
function problemOf(error: unknown): unknown {
  if ((error as Error).name !== 'WechatError') return error;
  const { fault } = error as WechatError;
  if (fault === 'refused') return new Problem('wechat_code_refused');
  return fault === 'busy' ? new Problem('wechat_busy', { retryAfter: 5 }) : new Problem('wechat_unavailable');
}

/** Citizens log in through the mini-program: a code of WeChat's becomes a ticket, the ticket a session of the page. */
export function createWechatLoginService(deps: Deps, { citizenLogin, modules, ...parts }: Others) {
  const { accounts, sessions, audit } = parts;
  const tickets = createTickets(deps);
  const binding = createPhoneBinding(deps, parts);

  const refused = (ip: string, reason: string) =>
    audit.record({
      caller: ANONYMOUS,
      ip,
      action: 'login.failed',
      outcome: 'refused',
      detail: { reason, by: 'wechat' },
    });

  /** @throws Problem not_found (there is no mini-program here), wechat_code_refused, wechat_busy, wechat_unavailable */
  const asked = async <T>(work: () => Promise<T>, onRefusal: () => Promise<void>): Promise<T> => {
    if (!deps.config.wechat) throw new Problem('not_found');
    try {
      return await work();
    } catch (error) {
      const problem = problemOf(error);
      if (problem instanceof Problem && problem.code === 'wechat_code_refused') await onRefusal();
      throw problem;
    }
  };

  return {
    /** @throws Problem invalid_input (the path is no page), account_disabled, and what `asked` throws */
    async issueTicket(ip: string, input: { code: string; path: string; nonce: string }) {
      const page = citizenPage(input.path);
      // Before WeChat is asked: a code is good once, and a shell that asks for a wrong page should keep it.
      if (page === null)
        throw new Problem('invalid_input', { issues: [{ path: 'body.path', code: 'unknown_option' }] });
      const user = await asked(
        () => deps.wechat.identify(input.code),
        () => refused(ip, 'code'),
      );
      const { accountId, disabled } = await accounts.ensureWechat({ appId: deps.config.wechat?.appId ?? '', ...user });
      if (disabled) {
        await refused(ip, 'disabled');
        throw new Problem('account_disabled');
      }
      const { ticket, expiresAt } = await tickets.issue(accountId, page, input.nonce);
      const maintenance = await modules.maintenance();
      return { ticket, expiresAt: expiresAt.toISOString(), ...(maintenance ? { maintenance } : {}) };
    },

    /** @throws Problem ticket_invalid (whatever is wrong with it), account_disabled */
    async useTicket(ctx: Koa.Context, ip: string, input: { ticket: string; nonce: string; path: string }) {
      const issuedFor = await tickets.redeem(input.ticket, citizenPage(input.path) ?? '', input.nonce);
      if (issuedFor === null) {
        await refused(ip, 'ticket');
        throw new Problem('ticket_invalid');
      }
      const { accountId, disabled } = await accounts.present(issuedFor);
      if (disabled) {
        await refused(ip, 'disabled');
        throw new Problem('account_disabled');
      }
      await binding.gather(accountId);
      const caller = await sessions.start(ctx, 'citizen', accountId);
      const object = { type: 'account', id: accountId };
      await audit.record({ caller, ip, action: 'login.succeeded', object, detail: { by: 'wechat' } });
      return citizenLogin.present(accountId);
    },

    /** @throws Problem phone_unsupported, phone_bound, account_disabled, and what `asked` throws */
    async bindWechatPhone(ctx: Koa.Context, ip: string, caller: CitizenCaller, code: string) {
      const { phone, countryCode } = await asked(
        () => deps.wechat.phone(code),
        async () => undefined,
      );
      if (countryCode !== '86' || !PHONE.test(phone)) throw new Problem('phone_unsupported');
      const accountId = await binding.bind(ctx, ip, caller, phone, 'wechat');
      return citizenLogin.present(accountId);
    },

    /** @throws Problem wrong_code, phone_bound, account_disabled */
    async bindPhone(
      ctx: Koa.Context,
      ip: string,
      caller: CitizenCaller,
      { loginCodeId, phone, code }: { loginCodeId: string; phone: string; code: string },
    ) {
      if (!(await citizenLogin.redeemCode(loginCodeId, phone, code))) throw new Problem('wrong_code');
      const accountId = await binding.bind(ctx, ip, caller, phone, 'sms');
      return citizenLogin.present(accountId);
    },
  };
}

export type WechatLoginService = ReturnType<typeof createWechatLoginService>;
