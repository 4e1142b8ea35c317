import type { Deps } from '../../deps.ts';
import type { StaffCaller } from '../../http/index.ts';
import { isDuplicateKey } from '../../infra/mongo/index.ts';
import type { Permission } from '../../../shared/permissions.ts';
import { accountModel, type AccountRecord, type StoredGrant } from './accounts.model.ts';
import { accountsFilter } from './accounts.reach.ts';
import { phoneContext } from './accounts.wechat.ts';

/** How many former passwords are remembered. */
const HISTORY = 5;

/** What a session needs to know about its account. */
export interface AccountState {
  kind: 'staff' | 'citizen';
  disabled: boolean;
  epoch: number;
  name: string;
  displayName: string;
  mustChangePassword: boolean;
  passwordChangedAt: Date | null;
  grants: readonly StoredGrant[];
}

const ID = /^[0-9a-f]{24}$/;

/** Accounts as log-ins, sessions and other features use them. */
export function createAccountStore(deps: Pick<Deps, 'mongo' | 'cipher' | 'clock'>) {
  const model = accountModel(deps.mongo);
  return {
    /** Read from the database every time; null for an unknown one. */
    async state(accountId: string): Promise<AccountState | null> {
      if (!ID.test(accountId)) return null;
      const row = await model.findById(accountId, { passwordHash: 0, passwordHistory: 0, phone: 0, wechat: 0 }).lean();
      return (
        row && {
          kind: row.kind,
          disabled: row.disabled,
          epoch: row.sessionEpoch,
          name: row.name ?? '',
          displayName: row.displayName ?? '',
          mustChangePassword: row.mustChangePassword ?? false,
          passwordChangedAt: row.passwordChangedAt ?? null,
          grants: row.grants ?? [],
        }
      );
    },

    /** The staff account behind a name, with what a log-in checks. */
    async credentials(
      name: string,
    ): Promise<{ accountId: string; passwordHash: string; passwordHistory: string[]; disabled: boolean } | null> {
      const row = await model
        .findOne({ name: name.toLowerCase() }, { passwordHash: 1, passwordHistory: 1, disabled: 1 })
        .lean();
      if (!row?.passwordHash) return null;
      return {
        accountId: String(row._id),
        passwordHash: row.passwordHash,
        passwordHistory: row.passwordHistory ?? [],
        disabled: row.disabled,
      };
    },

    /**
     * Sets a password that its owner chose, and ends all sessions. Answers the new epoch, or null when the password was
     * changed by somebody else meanwhile.
     */
    async setPassword(
      accountId: string,
      before: { passwordHash: string; passwordHistory: string[] },
      passwordHash: string,
    ): Promise<number | null> {
      const passwordHistory = [before.passwordHash, ...before.passwordHistory].slice(0, HISTORY);
      const change = { passwordHash, passwordHistory, passwordChangedAt: deps.clock(), mustChangePassword: false };
      const filter = { _id: accountId, passwordHash: before.passwordHash };
      const row = await model
        .findOneAndUpdate(filter, { $set: change, $inc: { rev: 1, sessionEpoch: 1 } }, { returnDocument: 'after' })
        .lean();
      return row?.sessionEpoch ?? null;
    },

    /** Ends all sessions of the account; answers the new epoch. */
    async bumpEpoch(accountId: string): Promise<number> {
      const row = await model
        .findOneAndUpdate({ _id: accountId }, { $inc: { sessionEpoch: 1 } }, { returnDocument: 'after' })
        .lean();
      return row?.sessionEpoch ?? 0;
    },

    /** The citizen's account, made at the first log-in. Safe to run twice at once: the unique index decides. */
    async ensureCitizen(phone: string): Promise<{ accountId: string; disabled: boolean }> {
      const phoneIndex = deps.cipher.index('account.phone', phone);
      const found = await model.findOne({ phoneIndex }, { disabled: 1 }).lean();
      if (found) return { accountId: String(found._id), disabled: found.disabled };
      const row: AccountRecord = {
        _id: new deps.mongo.base.Types.ObjectId(),
        kind: 'citizen',
        disabled: false,
        sessionEpoch: 1,
        createdAt: deps.clock(),
        createdBy: null,
        rev: 1,
        phoneIndex,
        phone: deps.cipher.seal(phone, phoneContext(phoneIndex)),
      };
      try {
        await model.create([row]);
        return { accountId: String(row._id), disabled: false };
      } catch (err) {
        if (!isDuplicateKey(err)) throw err;
        return this.ensureCitizen(phone);
      }
    },

    /** The verified phone of a citizen, in clear; null for staff and unknown accounts. */
    async citizenPhone(accountId: string): Promise<string | null> {
      if (!ID.test(accountId)) return null;
      const row = await model.findOne({ _id: accountId, kind: 'citizen' }, { phone: 1, phoneIndex: 1 }).lean();
      return row?.phone && row.phoneIndex ? deps.cipher.open(row.phone, phoneContext(row.phoneIndex)) : null;
    },

    /** Ids of the staff accounts within the caller's reach. */
    async idsInScope(caller: StaffCaller, permission: Permission): Promise<string[]> {
      const rows = await model.find(accountsFilter(caller, permission), { _id: 1 }).lean();
      return rows.map((row) => String(row._id));
    },

    /** How many accounts hold a role (stops counting at one). */
    holders: (role: string): Promise<number> => model.countDocuments({ 'grants.role': role }).limit(1),
  };
}
