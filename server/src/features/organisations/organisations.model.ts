import type { Connection, Model, Types } from 'mongoose';
import { defineSchema } from '../../infra/mongo/index.ts';
import { scopeDefinition, type Scope } from '../scope/index.ts';

export interface OrganisationRecord {
  _id: Types.ObjectId;
  name: string;
  parent: string | null;
  /** Where it works; null: no region in particular. */
  region: string | null;
  /** `orgPath` is the path to the organisation itself. */
  scope: Scope;
  rev: number;
}

const schema = defineSchema<OrganisationRecord>({
  name: { type: String, required: true },
  parent: { type: String, default: null },
  region: { type: String, default: null },
  scope: { type: scopeDefinition, required: true },
  rev: { type: Number, required: true },
});

export const organisationModel = (connection: Connection): Model<OrganisationRecord> =>
  (connection.models['Organisation'] as Model<OrganisationRecord> | undefined) ??
  connection.model<OrganisationRecord>('Organisation', schema, 'organisations');
