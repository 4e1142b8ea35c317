import { access, body, responses, routeConfig, type Req } from '../../http/index.ts';
import {
  AccountChange,
  AccountInput,
  AccountItem,
  AccountPage,
  AccountParams,
  AccountQuery,
  NewAccount,
  NewPassword,
} from './accounts.schema.ts';
import type { createAccountAdmin } from './accounts.service.ts';

type One = Req<{ params: typeof AccountParams }>;

export class AccountsController {
  readonly #admin: ReturnType<typeof createAccountAdmin>;

  constructor(admin: ReturnType<typeof createAccountAdmin>) {
    this.#admin = admin;
  }

  @routeConfig({
    method: 'get',
    path: '/api/system/accounts',
    operationId: 'listAccounts',
    summary: 'Staff accounts within scope, by name',
    tags: ['accounts'],
    request: { query: AccountQuery },
  })
  @access({ audience: 'system', permission: 'account.read' })
  @responses(AccountPage)
  async listAccounts({ caller, query }: Req<{ query: typeof AccountQuery }>) {
    return this.#admin.list(caller, query);
  }

  @routeConfig({
    method: 'post',
    path: '/api/system/accounts',
    operationId: 'createAccount',
    summary: 'Make a staff account with a random first password',
    tags: ['accounts'],
  })
  @access({
    audience: 'system',
    permission: 'account.write',
    idempotency: 'optional',
    status: 201,
    errors: ['name_taken'],
  })
  @body(AccountInput)
  @responses(NewAccount)
  async createAccount({ caller, ip, body }: Req<{ body: typeof AccountInput }>) {
    return this.#admin.create(caller, ip, body);
  }

  @routeConfig({
    method: 'get',
    path: '/api/system/accounts/{id}',
    operationId: 'getAccount',
    summary: 'One staff account',
    tags: ['accounts'],
    request: { params: AccountParams },
  })
  @access({ audience: 'system', permission: 'account.read' })
  @responses(AccountItem)
  async getAccount({ caller, params }: One) {
    return this.#admin.get(caller, params.id);
  }

  @routeConfig({
    method: 'put',
    path: '/api/system/accounts/{id}',
    operationId: 'updateAccount',
    summary: 'Change display name, grants or whether it may log in',
    tags: ['accounts'],
    request: { params: AccountParams },
  })
  @access({
    audience: 'system',
    permission: 'account.write',
    idempotency: 'optional',
    errors: ['edit_conflict', 'last_administrator'],
  })
  @body(AccountChange)
  @responses(AccountItem)
  async updateAccount({ caller, ip, params, body }: Req<{ params: typeof AccountParams; body: typeof AccountChange }>) {
    return this.#admin.update(caller, ip, params.id, body);
  }

  @routeConfig({
    method: 'post',
    path: '/api/system/accounts/{id}/reset-password',
    operationId: 'resetPassword',
    summary: 'Give a new first password; ends all sessions',
    tags: ['accounts'],
    request: { params: AccountParams },
  })
  @access({ audience: 'system', permission: 'account.write', idempotency: 'optional' })
  @responses(NewPassword)
  async resetPassword({ caller, ip, params }: One) {
    return this.#admin.resetPassword(caller, ip, params.id);
  }

  @routeConfig({
    method: 'post',
    path: '/api/system/accounts/{id}/unlock',
    operationId: 'unlockAccount',
    summary: 'End a lock after too many failed log-ins',
    tags: ['accounts'],
    request: { params: AccountParams },
  })
  @access({ audience: 'system', permission: 'account.write', idempotency: 'optional' })
  async unlockAccount({ caller, ip, params }: One) {
    await this.#admin.unlock(caller, ip, params.id);
  }

  @routeConfig({
    method: 'post',
    path: '/api/system/accounts/{id}/end-sessions',
    operationId: 'endAccountSessions',
    summary: 'Log the account out everywhere',
    tags: ['accounts'],
    request: { params: AccountParams },
  })
  @access({ audience: 'system', permission: 'account.write', idempotency: 'optional' })
  async endAccountSessions({ caller, ip, params }: One) {
    await this.#admin.endSessions(caller, ip, params.id);
  }
}
