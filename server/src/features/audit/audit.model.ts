import type { Connection, Model, Types } from 'mongoose';
import { defineSchema } from '../../infra/mongo/index.ts';
import type { AuditAction } from '../../../shared/audit-actions.ts';

export const OUTCOMES = ['done', 'refused', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface AuditRecord {
  _id: Types.ObjectId;
  at: Date;
  actor: { kind: 'anonymous' | 'citizen' | 'staff' | 'system'; accountId: string | null; name: string | null };
  ip: string | null;
  action: AuditAction;
  object: { type: string; id: string } | null;
  outcome: Outcome;
  /** Sealed JSON, context `audit:<id>`. */
  detail: string | null;
}

const objectSchema = defineSchema<{ type: string; id: string }>(
  { type: { type: String, required: true }, id: { type: String, required: true } },
  { _id: false },
);

const schema = defineSchema<AuditRecord>({
  at: { type: Date, required: true },
  actor: {
    _id: false,
    kind: { type: String, required: true },
    accountId: { type: String, default: null },
    name: { type: String, default: null },
  },
  ip: { type: String, default: null },
  action: { type: String, required: true },
  object: { type: objectSchema, default: null },
  outcome: { type: String, required: true },
  detail: { type: String, default: null },
});

/** Append-only: nobody can change or remove a record; only those older than AUDIT_DAYS go (audit.jobs.ts). */
export const auditModel = (connection: Connection): Model<AuditRecord> =>
  (connection.models['Audit'] as Model<AuditRecord> | undefined) ??
  connection.model<AuditRecord>('Audit', schema, 'audit');
