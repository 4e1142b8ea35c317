import type { StaffCaller } from '../../http/index.ts';
import type { ImportDoc } from './imports.model.ts';
import type { Standing } from './imports.states.ts';

const DAY_MS = 24 * 3_600_000;

/** What an import's document says about what may be done with it. `missing`: required fields without a column. */
export function standingOf(
  doc: ImportDoc,
  caller: StaffCaller,
  { now, keepDays, missing }: { now: Date; keepDays: number; missing: number },
): Standing {
  const { state, counts, work, undo, phase, fileId, finishedAt } = doc;
  const kept =
    doc.expiredAt === null && (finishedAt === null || now.getTime() - finishedAt.getTime() < keepDays * DAY_MS);
  const broken = state === 'failed' && work.state === 'dead';
  return {
    state,
    asked: doc.ask,
    incomplete: missing > 0,
    undoable: kept && counts.created + counts.updated > 0 && !(broken && phase === 'undo'),
    resumable: kept && broken && (phase === 'undo' || fileId !== null),
    own: doc.createdBy === caller.accountId || (phase === 'undo' && undo?.accountId === caller.accountId),
  };
}
