import type { Deps } from '../../deps.ts';
import { decodeIdCursor, encodeCursor, Problem, type StaffCaller } from '../../http/index.ts';
import type { Locale } from '../../../shared/fields/index.ts';
import { newWork, wakeWorkers } from '../../infra/jobs/index.ts';
import { afterCommit, openSnapshot, transact } from '../../infra/mongo/index.ts';
import type { Audit } from '../audit/index.ts';
import { stampScope, type Places } from '../scope/index.ts';
import { countRows } from './counting.ts';
import type { ExportCodec } from './exports.codec.ts';
import { exportModel, type ExportDoc } from './exports.model.ts';
import { PEOPLE_FILTERS, type ExportFilter, type ExportInput } from './exports.schema.ts';
import type { Plan, Planner } from './plan.ts';
import { exportRights, reachOf } from './reach.ts';

/** How workers that make export files are called. */
export const EXPORT_WORK = 'export';
/** Exports of one account that are under way at once; the bound is soft, two at the same moment may pass it. */
const MOST_UNDER_WAY = 20;
/** Ends before the request does, ms. */
const CAPPED_COUNT_MS = 6_000;
/** The exact count may take this long, ms; beyond it "more than the limit" has to do. */
const COUNT_MS = 3_000;

export interface Asking {
  caller: StaffCaller;
  ip: string;
  locale: Locale;
}

export type ExportsService = ReturnType<typeof createExportsService>;

/** Asking for exports, looking at one's own, and giving them up; the file is the worker's. */
export function createExportsService(
  deps: Deps,
  { audit, planner, codec, places }: { audit: Audit; planner: Planner; codec: ExportCodec; places: Places },
) {
  const { mongo, clock, config, storage } = deps;
  const exports = exportModel(mongo);
  const { ObjectId } = mongo.base.Types;

  /** Counted exactly if that is quick, else as far as the decision about an approval needs it. */
  async function expect(plan: Plan, caller: StaffCaller, input: ExportInput): Promise<ExportDoc['expected']> {
    const filter = plan.filter(caller, [reachOf(caller, exportRights(input.list, input.clear))]);
    // Past mongoose, so outside of the transaction that this may run in: a count that takes too long would abort it.
    const snapshot = await openSnapshot(mongo);
    const most = config.exportApprovalRows + 1;
    const { total } = await countRows(snapshot, plan, filter, { most, maxTimeMS: CAPPED_COUNT_MS });
    if (total < most) return { count: total, capped: false };
    const exact = await countRows(snapshot, plan, filter, { maxTimeMS: COUNT_MS }).catch(() => null);
    return exact ? { count: exact.total, capped: false } : { count: total, capped: true };
  }

  /** @throws not_found for all but one's own */
  async function own(caller: StaffCaller, id: string): Promise<ExportDoc> {
    const doc = await exports.findOne({ _id: id, createdBy: caller.accountId }).lean<ExportDoc>();
    if (!doc) throw new Problem('not_found');
    return doc;
  }

  return {
    own,

    /**
     * Takes an export to be made by a worker, or to be approved first when it has many rows.
     * @throws Problem invalid_input, forbidden for clear values without the right, too_many_exports
     */
    async request({ caller, ip, locale }: Asking, input: ExportInput): Promise<ExportDoc> {
      const { list, clear, reason, password } = input;
      const filter = listFilter(input);
      if (clear && !caller.permissions.has('personal.reveal')) throw new Problem('forbidden');
      const plan = await planner.plan({
        ...input,
        caller,
        filter,
        columns: input.columns ?? null,
        locale,
        where: 'body',
      });
      const keys = await planner.columnKeys(plan);
      const scope = await stampScope(caller, 'export.run', undefined, places);
      const underWay = { createdBy: caller.accountId, state: { $in: ['open', 'waiting_approval'] as const } };
      if ((await exports.countDocuments(underWay)) >= MOST_UNDER_WAY)
        throw new Problem('too_many_exports', { params: { most: MOST_UNDER_WAY } });
      const expected = await expect(plan, caller, { ...input, filter });
      const needed = expected.count > config.exportApprovalRows;
      const _id = new ObjectId();
      const doc: ExportDoc = {
        _id,
        work: newWork(clock(), needed ? 'held' : 'waiting'),
        list,
        state: needed ? 'waiting_approval' : 'open',
        request: codec.sealRequest(_id, {
          filter,
          columns: input.columns ?? null,
          versions: input.versions,
          reason,
          locale,
        }),
        clear,
        password: password === undefined ? null : codec.sealPassword(_id, password),
        locked: password !== undefined,
        expected,
        progress: { rows: 0, rowsPerSecond: 0 },
        written: null,
        snapshot: null,
        snapshotAt: null,
        snapshots: 0,
        restarts: 0,
        faults: 0,
        pieces: null,
        file: null,
        reach: null,
        fault: null,
        approval: needed ? { decision: null, by: null, byName: null, at: null, reason: null, reach: null } : null,
        createdBy: caller.accountId,
        createdByName: caller.name,
        scope,
        createdAt: clock(),
        startedAt: null,
        finishedAt: null,
      };
      await transact(mongo, async () => {
        await exports.create([doc]);
        await audit.record({
          caller,
          ip,
          action: 'export.requested',
          object: { type: 'export', id: String(_id) },
          detail: { filter: Object.keys(filter), columns: keys, reason },
          facts: { list, clear, locked: doc.locked, rows: expected.count, approval: needed },
        });
      });
      if (!needed) afterCommit(mongo, () => void wakeWorkers(deps, EXPORT_WORK));
      return doc;
    },

    async mine(caller: StaffCaller, { cursor, limit }: { cursor?: string | undefined; limit: number }) {
      const before = cursor ? { _id: { $lt: new ObjectId(decodeIdCursor(cursor)) } } : {};
      const found = await exports
        .find({ createdBy: caller.accountId, ...before })
        .sort({ _id: -1 })
        .limit(limit + 1)
        .lean<ExportDoc[]>();
      const items = found.slice(0, limit);
      return { items, nextCursor: found.length > limit ? encodeCursor([String(items.at(-1)!._id)]) : null };
    },

    /**
     * Gives an export up. Its worker is shut out by a raised fence and leaves nothing; what was written is removed.
     * @throws not_found, conflict for one that has ended
     */
    async cancel({ caller, ip }: Pick<Asking, 'caller' | 'ip'>, id: string): Promise<ExportDoc> {
      const doc = await own(caller, id);
      const after = await transact(mongo, async () => {
        const given = await exports
          .findOneAndUpdate(
            { _id: doc._id, state: { $in: ['open', 'waiting_approval'] } },
            {
              $set: { state: 'cancelled', 'work.state': 'done', password: null, finishedAt: clock() },
              $inc: { 'work.fence': 1 },
            },
            { returnDocument: 'after' },
          )
          .lean<ExportDoc>();
        if (!given) throw new Problem('conflict');
        await audit.record({ caller, ip, action: 'export.cancelled', object: { type: 'export', id } });
        return given;
      });
      // What the worker writes before it notices is removed by itself, and by the sweep if it dies now.
      if (after.pieces) await storage.remove(after.pieces);
      return after;
    },
  };
}

/** @throws invalid_input for filters that the list of people does not have */
function listFilter({ list, filter }: ExportInput): ExportFilter {
  const keys = Object.keys(filter) as (keyof ExportFilter)[];
  const foreign = list === 'people' ? keys.filter((key) => !(PEOPLE_FILTERS as string[]).includes(key)) : [];
  if (foreign.length)
    throw new Problem('invalid_input', {
      issues: foreign.map((key) => ({ path: `body.filter.${key}`, code: 'unknown_field' })),
    });
  return filter as ExportFilter;
}
