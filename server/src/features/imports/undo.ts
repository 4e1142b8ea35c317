import { Problem } from '../../http/index.ts';
import type { People } from '../people/index.ts';
import type { Sessions } from '../sessions/index.ts';
import type { Submissions } from '../submissions/index.ts';
import type { ImportUndo } from './imports.model.ts';
import { createPace, type Desk, type ImportHold } from './phase.ts';

/** Documents of a part; each part is one transaction with the note of how far it came, so that none counts twice. */
const PART = 500;

export type UndoPhase = (hold: ImportHold, signal: AbortSignal) => Promise<void>;

interface Others {
  desk: Desk;
  people: People;
  submissions: Submissions;
  sessions: Sessions;
}

/** Takes back what an import wrote: its submissions, then people whom nobody needs any more. */
export function createUndo({ desk, people, submissions, sessions }: Others): UndoPhase {
  return async (hold, signal) => {
    const caller = hold.doc.undo && (await sessions.staffCaller(hold.doc.undo.accountId));
    if (!caller?.permissions.has('import.run')) throw new Problem('forbidden');
    const { importId, pace } = { importId: hold.doc._id, pace: createPace(hold.doc.progress.rate) };

    const part = async (undo: ImportUndo): Promise<{ undo: ImportUndo; more: boolean; count: number }> => {
      const bySubmission = undo.step === 'submissions';
      const { removed, restored, kept, last } = bySubmission
        ? await submissions.undoImport(importId, { caller, after: undo.row, limit: PART })
        : await people.undoImport(importId, {
            caller,
            after: undo.person,
            limit: PART,
            inUse: submissions.ofPeople,
          });
      return {
        count: removed + restored + kept,
        more: last !== null || bySubmission,
        undo: {
          ...undo,
          // People are told of by the submissions that are about them.
          ...(bySubmission
            ? { removed: undo.removed + removed, restored: undo.restored + restored, kept: undo.kept + kept }
            : {}),
          ...(bySubmission && last === null ? { step: 'people' as const } : {}),
          ...(bySubmission && typeof last === 'number' ? { row: last } : {}),
          ...(!bySubmission && last !== null ? { person: last as ImportUndo['person'] } : {}),
        },
      };
    };

    for (let more = true; more;) {
      more = await hold.transact(async () => {
        const done = await part(hold.doc.undo!);
        const { total } = hold.doc.progress;
        const rows = done.undo.removed + done.undo.restored + done.undo.kept;
        await desk.checkpoint(hold, {
          $set: {
            undo: done.undo,
            progress: { rows, total, rate: pace.rows(done.count) },
            state: 'undoing',
            fault: null,
          },
        });
        return done.more;
      });
      if (more) signal.throwIfAborted();
    }
    await desk.end(hold, 'undone');
  };
}
