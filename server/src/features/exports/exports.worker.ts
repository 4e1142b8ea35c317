import type { Deps } from '../../deps.ts';
import { Problem, type StaffCaller } from '../../http/index.ts';
import { createWorker, type Hold } from '../../infra/jobs/index.ts';
import { isSnapshotGone, momentOf, openSnapshot, type Snapshot } from '../../infra/mongo/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Sessions } from '../sessions/index.ts';
import { countRows } from './counting.ts';
import type { ExportCodec } from './exports.codec.ts';
import { exportModel, type Approval, type ExportDoc } from './exports.model.ts';
import { EXPORT_WORK } from './exports.service.ts';
import { makeFile, type MadeFile } from './make-file.ts';
import { TITLES, type Lists, type Planner } from './plan.ts';
import { exportRights, reachOf, type Reach } from './reach.ts';
import { filterWords } from './words.ts';
import { RowsMismatch } from './write.ts';

/** Faults that are met on the way before an export is given up. */
const MOST_FAULTS = 5;
/** A file whose making kills its workers must come to an end. */
const MOST_RESTARTS = 30;
const MOST_SNAPSHOTS = 3;
const TIME_LIMIT_MS = 2 * 3_600_000;
const PROGRESS_MS = 1_000;

const UNDECIDED: Approval = { decision: null, by: null, byName: null, at: null, reason: null, reach: null };

type Fault = NonNullable<ExportDoc['fault']>;

interface Parts extends Lists {
  audit: Audit;
  planner: Planner;
  codec: ExportCodec;
  sessions: Sessions;
}

/**
 * Makes the files of exports. A workbook can't be gone on with in its middle, so a checkpoint is the snapshot's time: who
 * takes over from a dead worker removes its pieces and writes the same file from the same data; if the database no longer
 * has that time, from a later one, which the file and the view then say.
 * @param options.leaseMs how long a worker may be silent; shorter in proofs
 */
export function createExportsWorker(deps: Deps, parts: Parts, options: { leaseMs?: number } = {}) {
  const { mongo, clock, config, storage, log } = deps;
  const { audit, planner, codec, sessions, forms, regions } = parts;
  const exports = exportModel(mongo);

  async function run(hold: Hold<ExportDoc>, signal: AbortSignal): Promise<void> {
    try {
      await make(hold, signal);
    } catch (err) {
      signal.throwIfAborted();
      const fault = faultOf(err);
      const { faults } = await hold.write({ $inc: { faults: 1 } });
      // Tried again by the worker, later.
      if (!fault && faults < MOST_FAULTS) throw err;
      log.warn('export.broken', { exportId: String(hold.doc._id), rows: hold.doc.progress.rows, err });
      await fail(hold, fault ?? { code: 'internal_error', params: {} });
    }
  }

  async function make(hold: Hold<ExportDoc>, signal: AbortSignal): Promise<void> {
    // What a worker left that died.
    if (hold.doc.pieces) await storage.remove(hold.doc.pieces);
    if (hold.doc.restarts >= MOST_RESTARTS) throw new Problem('internal_error');
    const caller = await requester(hold.doc);
    for (let at = hold.doc.snapshot; ; at = null) {
      const snapshot = await openSnapshot(mongo, at);
      try {
        return await makeFrom(snapshot, { hold, caller, signal });
      } catch (err) {
        if (!isSnapshotGone(err) || signal.aborted) throw err;
        if (hold.doc.snapshots >= MOST_SNAPSHOTS) throw new Problem('snapshot_expired');
      }
    }
  }

  /** The account with the rights that it has now. @throws forbidden when they are not enough any more */
  async function requester({ createdBy, clear }: ExportDoc): Promise<StaffCaller> {
    const caller = await sessions.staffCaller(createdBy);
    const needed = ['export.run', ...(clear ? (['personal.reveal'] as const) : [])] as const;
    if (!caller || needed.some((permission) => !caller.permissions.has(permission))) throw new Problem('forbidden');
    return caller;
  }

  async function makeFrom(
    snapshot: Snapshot,
    { hold, caller, signal }: { hold: Hold<ExportDoc>; caller: StaffCaller; signal: AbortSignal },
  ): Promise<void> {
    const { doc } = hold;
    const { list, clear, approval } = doc;
    const { filter, reason, ...request } = codec.openRequest(doc._id, doc.request);
    // Its password is gone once it has ended: without one it must not come back to life.
    if (doc.locked && doc.password === null) throw new Problem('conflict');
    const plan = await planner.plan({ ...request, caller, filter, list, clear, where: 'body' });
    const reach = reachOf(caller, exportRights(list, clear));
    const approved = approval?.decision === 'approved';
    const within = plan.filter(caller, [reach, ...(approved ? [JSON.parse(approval.reach!) as Reach] : [])]);
    const counted = await countRows(snapshot, plan, within, { signal });
    const expected = { count: counted.total, capped: false };
    if (counted.total > config.exportApprovalRows && !approved) {
      // More than there were when it was asked for.
      const undone = { state: 'waiting_approval', approval: UNDECIDED, snapshot: null, snapshotAt: null, pieces: null };
      await hold.end({ state: 'held' }, { $set: { ...undone, expected } });
      return;
    }
    const { at } = snapshot;
    const id = storage.newId();
    const { snapshots, restarts } = await hold.write({
      $set: {
        state: 'open',
        fault: null,
        snapshot: at,
        snapshotAt: momentOf(at),
        expected,
        progress: { rows: 0, rowsPerSecond: 0 },
        pieces: id,
        reach: JSON.stringify(reach),
        startedAt: doc.startedAt ?? clock(),
      },
      $inc: { snapshots: doc.snapshot?.equals(at) ? 0 : 1, restarts: doc.startedAt ? 1 : 0 },
    });
    const form = plan.form ? await forms.published(plan.form) : null;
    const words = { content: form?.content ?? null, regions: regions.lookup, locale: request.locale };
    const file = await makeFile(storage, {
      id,
      title: plan.title,
      at: clock(),
      password: doc.password === null ? null : codec.openPassword(doc._id, doc.password),
      plan,
      filter: within,
      snapshot,
      counted,
      about: {
        exportId: String(doc._id),
        requester: { name: doc.createdByName, accountId: doc.createdBy },
        approver: approval?.byName ?? null,
        list: TITLES[request.locale][list],
        filter: filterWords(filter, words),
        clear,
        reason,
        requestedAt: doc.createdAt,
        snapshots,
        restarts,
      },
      locale: request.locale,
      signal,
      onRows: progressOf(hold),
    });
    await finish(hold, caller, file, reason);
  }

  /** Notes the rows so far once a second, which also tells whether the export is still ours. */
  function progressOf(hold: Hold<ExportDoc>): (rows: number) => Promise<void> {
    const begun = performance.now();
    let told = begun;
    return async (rows) => {
      const now = performance.now();
      if (now - told < PROGRESS_MS) return;
      told = now;
      const rowsPerSecond = Math.round((rows * 1000) / (now - begun));
      await hold.write({ $set: { progress: { rows, rowsPerSecond } } });
    };
  }

  async function finish(hold: Hold<ExportDoc>, caller: StaffCaller, file: MadeFile, reason: string): Promise<void> {
    const { list, clear, snapshots, restarts } = hold.doc;
    const exportId = String(hold.doc._id);
    const { id, name, bytes, sha256, rows } = file;
    const finishedAt = clock();
    const expiresAt = new Date(finishedAt.getTime() + config.exportHours * 3_600_000);
    try {
      await hold.transact(async () => {
        await audit.record({
          caller,
          action: 'export.finished',
          object: { type: 'export', id: exportId },
          detail: { reason, sha256 },
          facts: { list, rows, bytes, clear, snapshots, restarts },
        });
        await hold.end(
          { state: 'done', fault: null, attempts: 0 },
          {
            $set: {
              state: 'ready',
              written: rows,
              file: { id, name, bytes, sha256, expiresAt },
              password: null,
              pieces: null,
              finishedAt,
            },
          },
        );
      });
    } catch (err) {
      // It may have been given up meanwhile. Whether the last word was heard is known by the document only.
      if (!(await exports.exists({ _id: hold.doc._id, 'file.id': id }))) await storage.remove(id);
      throw err;
    }
  }

  async function fail(hold: Hold<ExportDoc>, fault: Fault): Promise<void> {
    const { createdBy, pieces } = hold.doc;
    await hold.transact(async () => {
      await audit.record({
        caller: { kind: 'system' },
        action: 'export.failed',
        object: { type: 'export', id: String(hold.doc._id) },
        outcome: 'failed',
        facts: { reason: fault.code, requester: createdBy },
      });
      await hold.end({ state: 'done', fault: fault.code }, { $set: ended('failed', fault) });
    });
    if (pieces) await storage.remove(pieces);
  }

  const ended = (state: 'failed', fault: Fault) => ({ state, fault, password: null, finishedAt: clock() });

  return createWorker(deps, {
    name: EXPORT_WORK,
    model: exports,
    run,
    onDead: async () => ({ $set: ended('failed', { code: 'internal_error', params: {} }) }),
    maxAttempts: MOST_RESTARTS,
    timeLimitMs: TIME_LIMIT_MS,
    ...options,
  });
}

/** What trying again would not help; null for the rest. */
function faultOf(err: unknown): Fault | null {
  if (err instanceof Problem) return { code: err.code, params: err.details.params ?? {} };
  return err instanceof RowsMismatch ? { code: 'export_mismatch', params: {} } : null;
}
