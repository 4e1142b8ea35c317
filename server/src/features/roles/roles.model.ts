import type { Connection, Model } from 'mongoose';
import { defineSchema } from '../../infra/mongo/index.ts';
import { TEXT, type StoredText } from './text.model.ts';

export interface RoleRecord {
  /** The key. */
  _id: string;
  label: StoredText;
  /** Names that the code no longer knows are ignored when read. */
  permissions: string[];
  rev: number;
}

const schema = defineSchema<RoleRecord>({
  _id: { type: String, required: true },
  label: { type: TEXT, required: true },
  permissions: { type: [String], required: true },
  rev: { type: Number, required: true },
});

export const roleModel = (connection: Connection): Model<RoleRecord> =>
  (connection.models['Role'] as Model<RoleRecord> | undefined) ?? connection.model<RoleRecord>('Role', schema, 'roles');
