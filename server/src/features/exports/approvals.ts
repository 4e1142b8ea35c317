import type { Deps } from '../../deps.ts';
import { decodeIdCursor, encodeCursor, Problem, type StaffCaller } from '../../http/index.ts';
import { wakeWorkers } from '../../infra/jobs/index.ts';
import { afterCommit, openSnapshot, transact } from '../../infra/mongo/index.ts';
import type { Audit } from '../audit/index.ts';
import { scoped } from '../scope/index.ts';
import type { Sessions } from '../sessions/index.ts';
import type { ExportCodec } from './exports.codec.ts';
import { exportModel, type ExportDoc } from './exports.model.ts';
import { EXPORT_WORK, type Asking } from './exports.service.ts';
import type { Planner } from './plan.ts';
import { approvalRights, exportRights, reachOf, covers } from './reach.ts';

/** The look for rows out of reach ends before the request does, ms. */
const LOOK_MS = 8_000;

export type Approvals = ReturnType<typeof createApprovals>;

/** The second person whom an export of many rows needs. */
export function createApprovals(
  deps: Deps,
  { audit, planner, codec, sessions }: { audit: Audit; planner: Planner; codec: ExportCodec; sessions: Sessions },
) {
  const { mongo, clock } = deps;
  const exports = exportModel(mongo);
  const { ObjectId } = mongo.base.Types;

  /** Those that wait, of others, in the caller's scope. */
  const waiting = (caller: StaffCaller) => ({
    state: 'waiting_approval' as const,
    createdBy: { $ne: caller.accountId },
  });

  /** Whether anything that would leave lies outside of what the approver reaches. */
  async function leavesReach(caller: StaffCaller, doc: ExportDoc): Promise<boolean> {
    const requester = await sessions.staffCaller(doc.createdBy);
    // Nothing leaves for an account that may do nothing any more: the worker will say so.
    if (!requester) return false;
    const request = codec.openRequest(doc._id, doc.request);
    const plan = await planner.plan({ ...request, caller: requester, list: doc.list, clear: doc.clear, where: 'body' });
    const reach = reachOf(caller, approvalRights(doc.list, doc.clear));
    const theirs = reachOf(requester, exportRights(doc.list, doc.clear));
    // The same places, or everywhere: known without a look at the rows.
    if (covers(reach, theirs)) return false;
    const outside = { $and: [plan.filter(requester, [theirs]), { $nor: [reach] }] };
    const snapshot = await openSnapshot(mongo);
    const found = snapshot.find(plan.collection, outside, { projection: { _id: 1 }, batchSize: 1, maxTimeMS: LOOK_MS });
    return (await found.limit(1).toArray()).length > 0;
  }

  return {
    async list(caller: StaffCaller, { cursor, limit }: { cursor?: string | undefined; limit: number }) {
      const before = cursor ? { _id: { $lt: new ObjectId(decodeIdCursor(cursor)) } } : {};
      const found = await scoped(exports, caller, 'export.approve')
        .find({ ...waiting(caller), ...before })
        .sort({ _id: -1 })
        .limit(limit + 1)
        .lean<ExportDoc[]>();
      const items = found.slice(0, limit);
      return { items, nextCursor: found.length > limit ? encodeCursor([String(items.at(-1)!._id)]) : null };
    },

    /**
     * Lets an export be made, or ends it. What the approver reaches now bounds what will leave.
     * @throws not_found for one's own and for what lies out of scope, conflict when it was decided already, forbidden when
     * it would hold what the approver doesn't reach
     */
    async decide(
      { caller, ip }: Asking,
      id: string,
      { decision, reason }: { decision: 'approve' | 'reject'; reason: string },
    ): Promise<ExportDoc> {
      const mine = scoped(exports, caller, 'export.approve');
      const doc = await mine.findOne({ _id: id, createdBy: { $ne: caller.accountId } }).lean<ExportDoc>();
      if (!doc) throw new Problem('not_found');
      if (doc.state !== 'waiting_approval') throw new Problem('conflict');
      const approve = decision === 'approve';
      if (approve && (await leavesReach(caller, doc))) throw new Problem('forbidden');
      const approval = {
        decision: approve ? ('approved' as const) : ('rejected' as const),
        by: caller.accountId,
        byName: caller.name,
        at: clock(),
        reason: codec.sealReason(id, reason),
        reach: JSON.stringify(reachOf(caller, approvalRights(doc.list, doc.clear))),
      };
      const after = await transact(mongo, async () => {
        const decided = await exports
          .findOneAndUpdate(
            { _id: doc._id, state: 'waiting_approval' },
            {
              $set: approve
                ? { approval, state: 'open', 'work.state': 'waiting', 'work.due': clock() }
                : { approval, state: 'rejected', 'work.state': 'done', password: null, finishedAt: clock() },
            },
            { returnDocument: 'after' },
          )
          .lean<ExportDoc>();
        if (!decided) throw new Problem('conflict');
        await audit.record({
          caller,
          ip,
          action: approve ? 'export.approved' : 'export.rejected',
          object: { type: 'export', id },
          detail: { reason },
          facts: { rows: doc.expected.count, requester: doc.createdBy },
        });
        return decided;
      });
      if (approve) afterCommit(mongo, () => void wakeWorkers(deps, EXPORT_WORK));
      return after;
    },
  };
}
