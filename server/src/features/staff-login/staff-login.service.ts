import type Koa from 'koa';
import type { Deps } from '../../deps.ts';
import { Problem, type StaffCaller } from '../../http/index.ts';
import { hashPassword, verifyNothing, verifyPassword, type Accounts } from '../accounts/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Sessions } from '../sessions/index.ts';
import { createPasswordPolicy } from './password.policy.ts';

interface Others {
  accounts: Accounts;
  sessions: Sessions;
  audit: Audit;
}

const ANONYMOUS = { kind: 'anonymous' } as const;
const accountObject = (accountId: string) => ({ object: { type: 'account', id: accountId } });

/** Log-in by name and password, and changing the password. */
export function createStaffLoginService(deps: Deps, { accounts, sessions, audit }: Others) {
  const policy = createPasswordPolicy(deps.config.passwordProfile);
  const dummies = deps.metrics.counter(
    'login_dummy_verifications_total',
    'Log-ins to names without an account; each costs what a real one does.',
  );

  /** Counts the attempt, then looks at the password. @throws Problem account_locked */
  const verify = async (
    name: string,
    password: string,
    refused: (reason: string, accountId?: string) => Promise<void>,
  ) => {
    const attempt = await accounts.lockout.attempt(name);
    if (!attempt.allowed) {
      await refused('locked');
      throw new Problem('account_locked', { retryAfter: attempt.retryAfter });
    }
    const found = await accounts.credentials(name);
    if (!found) dummies.inc();
    const right = found ? await verifyPassword(found.passwordHash, password) : await verifyNothing(password);
    if (!found || !right) {
      await refused(attempt.last ? 'wrong, now locked' : 'wrong', found?.accountId);
      if (attempt.last && found) {
        await audit.recordOutside({ caller: ANONYMOUS, action: 'login.locked', ...accountObject(found.accountId) });
      }
      throw new Problem('wrong_credentials');
    }
    return found;
  };

  return {
    /** Answers who logged in. @throws Problem wrong_credentials, account_locked, account_disabled */
    async logIn(ctx: Koa.Context, ip: string, { name, password }: { name: string; password: string }) {
      const refused = async (reason: string, accountId?: string) => {
        await audit.record({
          caller: ANONYMOUS,
          ip,
          action: 'login.failed',
          outcome: 'refused',
          detail: { reason },
          ...(accountId ? accountObject(accountId) : {}),
        });
      };
      const { accountId, disabled } = await verify(name, password, refused);
      await accounts.lockout.clear(name);
      if (disabled) {
        await refused('disabled', accountId);
        throw new Problem('account_disabled');
      }
      const caller = await sessions.start(ctx, 'staff', accountId);
      if (caller.kind !== 'staff') throw new Problem('wrong_credentials');
      await audit.record({ caller, ip, action: 'login.succeeded', ...accountObject(accountId) });
      return this.who(caller);
    },

    /** Who a session belongs to, with the rights that it has now. */
    async who(caller: StaffCaller) {
      const state = await accounts.state(caller.accountId);
      return {
        accountId: caller.accountId,
        name: caller.name,
        displayName: state?.displayName ?? '',
        permissions: [...caller.permissions],
        grants: caller.grants.map(({ role: _role, ...grant }) => ({ ...grant, permissions: [...grant.permissions] })),
        mustChangePassword: caller.mustChangePassword,
      };
    },

    /** The password once more, for what takes a fresh log-in. @throws Problem wrong_credentials, account_locked */
    async confirm(ip: string, caller: StaffCaller, password: string): Promise<void> {
      const refused = (reason: string) =>
        audit.record({
          caller,
          ip,
          action: 'login.failed',
          outcome: 'refused',
          detail: { reason },
          ...accountObject(caller.accountId),
        });
      await verify(caller.name, password, refused);
      await accounts.lockout.clear(caller.name);
      await sessions.confirm('staff', caller.sessionId);
      await audit.record({ caller, ip, action: 'login.confirmed', ...accountObject(caller.accountId) });
    },

    async logOut(ctx: Koa.Context, ip: string, caller: StaffCaller): Promise<void> {
      await sessions.end(ctx, 'staff');
      await audit.record({ caller, ip, action: 'logout.one', ...accountObject(caller.accountId) });
    },

    async logOutEverywhere(ctx: Koa.Context, ip: string, caller: StaffCaller): Promise<void> {
      await sessions.endAll('staff', caller.accountId);
      await sessions.end(ctx, 'staff');
      await audit.record({ caller, ip, action: 'logout.all', ...accountObject(caller.accountId) });
    },

    /** The session that asks lives on, all others of the account end. @throws Problem wrong_credentials, weak_password, … */
    async changePassword(
      ip: string,
      caller: StaffCaller,
      { current, next }: { current: string; next: string },
    ): Promise<void> {
      const refused = (reason: string) =>
        audit.record({
          caller,
          ip,
          action: 'password.refused',
          outcome: 'refused',
          detail: { reason },
          ...accountObject(caller.accountId),
        });
      const found = await verify(caller.name, current, refused);
      await accounts.lockout.clear(caller.name);
      const faults = policy.check(next, caller.name);
      if (!faults.length && (await wasUsed(next, [found.passwordHash, ...found.passwordHistory])))
        faults.push({ code: 'password_used' });
      if (faults.length) {
        await refused(faults.map(({ code }) => code).join(' '));
        throw new Problem('weak_password', { issues: faults.map((fault) => ({ path: 'body.next', ...fault })) });
      }
      const epoch = await accounts.setPassword(caller.accountId, found, await hashPassword(next));
      if (epoch === null) throw new Problem('edit_conflict');
      await sessions.keep('staff', caller.accountId, caller.sessionId, epoch);
      await audit.record({ caller, ip, action: 'password.changed', ...accountObject(caller.accountId) });
    },
  };
}

async function wasUsed(password: string, hashes: string[]): Promise<boolean> {
  for (const hash of hashes) if (await verifyPassword(hash, password)) return true;
  return false;
}
