import type Koa from 'koa';
import type { Deps } from '../../deps.ts';
import type { CitizenCaller } from '../../http/index.ts';
import { transact } from '../../infra/mongo/index.ts';
import type { Accounts } from '../accounts/index.ts';
import type { Audit } from '../audit/index.ts';
import type { People } from '../people/index.ts';
import type { Sessions } from '../sessions/index.ts';
import type { Submissions } from '../submissions/index.ts';

export interface BindingParts {
  accounts: Accounts;
  sessions: Sessions;
  audit: Audit;
  submissions: Pick<Submissions, 'adopt'>;
  people: Pick<People, 'adopt'>;
}

/**
 * Binds a verified phone to the account of a session. Whoever came by WeChat first and by phone before that (or after) ends up with
 * one account, the one that has the phone: what the other one had goes there, and the session goes on as it.
 */
export function createPhoneBinding(
  deps: Pick<Deps, 'mongo'>,
  { accounts, sessions, audit, submissions, people }: BindingParts,
) {
  const adopt = async (from: string, to: string) => ({
    ...(await submissions.adopt(from, to)),
    people: await people.adopt(from, to),
  });

  /** Answers the account that the caller is now. @throws Problem account_disabled, phone_bound */
  const bind = async (ctx: Koa.Context, ip: string, caller: CitizenCaller, phone: string, by: 'wechat' | 'sms') => {
    const { accountId } = await transact(deps.mongo, async () => {
      const bound = await accounts.bindPhone(caller.accountId, phone);
      const object = { type: 'account', id: bound.accountId };
      if (bound.outcome === 'bound')
        await audit.record({ caller, ip, action: 'account.phone_bound', object, facts: { by } });
      if (bound.outcome === 'merged') {
        const facts = { by, ...(await adopt(caller.accountId, bound.accountId)) };
        await audit.record({ caller, ip, action: 'account.merged', object, facts });
      }
      return bound;
    });
    if (accountId !== caller.accountId) await sessions.start(ctx, 'citizen', accountId);
    return accountId;
  };

  return {
    bind,
    /**
     * What a request that had begun before a merge wrote after it: half a second later the ended account's sessions are refused
     * everywhere, so the next log-in finds all of it.
     */
    async gather(accountId: string): Promise<void> {
      for (const from of await accounts.mergedInto(accountId)) await transact(deps.mongo, () => adopt(from, accountId));
    },
  };
}
