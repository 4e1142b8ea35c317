import type { UpdateQuery } from 'mongoose';
import type { AuditAction } from '../../../shared/audit-actions.ts';
import type { Deps } from '../../deps.ts';
import { Problem, type StaffCaller } from '../../http/index.ts';
import { wakeWorkers } from '../../infra/jobs/index.ts';
import { afterCommit, transact } from '../../infra/mongo/index.ts';
import type { Audit } from '../audit/index.ts';
import { missingFields, namesIn } from './header.ts';
import { importReviewModel } from './import-rows.model.ts';
import { importModel, NO_COUNTS, type ImportDoc } from './imports.model.ts';
import type { ImportPresenter } from './imports.presenter.ts';
import type { ImportRead } from './imports.read.ts';
import { assertFrom, STATE_OF, type ImportAction, type ImportPhase } from './imports.states.ts';
import { IMPORT_WORK } from './imports.worker.ts';
import type { RemoveFiles } from './remove.ts';
import type { Wizard } from './wizard.ts';

export type ImportActions = ReturnType<typeof createImportActions>;
type Action = Exclude<ImportAction, 'map'>;
type Set = NonNullable<UpdateQuery<ImportDoc>['$set']>;

const ON_RECORD: Partial<Record<Action, AuditAction>> = {
  start: 'import.started',
  pause: 'import.paused',
  resume: 'import.resumed',
  cancel: 'import.cancelled',
  undo: 'import.undoing',
};

/** A decision that was begun so long ago is not being carried out any more, ms. */
const DECIDING_MS = 60_000;

interface Others {
  audit: Audit;
  read: ImportRead;
  presenter: ImportPresenter;
  wizard: Wizard;
  removeFiles: RemoveFiles;
}

/** What people ask of an import. Each is one change of the document, with its record in the audit. */
export function createImportActions(deps: Deps, { audit, read, presenter, wizard, removeFiles }: Others) {
  const { mongo, clock, log } = deps;
  const imports = importModel(mongo);

  /** A worker is to do something. */
  const toDo = (phase: ImportPhase, set: Set = {}): Set => ({
    ...set,
    phase,
    state: STATE_OF[phase],
    ask: null,
    fault: null,
    finishedAt: null,
    'work.state': 'waiting',
    'work.due': clock(),
    'work.attempts': 0,
    'work.fault': null,
  });
  const fresh = { rows: 0, total: null, rate: 0 };

  /** What a worker has, it lays down itself, after the batch in hand. */
  function stop(doc: ImportDoc, ask: 'pause' | 'cancel'): Set {
    if (doc.work.state === 'running') return { ask };
    if (ask === 'cancel')
      return {
        state: 'cancelled',
        phase: null,
        ask: null,
        finishedAt: clock(),
        'work.state': 'done',
        'work.due': clock(),
      };
    const paused: Set = doc.phase === 'run' ? { state: 'paused' } : { state: 'mapping', phase: null };
    return { ...paused, ask: null, 'work.state': 'held', 'work.due': clock() };
  }

  const CHANGES: Record<Action, (doc: ImportDoc, caller: StaffCaller) => Set> = {
    check: () => toDo('check', { check: null, progress: fresh }),
    start: () => toDo('run', { startedAt: clock(), position: 0, counts: { ...NO_COUNTS }, progress: fresh }),
    pause: (doc) => stop(doc, 'pause'),
    resume: (doc) => toDo(doc.phase ?? 'run'),
    cancel: (doc) => stop(doc, 'cancel'),
    undo: ({ counts, undo }, { accountId }) =>
      toDo('undo', {
        progress: { ...fresh, total: counts.created + counts.updated },
        undo: undo
          ? { ...undo, accountId }
          : { accountId, step: 'submissions', row: 0, person: null, removed: 0, restored: 0, kept: 0 },
      }),
  };

  /** @throws the reason why the action isn't open to the caller now */
  async function assertMay(doc: ImportDoc, action: Action, caller: StaffCaller): Promise<void> {
    assertFrom(doc.state, action);
    const content = await presenter.contentOf(doc);
    const missing = presenter.missingOf(doc, content);
    const own = doc.createdBy === caller.accountId;
    if (presenter.actions(doc, caller, missing.length).includes(action)) {
      if (action === 'undo') await assertUndoable(doc, caller);
      return;
    }
    if (!own && (action === 'check' || action === 'start' || action === 'resume')) throw new Problem('forbidden');
    if (missing.length && (action === 'check' || action === 'start'))
      throw new Problem('file_wrong_template', {
        params: {
          reason: 'columns',
          missing: content ? namesIn(missingFields(content, doc.mapping?.fields ?? [])) : [],
        },
      });
    throw new Problem('conflict', { params: { state: doc.state } });
  }

  /** Whoever undoes may write submissions; and no decision of the queue is being carried out at this moment. */
  async function assertUndoable({ _id, state }: ImportDoc, caller: StaffCaller): Promise<void> {
    if (!caller.permissions.has('submission.write')) throw new Problem('forbidden');
    const deciding = await importReviewModel(mongo).exists({
      importId: _id,
      done: false,
      decidedAt: { $gt: new Date(clock().getTime() - DECIDING_MS) },
    });
    if (deciding) throw new Problem('conflict', { params: { state } });
  }

  return async function act(
    { caller, ip }: { caller: StaffCaller; ip: string },
    id: string,
    action: Action,
  ): Promise<ImportDoc> {
    return transact(mongo, async () => {
      const doc = await read.get(caller, id);
      await assertMay(doc, action, caller);
      if (action === 'start') await wizard.remember(doc);
      const after = (await imports
        .findOneAndUpdate(
          { _id: doc._id, rev: doc.rev },
          { $set: CHANGES[action](doc, caller), $inc: { rev: 1 } },
          { returnDocument: 'after' },
        )
        .lean()) as ImportDoc | null;
      if (!after) throw new Problem('conflict', { params: { state: doc.state } });
      const recorded = ON_RECORD[action];
      if (recorded) await audit.record({ caller, ip, action: recorded, object: { type: 'import', id } });
      afterCommit(mongo, () => {
        if (after.work.state === 'waiting') void wakeWorkers(deps, IMPORT_WORK);
        if (after.state === 'cancelled')
          removeFiles(after).catch((err: unknown) => log.warn('import.broken', { importId: id, err }));
      });
      return after;
    });
  };
}
