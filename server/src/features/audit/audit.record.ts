import type { Deps } from '../../deps.ts';
import type { Caller } from '../../http/index.ts';
import { afterCommit } from '../../infra/mongo/index.ts';
import type { AuditAction } from '../../../shared/audit-actions.ts';
import { auditModel, type AuditRecord, type Outcome } from './audit.model.ts';

/** What is recorded. `detail` holds nothing in clear that a list would mask: values are masked before they come here. */
export interface AuditEntry {
  /** Who did it; `system` for jobs and commands. */
  caller: Caller | { kind: 'system' };
  ip?: string | null;
  action: AuditAction;
  object?: { type: string; id: string };
  /** Default `done`. */
  outcome?: Outcome;
  detail?: Record<string, unknown>;
  /** Counts, times and kinds: kept with the detail, and in the log line too. */
  facts?: Record<string, string | number | boolean>;
}

export type RecordAudit = (entry: AuditEntry) => Promise<void>;

/** The two ways of writing; both add, nothing here can change or remove. */
export function createRecorder(deps: Pick<Deps, 'mongo' | 'cipher' | 'clock' | 'log'>) {
  const model = auditModel(deps.mongo);

  const build = ({ caller, ip, action, object, outcome, ...entry }: AuditEntry): AuditRecord => {
    const detail = entry.detail || entry.facts ? { ...entry.detail, ...entry.facts } : null;
    const _id = new deps.mongo.base.Types.ObjectId();
    return {
      _id,
      at: deps.clock(),
      actor: {
        kind: caller.kind,
        accountId: 'accountId' in caller ? caller.accountId : null,
        name: caller.kind === 'staff' ? caller.name : null,
      },
      ip: ip ?? null,
      action,
      object: object ?? null,
      outcome: outcome ?? 'done',
      detail: detail ? deps.cipher.sealJson(detail, `audit:${String(_id)}`) : null,
    };
  };

  /** Every key operation is one line of the log, under the same name; ids and numbers only. */
  const tell = ({ caller, action, object, outcome = 'done', facts }: AuditEntry) =>
    deps.log[outcome === 'failed' ? 'warn' : 'info'](action, {
      ...facts,
      outcome,
      by: caller.kind,
      ...('accountId' in caller ? { accountId: caller.accountId } : {}),
      ...(object ? { objectType: object.type, objectId: object.id } : {}),
    });

  return {
    /** Awaited by what it records; inside a transaction the record commits or vanishes with it. */
    async record(entry: AuditEntry): Promise<void> {
      await model.create([build(entry)]);
      afterCommit(deps.mongo, () => tell(entry));
    },

    /** Outside any transaction: what was refused stays recorded although the work is rolled back. Never throws. */
    async recordOutside(entry: AuditEntry): Promise<void> {
      try {
        await deps.mongo.collection<AuditRecord>('audit').insertOne(build(entry));
        tell(entry);
      } catch (err) {
        deps.log.error('audit.failed', { action: entry.action, err });
      }
    },
  };
}
