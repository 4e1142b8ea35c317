import { access, body, responses, routeConfig, type Req } from '../../http/index.ts';
import { CitizenLogin, CitizenSession, LoginCode, LoginCodeRequest } from './citizen-login.schema.ts';
import type { createCitizenLoginService } from './citizen-login.service.ts';

export class CitizenLoginController {
  readonly #service: ReturnType<typeof createCitizenLoginService>;

  constructor(service: ReturnType<typeof createCitizenLoginService>) {
    this.#service = service;
  }

  // Many citizens share an address behind a mobile carrier, so these two have the burst limit of writes; the quotas of
  // codes and the five tries of each hold the rest.
  @routeConfig({
    method: 'post',
    path: '/api/citizen/login-codes',
    operationId: 'sendLoginCode',
    summary: 'Send a log-in code to a phone',
    tags: ['citizen'],
  })
  @access({ audience: 'public', status: 202, errors: ['sms_unavailable'] })
  @body(LoginCodeRequest)
  @responses(LoginCode)
  async sendLoginCode({ ip, body }: Req<{ body: typeof LoginCodeRequest }, 'public'>) {
    return this.#service.sendCode(ip, body.phone);
  }

  @routeConfig({
    method: 'post',
    path: '/api/citizen/session',
    operationId: 'logInCitizen',
    summary: 'Log in with the code',
    tags: ['citizen'],
  })
  @access({ audience: 'public', errors: ['wrong_code', 'account_disabled'] })
  @body(CitizenLogin)
  @responses(CitizenSession)
  async logInCitizen({ ctx, ip, body }: Req<{ body: typeof CitizenLogin }, 'public'>) {
    return this.#service.logIn(ctx, ip, body);
  }

  @routeConfig({
    method: 'get',
    path: '/api/citizen/session',
    operationId: 'getCitizenSession',
    summary: 'Who am I',
    tags: ['citizen'],
  })
  @access({ audience: 'citizen' })
  @responses(CitizenSession)
  async getCitizenSession({ caller }: Req<object, 'citizen'>) {
    return this.#service.present(caller.accountId);
  }

  @routeConfig({
    method: 'delete',
    path: '/api/citizen/session',
    operationId: 'logOutCitizen',
    summary: 'Log out',
    tags: ['citizen'],
  })
  @access({ audience: 'citizen' })
  async logOutCitizen({ ctx, ip, caller }: Req<object, 'citizen'>) {
    await this.#service.logOut(ctx, ip, caller);
  }

  @routeConfig({
    method: 'delete',
    path: '/api/citizen/sessions',
    operationId: 'logOutCitizenEverywhere',
    summary: 'Log out on all devices',
    tags: ['citizen'],
  })
  @access({ audience: 'citizen' })
  async logOutCitizenEverywhere({ ctx, ip, caller }: Req<object, 'citizen'>) {
    await this.#service.logOutEverywhere(ctx, ip, caller);
  }
}
