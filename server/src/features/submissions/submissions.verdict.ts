import type { Types } from 'mongoose';
import { inScope, type Scope } from '../scope/index.ts';
import type { Candidate, ImportRun, RowOutcome } from './submissions.rows.ts';

/** What is to be known of a stored submission to say what becomes of a row. */
export interface Holder {
  _id: Types.ObjectId;
  dedupeKey?: string;
  answersHash?: string;
  importId?: Types.ObjectId;
  row?: number;
  changedBy?: { importId: Types.ObjectId; row: number };
  scope: Scope;
}

/** What the database holds for the rows of a batch. */
export interface Look {
  /** Written by this import, by row: the batch was cut and runs again. */
  mine: ReadonlyMap<number, Holder>;
  /** By the rows' unique key. */
  byKey: ReadonlyMap<string, Holder>;
  /** What this import made beside a holder, by the rows' unique key. */
  beside: ReadonlyMap<string, Holder>;
  /** What an earlier import of the same file wrote and is still there, by row. */
  earlier: ReadonlyMap<number, Holder>;
}

export interface Verdict {
  outcome: RowOutcome;
  holder: Holder | null;
  /** Still to be written: as a new one, as one beside the holder, or over the holder. */
  write: 'new' | 'beside' | 'over' | null;
  /** An earlier row of the batch that this verdict rests on: when that one comes out otherwise, so does this. */
  leader?: Candidate;
}

/** Unique keys that rows of this file have taken, with the row that did; null for one of a batch before. */
export interface Claims {
  get(key: string): Candidate | null | undefined;
  set(key: string, by: Candidate): void;
}

type Mark = { importId?: Types.ObjectId; row?: number } | undefined;
const isOf = (mark: Mark, importId: Types.ObjectId | undefined): boolean =>
  importId !== undefined && mark?.importId !== undefined && mark.importId.equals(importId);

const settled = (outcome: RowOutcome, holder: Holder | null): Verdict => ({ outcome, holder, write: null });

/**
 * What becomes of a row, as if the rows of the file came one after the other: two rows with the same values are one
 * submission, the first that is written is taken and the other told.
 */
export function verdictOf(row: Candidate, run: ImportRun, look: Look, claims: Claims): Verdict {
  const { caller, importId, repeatOf, onDuplicate } = run;
  const { dedupeKey, hash } = row;
  const mine = look.mine.get(row.row);
  if (mine) return settled('inserted', null);
  const earlier = look.earlier.get(row.row);
  if (earlier?.answersHash === hash && inScope(caller, 'submission.write', earlier.scope))
    return settled('unchanged', earlier);
  if (dedupeKey === undefined) return { outcome: 'inserted', holder: null, write: 'new' };

  const leader = claims.get(dedupeKey);
  if (leader !== undefined) return { ...settled('duplicate', null), ...(leader ? { leader } : {}) };
  const taking = (outcome: RowOutcome, holder: Holder | null, write: Verdict['write']): Verdict => {
    claims.set(dedupeKey, row);
    return { outcome, holder, write };
  };

  const beside = look.beside.get(dedupeKey);
  if (beside) return settled(beside.row === row.row ? 'inserted' : 'duplicate', beside);
  const holder = look.byKey.get(dedupeKey);
  if (!holder) return taking('inserted', null, 'new');
  // Written by this very row, or by another row of this file.
  if (isOf(holder, importId)) return settled(holder.row === row.row ? 'inserted' : 'duplicate', holder);
  if (isOf(holder.changedBy, importId))
    return settled(holder.changedBy!.row === row.row ? 'updated' : 'duplicate', holder);
  if (!inScope(caller, 'submission.write', holder.scope)) return settled('duplicate', null);
  if (holder.answersHash === hash) return settled('unchanged', holder);
  // The same file has come before, and there another row was taken.
  const taken = [holder, holder.changedBy].find((mark) => isOf(mark, repeatOf));
  if (taken && taken.row !== row.row) return settled('duplicate', holder);
  if (onDuplicate === 'skip') return settled('duplicate', holder);
  if (onDuplicate === 'review') return settled('review', holder);
  if (onDuplicate === 'update') return taking('updated', holder, 'over');
  return taking('inserted', holder, 'beside');
}
