import type { Cipher } from '../../infra/crypto/index.ts';
import { AUDIT_ACTIONS } from '../../../shared/audit-actions.ts';
import type { AuditRecord } from './audit.model.ts';

/** Covers in a record's detail what its reader may not see. */
export type Conceal = (objectType: string | null, detail: Record<string, unknown>) => Record<string, unknown>;

/** A record as it leaves the server. */
export function presentRecord(row: AuditRecord, cipher: Cipher, conceal: Conceal) {
  const id = String(row._id);
  return {
    id,
    at: row.at.toISOString(),
    actor: { kind: row.actor.kind, accountId: row.actor.accountId, name: row.actor.name },
    ip: row.ip,
    action: row.action,
    label: AUDIT_ACTIONS[row.action],
    object: row.object ? { type: row.object.type, id: row.object.id } : null,
    outcome: row.outcome,
    detail:
      row.detail === null
        ? null
        : conceal(row.object?.type ?? null, cipher.openJson<Record<string, unknown>>(row.detail, `audit:${id}`)),
  };
}
