import type { Deps } from '../../deps.ts';
import { Problem } from '../../http/index.ts';
import { createWorker } from '../../infra/jobs/index.ts';
import { WorkbookError, type TableReader } from '../../infra/workbook/index.ts';
import type { Audit } from '../audit/index.ts';
import { withTable } from './import-file.ts';
import { importModel, type ImportDoc } from './imports.model.ts';
import type { Inspect } from './inspect.ts';
import type { Desk, ImportHold } from './phase.ts';
import type { RowsPhase } from './rows.ts';
import type { UndoPhase } from './undo.ts';

/** Names the work of imports in calls to workers, metrics and the log. */
export const IMPORT_WORK = 'imports';

export interface Phases {
  inspect: Inspect;
  check: RowsPhase;
  run: RowsPhase;
  undo: UndoPhase;
}

/**
 * Does what an import's document says is to be done, from its checkpoint on. The file's faults end it; the world's faults
 * give it back to be tried again.
 */
export function createRunImport(deps: Deps, { desk, phases }: { desk: Desk; phases: Phases }) {
  async function step(hold: ImportHold, reader: TableReader, signal: AbortSignal): Promise<void> {
    while (!hold.ended) {
      const { phase, counts } = hold.doc;
      deps.log.info('import.taken', {
        importId: String(hold.doc._id),
        step: phase ?? 'none',
        row: phase === 'run' ? counts.read : 0,
        fence: hold.fence,
      });
      if (phase === 'inspect' || phase === 'check' || phase === 'run') await phases[phase](hold, reader, signal);
      else return;
    }
  }

  return async (hold: ImportHold, signal: AbortSignal): Promise<void> => {
    const { doc } = hold;
    try {
      if (doc.ask === 'cancel') return await desk.end(hold, 'cancelled');
      if (doc.ask === 'pause') return await desk.park(hold, doc.phase === 'run' ? 'paused' : 'mapping');
      if (doc.phase === 'undo') await phases.undo(hold, signal);
      else await withTable(deps, doc, (reader) => step(hold, reader, signal));
    } catch (error) {
      const fault = signal.aborted || hold.ended ? null : faultOf(error);
      if (!fault) throw error;
      deps.log.warn('import.broken', { importId: String(doc._id), err: error });
      await desk.fail(hold, fault);
    }
  };
}

export type RunImport = ReturnType<typeof createRunImport>;

/** What ends an import for good: its file, or the rights of its account. */
function faultOf(error: unknown): ImportDoc['fault'] {
  if (error instanceof WorkbookError) return { code: error.code, params: error.params };
  if (error instanceof Problem) return { code: error.code, params: error.details.params ?? {} };
  return null;
}

export function createImportsWorker(deps: Deps, { run, audit }: { run: RunImport; audit: Audit }) {
  return createWorker(deps, {
    name: IMPORT_WORK,
    label: { 'zh-CN': '导入', en: 'Imports' },
    model: importModel(deps.mongo),
    about: ({ formKey }: ImportDoc) => formKey,
    run,
    /** Told as failed; its phase and its file stay, so that it can go on where it was. */
    async onDead({ _id }) {
      await audit.record({
        caller: { kind: 'system' },
        action: 'import.failed',
        object: { type: 'import', id: String(_id) },
        outcome: 'failed',
        facts: { reason: 'internal_error' },
      });
      return {
        $set: { state: 'failed', fault: { code: 'internal_error', params: {} }, ask: null, finishedAt: deps.clock() },
        $inc: { rev: 1 },
      };
    },
    revive: { $set: { state: 'running', fault: null, finishedAt: null }, $inc: { rev: 1 } },
  });
}
