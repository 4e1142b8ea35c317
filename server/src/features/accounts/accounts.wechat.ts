import type { Deps } from '../../deps.ts';
import { Problem } from '../../http/index.ts';
import { isDuplicateKey } from '../../infra/mongo/index.ts';
import { accountModel, type AccountRecord, type WechatLink } from './accounts.model.ts';

/** WeChat users one account may have; a newer one takes the place of the oldest, who then begins anew. */
const MOST_USERS = 20;
const TRIES = 5;

export interface WechatIdentity {
  appId: string;
  openid: string;
  unionid: string | null;
}

/** What came of binding a phone. `merged`: the account went into the one that already had the phone, which is `accountId`. */
export interface PhoneBinding {
  accountId: string;
  outcome: 'same' | 'bound' | 'merged';
}

/** The context under which a phone is sealed. */
export const phoneContext = (phoneIndex: string) => `account.phone:${phoneIndex}`;

/** Citizens' accounts as WeChat users know them: found by openid or unionid, joined with a phone. */
export function createWechatAccounts(deps: Pick<Deps, 'mongo' | 'cipher' | 'clock'>) {
  const model = accountModel(deps.mongo);
  const { cipher } = deps;

  const linkOf = ({ appId, openid, unionid }: WechatIdentity): WechatLink => {
    const openidIndex = cipher.index('account.openid', `${appId}\n${openid}`);
    return {
      openidIndex,
      openid: cipher.seal(openid, `account.openid:${openidIndex}`),
      ...(unionid ? { unionidIndex: cipher.index('account.unionid', unionid) } : {}),
      since: deps.clock(),
    };
  };

  /** The account of this openid, or of this unionid, which then learns the openid. */
  const find = async ({ openidIndex, unionidIndex, ...link }: WechatLink) => {
    const found = await model.findOne({ 'wechat.openidIndex': openidIndex }, { disabled: 1, wechat: 1 }).lean();
    if (found) {
      const known = found.wechat?.find((one) => one.openidIndex === openidIndex);
      if (unionidIndex && !known?.unionidIndex) await learnUnionid(openidIndex, unionidIndex);
      return found;
    }
    if (!unionidIndex) return null;
    const users = { $each: [{ openidIndex, unionidIndex, ...link }], $slice: -MOST_USERS };
    return model
      .findOneAndUpdate(
        // Not twice, when he comes in twice at once: the second finds nothing here, and the account by its openid then.
        { 'wechat.unionidIndex': unionidIndex, 'wechat.openidIndex': { $ne: openidIndex } },
        { $push: { wechat: users } },
        { projection: { disabled: 1 } },
      )
      .lean();
  };

  /** The operator has joined the mini-program to others. An account that already has the unionid keeps it. */
  const learnUnionid = async (openidIndex: string, unionidIndex: string): Promise<void> => {
    const link = { $elemMatch: { openidIndex, unionidIndex: { $exists: false } } };
    await model
      .updateOne({ wechat: link }, { $set: { 'wechat.$.unionidIndex': unionidIndex } })
      .catch((error: unknown) => {
        if (!isDuplicateKey(error)) throw error;
      });
  };

  return {
    /** The citizen's account of a WeChat user, made at the first log-in. Safe to run twice at once: the unique indexes decide. */
    async ensureWechat(identity: WechatIdentity): Promise<{ accountId: string; disabled: boolean }> {
      const link = linkOf(identity);
      for (let attempt = 1; ; attempt += 1) {
        try {
          const found = await find(link);
          if (found) return { accountId: String(found._id), disabled: found.disabled };
          const row: AccountRecord = {
            _id: new deps.mongo.base.Types.ObjectId(),
            kind: 'citizen',
            disabled: false,
            sessionEpoch: 1,
            createdAt: deps.clock(),
            createdBy: null,
            rev: 1,
            wechat: [link],
          };
          await model.create([row]);
          return { accountId: String(row._id), disabled: false };
        } catch (error) {
          if (!isDuplicateKey(error) || attempt === TRIES) throw error;
        }
      }
    },

    /** The account that counts: the given one, or the one it went into. */
    async present(accountId: string): Promise<{ accountId: string; disabled: boolean }> {
      const row = await model.findOne({ _id: accountId, kind: 'citizen' }, { disabled: 1, mergedInto: 1 }).lean();
      // An account that others go into has a phone, so it goes nowhere itself: one step is all there is.
      const last = row?.mergedInto ? await model.findById(row.mergedInto, { disabled: 1 }).lean() : row;
      return { accountId: String(last?._id ?? accountId), disabled: last?.disabled ?? true };
    },

    /** The accounts that went into this one. */
    async mergedInto(accountId: string): Promise<string[]> {
      return (await model.find({ mergedInto: accountId }, { _id: 1 }).lean()).map((row) => String(row._id));
    },

    /**
     * Gives a verified phone to a citizen's account. When another one has it, that one gets the WeChat users, and the given one
     * never logs in again; what the given one had must be moved by the caller, in the same transaction.
     * @throws Problem account_disabled, phone_bound (the account has another phone)
     */
    async bindPhone(accountId: string, phone: string): Promise<PhoneBinding> {
      const phoneIndex = cipher.index('account.phone', phone);
      const mine = await model.findOne({ _id: accountId, kind: 'citizen' }).lean();
      const owner = await model.findOne({ phoneIndex }, { disabled: 1 }).lean();
      const ownerId = owner && String(owner._id);
      // Of two bindings at once the second one finds the first one's work.
      if (ownerId && mine?.mergedInto === ownerId) return { accountId: ownerId, outcome: 'same' };
      if (!mine || mine.disabled || owner?.disabled) throw new Problem('account_disabled');
      if (ownerId === accountId) return { accountId, outcome: 'same' };
      if (mine.phoneIndex) throw new Problem('phone_bound');
      if (!owner) {
        const change = { phoneIndex, phone: cipher.seal(phone, phoneContext(phoneIndex)) };
        await model.updateOne({ _id: accountId }, { $set: change, $inc: { rev: 1 } });
        return { accountId, outcome: 'bound' };
      }
      await model.updateOne(
        { _id: accountId },
        {
          $set: { disabled: true, mergedInto: ownerId! },
          $unset: { wechat: 1 },
          $inc: { rev: 1, sessionEpoch: 1 },
        },
      );
      const users = { $each: mine.wechat ?? [], $slice: -MOST_USERS };
      await model.updateOne({ _id: owner._id }, { $push: { wechat: users }, $inc: { rev: 1 } });
      return { accountId: ownerId!, outcome: 'merged' };
    },
  };
}
