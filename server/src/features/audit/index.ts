import type { Deps } from '../../deps.ts';
import type { Caller } from '../../http/index.ts';
import { AuditController } from './audit.controller.ts';
import { createAuditJobs } from './audit.jobs.ts';
import { createAuditList, type AccountsInScope } from './audit.list.ts';
import type { Conceal } from './audit.presenter.ts';
import { createRecorder } from './audit.record.ts';

export { AUDIT_ACTIONS, type AuditAction } from '../../../shared/audit-actions.ts';
export type { AuditEntry } from './audit.record.ts';
export type Audit = ReturnType<typeof createAudit>;

/** Recording: who did what to what, when, from where, with which outcome. Append-only, until records are too old. */
export function createAudit(deps: Deps) {
  const { record, recordOutside } = createRecorder(deps);
  return {
    record,
    recordOutside,
    jobs: createAuditJobs(deps, { record }),
    /** What the HTTP layer tells of refusals for lack of rights. */
    recordRefusal(refusal: { caller: Caller; ip: string; operationId: string; code: string }): void {
      const { caller, ip, operationId, code } = refusal;
      void recordOutside({ caller, ip, action: 'access.denied', outcome: 'refused', detail: { operationId, code } });
    },
  };
}

/** Reading; it needs to know which accounts a caller may see, so it comes after the accounts. */
export function createAuditTrail(
  deps: Deps,
  others: {
    accounts: { idsInScope: (caller: Parameters<AccountsInScope>[0], permission: 'audit.read') => Promise<string[]> };
    /** What a reader may see of the changes that records keep. */
    recordSettings: { conceal: (caller: Parameters<AccountsInScope>[0]) => Promise<Conceal> };
  },
) {
  const list = createAuditList(
    deps,
    (caller) => others.accounts.idsInScope(caller, 'audit.read'),
    others.recordSettings.conceal,
  );
  return { controllers: [new AuditController(list)] };
}
