import type { Deps } from '../../deps.ts';
import { keyset, type StaffCaller } from '../../http/index.ts';
import { holdsEverywhere } from '../scope/index.ts';
import { auditModel } from './audit.model.ts';
import { presentRecord, type Conceal } from './audit.presenter.ts';
import type { AuditQuery } from './audit.schema.ts';
import type { z } from '../../http/index.ts';

/** Ids of the staff accounts that the caller may see with audit.read. */
export type AccountsInScope = (caller: StaffCaller) => Promise<string[]>;

/**
 * The records, newest first. With audit.read everywhere one sees all; otherwise only what the staff accounts in one's
 * scope did (never what citizens, jobs or unknown callers did: those have no place).
 */
export function createAuditList(
  deps: Pick<Deps, 'mongo' | 'cipher'>,
  accountsInScope: AccountsInScope,
  concealFor: (caller: StaffCaller) => Promise<Conceal>,
) {
  const model = auditModel(deps.mongo);
  return async (caller: StaffCaller, query: z.output<typeof AuditQuery>) => {
    const filters: Record<string, unknown>[] = [];
    if (!holdsEverywhere(caller, 'audit.read'))
      filters.push({ 'actor.kind': 'staff', 'actor.accountId': { $in: await accountsInScope(caller) } });
    if (query.action) filters.push({ action: query.action });
    if (query.actor) filters.push({ 'actor.accountId': query.actor });
    if (query.objectType) filters.push({ 'object.type': query.objectType });
    if (query.objectId) filters.push({ 'object.id': query.objectId });
    if (query.outcome) filters.push({ outcome: query.outcome });
    if (query.from) filters.push({ at: { $gte: new Date(query.from) } });
    if (query.to) filters.push({ at: { $lt: new Date(query.to) } });
    const paging = keyset('at', query.cursor);
    const rows = await model
      .find({ $and: [...filters, paging.filter] })
      .sort(paging.sort)
      .limit(query.limit + 1)
      .lean();
    const shown = paging.cut(rows, query.limit);
    const conceal = await concealFor(caller);
    return {
      items: shown.rows.map((row) => presentRecord(row, deps.cipher, conceal)),
      nextCursor: shown.nextCursor,
    };
  };
}
