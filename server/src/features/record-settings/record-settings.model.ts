import type { Connection, Model } from 'mongoose';
import type { FieldRule } from '../../../shared/field-policy.ts';
import { defineSchema } from '../../infra/mongo/index.ts';

/** How the records of a form are worked on; by the form's key, or `_people`. Missing: as `NO_SETTINGS`. */
export interface RecordSettingsDoc {
  _id: string;
  rules: FieldRule[];
  /** Records wait for a decision: accepted, returned or rejected. */
  review: boolean;
  /** Hours after sending in which a citizen may change what was sent and is not decided; 0: never. */
  editHours: number;
  /** Keys of fields that lists can be sorted by; each at the place of its slot. */
  sorts: string[];
  /** The records carry the values of these sorts; others are not offered. */
  sorted: string[];
  rev: number;
  updatedAt: Date;
  updatedBy: string;
}

const schema = defineSchema<RecordSettingsDoc>({
  _id: { type: String, required: true },
  rules: {
    type: [
      {
        _id: false,
        role: { type: String, required: true },
        field: { type: String, required: true },
        see: { type: String, required: true },
        write: { type: Boolean, required: true },
      },
    ],
    required: true,
  },
  review: { type: Boolean, required: true },
  editHours: { type: Number, required: true },
  sorts: { type: [String], required: true },
  sorted: { type: [String], required: true },
  rev: { type: Number, required: true },
  updatedAt: { type: Date, required: true },
  updatedBy: { type: String, required: true },
});

export const recordSettingsModel = (connection: Connection): Model<RecordSettingsDoc> =>
  (connection.models['RecordSettings'] as Model<RecordSettingsDoc> | undefined) ??
  connection.model<RecordSettingsDoc>('RecordSettings', schema, 'recordSettings');
