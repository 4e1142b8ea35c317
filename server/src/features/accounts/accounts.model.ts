import type { Connection, Model, Types } from 'mongoose';
import { defineSchema } from '../../infra/mongo/index.ts';

/** A role, and where it counts. */
export interface StoredGrant {
  role: string;
  region: string | null;
  organisation: string | null;
  own: boolean;
  /** From the root down to `region` and `organisation`, so that a filter can ask whether the grant lies inside a place. */
  regionPath: string[];
  orgPath: string[];
}

/** A WeChat user who logs in as an account. */
export interface WechatLink {
  /** Blind index of app id and openid, unique over all accounts. */
  openidIndex: string;
  /** Blind index, unique over all accounts; missing while WeChat gives none. */
  unionidIndex?: string;
  /** Sealed, context `account.openid:<openidIndex>`. */
  openid: string;
  since: Date;
}

export interface AccountRecord {
  _id: Types.ObjectId;
  kind: 'staff' | 'citizen';
  disabled: boolean;
  /** Sessions carry the epoch they began in; a higher one here ends them all. */
  sessionEpoch: number;
  createdAt: Date;
  /** The account that made it; null for seeded ones and citizens. */
  createdBy: string | null;
  rev: number;
  /** staff: lower case, unique. */
  name?: string;
  displayName?: string;
  passwordHash?: string;
  /** The hashes before, newest first. */
  passwordHistory?: string[];
  passwordChangedAt?: Date;
  mustChangePassword?: boolean;
  grants?: StoredGrant[];
  /** citizen: blind index, unique. */
  phoneIndex?: string;
  /** citizen: sealed, context `account.phone:<phoneIndex>`. */
  phone?: string;
  /** citizen: one or the other of phone and WeChat users, or both. */
  wechat?: WechatLink[];
  /** citizen: went into this account when a phone was bound that was this one's; disabled since. */
  mergedInto?: string;
}

const schema = defineSchema<AccountRecord>({
  kind: { type: String, required: true },
  disabled: { type: Boolean, required: true },
  sessionEpoch: { type: Number, required: true },
  createdAt: { type: Date, required: true },
  createdBy: { type: String, default: null },
  rev: { type: Number, required: true },
  name: String,
  displayName: String,
  passwordHash: String,
  passwordHistory: { type: [String], default: undefined },
  passwordChangedAt: Date,
  mustChangePassword: Boolean,
  grants: {
    type: [
      {
        _id: false,
        role: String,
        region: String,
        organisation: String,
        own: Boolean,
        regionPath: [String],
        orgPath: [String],
      },
    ],
    default: undefined,
  },
  phoneIndex: String,
  phone: String,
  wechat: {
    type: [{ _id: false, openidIndex: String, unionidIndex: String, openid: String, since: Date }],
    default: undefined,
  },
  mergedInto: String,
});

export const accountModel = (connection: Connection): Model<AccountRecord> =>
  (connection.models['Account'] as Model<AccountRecord> | undefined) ??
  connection.model<AccountRecord>('Account', schema, 'accounts');
