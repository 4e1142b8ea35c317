import type { Deps } from '../../deps.ts';
import { decodeCursor, encodeCursor, Problem, type StaffCaller } from '../../http/index.ts';
import { transact } from '../../infra/mongo/index.ts';
import type { Audit } from '../audit/index.ts';
import { accountModel, type AccountRecord } from './accounts.model.ts';
import { presentAccount, type PresentedAccount } from './accounts.presenter.ts';
import { accountsFilter } from './accounts.reach.ts';
import type { createGranting, GrantInput } from './accounts.grants.ts';
import { makeFirstPassword } from './first-password.ts';
import type { createLastAdministrator } from './last-administrator.ts';
import type { createLockout } from './lockout.ts';
import { hashPassword } from './passwords.ts';

interface Parts {
  audit: Audit;
  granting: ReturnType<typeof createGranting>;
  lockout: ReturnType<typeof createLockout>;
  lastAdministrator: ReturnType<typeof createLastAdministrator>;
}

/** Administration of staff accounts: within the administrator's reach, and never beyond what he holds himself. */
export function createAccountAdmin(deps: Deps, { audit, granting, lockout, lastAdministrator }: Parts) {
  const model = accountModel(deps.mongo);
  const present = async (row: AccountRecord): Promise<PresentedAccount> =>
    presentAccount(row, (await lockout.locked([row.name!])).size > 0);
  const object = (id: string) => ({ type: 'account', id });

  /** The account, if the caller may see it and holds all that it holds. */
  const changeable = async (caller: StaffCaller, id: string): Promise<AccountRecord> => {
    const row = await model.findOne({ $and: [{ _id: id }, accountsFilter(caller, 'account.write')] }).lean();
    if (!row) throw new Problem('not_found');
    await granting.assertHeld(caller, row.grants ?? []);
    return row;
  };

  return {
    async list(caller: StaffCaller, query: { q?: string | undefined; cursor?: string | undefined; limit: number }) {
      // The index on names holds only documents that have one; the query must say so to use it.
      const filters: Record<string, unknown>[] = [accountsFilter(caller, 'account.read'), { name: { $gt: '' } }];
      if (query.q) filters.push({ name: { $gte: query.q.toLowerCase(), $lt: `${query.q.toLowerCase()}\uffff` } });
      if (query.cursor) filters.push({ name: { $gt: decodeCursor(query.cursor, ['string'])[0] as string } });
      const rows = await model
        .find({ $and: filters })
        .sort({ name: 1 })
        .limit(query.limit + 1)
        .lean();
      const shown = rows.slice(0, query.limit);
      const locked = await lockout.locked(shown.map((row) => row.name!));
      return {
        items: shown.map((row) => presentAccount(row, locked.has(row.name!))),
        nextCursor: rows.length > query.limit ? encodeCursor([shown.at(-1)!.name!]) : null,
      };
    },

    async get(caller: StaffCaller, id: string): Promise<PresentedAccount> {
      const row = await model.findOne({ $and: [{ _id: id }, accountsFilter(caller, 'account.read')] }).lean();
      if (!row) throw new Problem('not_found');
      return present(row);
    },

    /** Answers the first password too: it is shown once and must be changed at the first log-in. */
    async create(caller: StaffCaller, ip: string, input: { name: string; displayName: string; grants: GrantInput[] }) {
      const password = makeFirstPassword();
      const passwordHash = await hashPassword(password);
      return transact(deps.mongo, async () => {
        const grants = await granting.resolve(input.grants);
        await granting.assertHeld(caller, grants);
        if (await model.exists({ name: input.name })) throw new Problem('name_taken');
        const row: AccountRecord = {
          _id: new deps.mongo.base.Types.ObjectId(),
          kind: 'staff',
          name: input.name,
          displayName: input.displayName,
          grants,
          disabled: false,
          sessionEpoch: 1,
          createdAt: deps.clock(),
          createdBy: caller.accountId,
          rev: 1,
          passwordHash,
          passwordHistory: [],
          passwordChangedAt: deps.clock(),
          mustChangePassword: true,
        };
        await model.create([row]);
        // One must be able to see what one makes: otherwise it could never be taken back.
        if (!(await model.exists({ $and: [{ _id: row._id }, accountsFilter(caller, 'account.write')] })))
          throw new Problem('forbidden');
        await audit.record({
          caller,
          ip,
          action: 'account.created',
          object: object(String(row._id)),
          detail: { after: input },
        });
        return { account: presentAccount(row, false), password };
      });
    },

    async update(
      caller: StaffCaller,
      ip: string,
      id: string,
      input: { displayName: string; grants: GrantInput[]; disabled: boolean; rev: number },
    ) {
      if (id === caller.accountId && input.disabled) throw new Problem('forbidden');
      return transact(deps.mongo, async () => {
        const before = await changeable(caller, id);
        const grants = await granting.resolve(input.grants);
        await granting.assertHeld(caller, grants);
        const change = { displayName: input.displayName, grants, disabled: input.disabled };
        // Rights that are gone must be gone in open sessions too; they read their grants anew within a second, a disabled one ends.
        const ends = input.disabled && !before.disabled;
        const row = await model
          .findOneAndUpdate(
            { _id: id, rev: input.rev },
            { $set: change, $inc: { rev: 1, ...(ends ? { sessionEpoch: 1 } : {}) } },
            { returnDocument: 'after' },
          )
          .lean();
        if (!row) throw new Problem('edit_conflict');
        if (!(await model.exists({ $and: [{ _id: id }, accountsFilter(caller, 'account.write')] })))
          throw new Problem('forbidden');
        await lastAdministrator.assertOneRemains(before, row);
        const { grants: had, displayName, disabled } = presentAccount(before, false);
        const { rev: _rev, ...after } = input;
        await audit.record({
          caller,
          ip,
          action: 'account.changed',
          object: object(id),
          detail: { before: { displayName, grants: had, disabled }, after },
        });
        return present(row);
      });
    },

    async resetPassword(caller: StaffCaller, ip: string, id: string) {
      const password = makeFirstPassword();
      const passwordHash = await hashPassword(password);
      return transact(deps.mongo, async () => {
        const { name } = await changeable(caller, id);
        const change = { passwordHash, passwordChangedAt: deps.clock(), mustChangePassword: true };
        await model.updateOne({ _id: id }, { $set: change, $inc: { rev: 1, sessionEpoch: 1 } });
        await lockout.clear(name!);
        await audit.record({ caller, ip, action: 'password.reset', object: object(id) });
        return { password };
      });
    },

    async unlock(caller: StaffCaller, ip: string, id: string): Promise<void> {
      await transact(deps.mongo, async () => {
        const { name } = await changeable(caller, id);
        await lockout.clear(name!);
        await audit.record({ caller, ip, action: 'account.unlocked', object: object(id) });
      });
    },

    async endSessions(caller: StaffCaller, ip: string, id: string): Promise<void> {
      await transact(deps.mongo, async () => {
        await changeable(caller, id);
        await model.updateOne({ _id: id }, { $inc: { sessionEpoch: 1 } });
        await audit.record({ caller, ip, action: 'account.sessions_ended', object: object(id) });
      });
    },
  };
}
