import { access, body, responses, routeConfig, type Req } from '../../http/index.ts';
import { PasswordChange, PasswordConfirm, StaffLogin, StaffSession } from './staff-login.schema.ts';
import type { createStaffLoginService } from './staff-login.service.ts';

export class StaffLoginController {
  readonly #service: ReturnType<typeof createStaffLoginService>;

  constructor(service: ReturnType<typeof createStaffLoginService>) {
    this.#service = service;
  }

  @routeConfig({
    method: 'post',
    path: '/api/staff/session',
    operationId: 'logInStaff',
    summary: 'Log in with name and password',
    tags: ['staff'],
  })
  @access({
    audience: 'public',
    rateLimit: 'login',
    errors: ['wrong_credentials', 'account_locked', 'account_disabled'],
  })
  @body(StaffLogin)
  @responses(StaffSession)
  async logInStaff({ ctx, ip, body }: Req<{ body: typeof StaffLogin }, 'public'>) {
    return this.#service.logIn(ctx, ip, body);
  }

  @routeConfig({
    method: 'get',
    path: '/api/staff/session',
    operationId: 'getStaffSession',
    summary: 'Who am I',
    tags: ['staff'],
  })
  @access({ audience: 'staff', beforePasswordChange: true })
  @responses(StaffSession)
  async getStaffSession({ caller }: Req) {
    return this.#service.who(caller);
  }

  @routeConfig({
    method: 'post',
    path: '/api/staff/session/confirm',
    operationId: 'confirmStaff',
    summary: 'Give the password once more, for what takes a fresh log-in',
    tags: ['staff'],
  })
  @access({ audience: 'staff', rateLimit: 'login', errors: ['wrong_credentials', 'account_locked'] })
  @body(PasswordConfirm)
  async confirmStaff({ ip, caller, body }: Req<{ body: typeof PasswordConfirm }>) {
    await this.#service.confirm(ip, caller, body.password);
  }

  @routeConfig({
    method: 'delete',
    path: '/api/staff/session',
    operationId: 'logOutStaff',
    summary: 'Log out',
    tags: ['staff'],
  })
  @access({ audience: 'staff', beforePasswordChange: true })
  async logOutStaff({ ctx, ip, caller }: Req) {
    await this.#service.logOut(ctx, ip, caller);
  }

  @routeConfig({
    method: 'delete',
    path: '/api/staff/sessions',
    operationId: 'logOutStaffEverywhere',
    summary: 'Log out on all devices',
    tags: ['staff'],
  })
  @access({ audience: 'staff', beforePasswordChange: true })
  async logOutStaffEverywhere({ ctx, ip, caller }: Req) {
    await this.#service.logOutEverywhere(ctx, ip, caller);
  }

  @routeConfig({
    method: 'post',
    path: '/api/staff/password',
    operationId: 'changePassword',
    summary: 'Change the own password; ends all other sessions',
    tags: ['staff'],
  })
  @access({
    audience: 'staff',
    beforePasswordChange: true,
    rateLimit: 'login',
    errors: ['wrong_credentials', 'weak_password', 'account_locked', 'edit_conflict'],
  })
  @body(PasswordChange)
  async changePassword({ ip, caller, body }: Req<{ body: typeof PasswordChange }>) {
    await this.#service.changePassword(ip, caller, body);
  }
}
