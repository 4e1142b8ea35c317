import type { Deps } from '../../deps.ts';
import { decodeCursor, encodeCursor, type StaffCaller } from '../../http/index.ts';
import { holdsEverywhere } from '../scope/index.ts';
import { auditModel } from './audit.model.ts';
import { presentRecord } from './audit.presenter.ts';
import type { AuditQuery } from './audit.schema.ts';
import type { z } from '../../http/index.ts';

/** Ids of the staff accounts that the caller may see with audit.read. */
export type AccountsInScope = (caller: StaffCaller) => Promise<string[]>;

/**
 * The records, newest first. With audit.read everywhere one sees all; otherwise only what the staff accounts in one's
 * scope did (never what citizens, jobs or unknown callers did: those have no place).
 */
export function createAuditList(deps: Pick<Deps, 'mongo' | 'cipher'>, accountsInScope: AccountsInScope) {
  const model = auditModel(deps.mongo);
  return async (caller: StaffCaller, query: z.output<typeof AuditQuery>) => {
    const filters: Record<string, unknown>[] = [];
    if (!holdsEverywhere(caller, 'audit.read')) filters.push({ 'actor.kind': 'staff', 'actor.accountId': { $in: await accountsInScope(caller) } });
    if (query.action) filters.push({ action: query.action });
    if (query.actor) filters.push({ 'actor.accountId': query.actor });
    if (query.objectType) filters.push({ 'object.type': query.objectType });
    if (query.objectId) filters.push({ 'object.id': query.objectId });
    if (query.outcome) filters.push({ outcome: query.outcome });
    if (query.from) filters.push({ at: { $gte: new Date(query.from) } });
    if (query.to) filters.push({ at: { $lt: new Date(query.to) } });
    if (query.cursor) {
      const [at, id] = decodeCursor(query.cursor, ['number', 'string']) as [number, string];
      if (!/^[0-9a-f]{24}$/.test(id) || !Number.isSafeInteger(at)) decodeCursor('', []);
      filters.push({ $or: [{ at: { $lt: new Date(at) } }, { at: new Date(at), _id: { $lt: id } }] });
    }
    const rows = await model
      .find(filters.length ? { $and: filters } : {})
      .sort({ at: -1, _id: -1 })
      .limit(query.limit + 1)
      .lean();
    const shown = rows.slice(0, query.limit);
    const last = shown.at(-1);
    return {
      items: shown.map((row) => presentRecord(row, deps.cipher)),
      nextCursor: rows.length > query.limit && last ? encodeCursor([last.at.getTime(), String(last._id)]) : null,
    };
  };
}
