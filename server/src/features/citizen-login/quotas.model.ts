import type { Connection, Model } from 'mongoose';
import { defineSchema } from '../../infra/mongo/index.ts';

export interface QuotaRecord {
  /** What is counted, with a blind index of whom and the window: `sms-day:<index>:2026-11-21`. */
  _id: string;
  count: number;
  /** For a pause: until when. Absent in counters. */
  until?: Date;
  /** A TTL index cleans up. */
  expiresAt: Date;
}

const schema = defineSchema<QuotaRecord>({
  _id: { type: String, required: true },
  count: { type: Number, required: true },
  until: Date,
  expiresAt: { type: Date, required: true },
});

export const quotaModel = (connection: Connection): Model<QuotaRecord> =>
  (connection.models['Quota'] as Model<QuotaRecord> | undefined) ??
  connection.model<QuotaRecord>('Quota', schema, 'quotas');
