import { access, body, responses, routeConfig, type Req } from '../../http/index.ts';
import { CitizenSession } from '../citizen-login/index.ts';
import { PhoneProof, TicketUse, WechatLogin, WechatPhoneCode, WechatTicket } from './wechat-login.schema.ts';
import type { WechatLoginService } from './wechat-login.service.ts';

export class WechatLoginController {
  readonly #service: WechatLoginService;

  constructor(service: WechatLoginService) {
    this.#service = service;
  }

  // Many citizens share an address behind a mobile carrier, so these two have the burst limit of writes, as SMS log-ins have.
  @routeConfig({
    method: 'post',
    path: '/api/citizen/wechat/login',
    operationId: 'logInByWechat',
    summary: 'A ticket for a page, for a code of wx.login',
    tags: ['citizen'],
  })
  @access({
    audience: 'public',
    errors: ['not_found', 'wechat_code_refused', 'wechat_busy', 'wechat_unavailable', 'account_disabled'],
  })
  @body(WechatLogin)
  @responses(WechatTicket)
  async logInByWechat({ ip, body }: Req<{ body: typeof WechatLogin }, 'public'>) {
    return this.#service.issueTicket(ip, body);
  }

  @routeConfig({
    method: 'post',
    path: '/api/citizen/session/ticket',
    operationId: 'useTicket',
    summary: 'Log in with the ticket in the page’s address',
    tags: ['citizen'],
  })
  @access({ audience: 'public', errors: ['ticket_invalid', 'account_disabled'] })
  @body(TicketUse)
  @responses(CitizenSession)
  async useTicket({ ctx, ip, body }: Req<{ body: typeof TicketUse }, 'public'>) {
    return this.#service.useTicket(ctx, ip, body);
  }

  @routeConfig({
    method: 'post',
    path: '/api/citizen/wechat/phone',
    operationId: 'bindWechatPhone',
    summary: 'Bind the phone that WeChat has verified',
    description:
      'When an account has this phone, the session goes on as that account, which gets all that this one had.',
    tags: ['citizen'],
  })
  @access({
    audience: 'citizen',
    errors: [
      'not_found',
      'wechat_code_refused',
      'wechat_busy',
      'wechat_unavailable',
      'phone_unsupported',
      'phone_bound',
      'account_disabled',
    ],
  })
  @body(WechatPhoneCode)
  @responses(CitizenSession)
  async bindWechatPhone({ ctx, ip, caller, body }: Req<{ body: typeof WechatPhoneCode }, 'citizen'>) {
    return this.#service.bindWechatPhone(ctx, ip, caller, body.code);
  }

  @routeConfig({
    method: 'post',
    path: '/api/citizen/phone',
    operationId: 'bindPhone',
    summary: 'Bind a phone by a code sent to it',
    description:
      'When an account has this phone, the session goes on as that account, which gets all that this one had.',
    tags: ['citizen'],
  })
  @access({ audience: 'citizen', errors: ['wrong_code', 'phone_bound', 'account_disabled'] })
  @body(PhoneProof)
  @responses(CitizenSession)
  async bindPhone({ ctx, ip, caller, body }: Req<{ body: typeof PhoneProof }, 'citizen'>) {
    return this.#service.bindPhone(ctx, ip, caller, body);
  }
}
