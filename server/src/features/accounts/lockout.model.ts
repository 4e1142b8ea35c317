import type { Connection, Model } from 'mongoose';
import { defineSchema } from '../../infra/mongo/index.ts';

export interface FailuresRecord {
  /** Blind index of the name. */
  _id: string;
  failures: number;
  /** When the count, and with it a lock, ends. A TTL index cleans up a day later. */
  until: Date;
}

const schema = defineSchema<FailuresRecord>({
  _id: { type: String, required: true },
  failures: { type: Number, required: true },
  until: { type: Date, required: true },
});

/** Failed log-ins by name. */
export const failuresModel = (connection: Connection): Model<FailuresRecord> =>
  (connection.models['LoginFailures'] as Model<FailuresRecord> | undefined) ??
  connection.model<FailuresRecord>('LoginFailures', schema, 'loginFailures');
