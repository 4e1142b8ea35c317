import type { Types } from 'mongoose';
import { personOf, type Answers } from '../../../shared/fields/index.ts';
import type { Deps } from '../../deps.ts';
import { Problem, type StaffCaller } from '../../http/index.ts';
import { insertNew } from '../../infra/mongo/index.ts';
import type { PublishedVersion } from '../forms/index.ts';
import { byOf, changedKeys, entryOf } from '../history/index.ts';
import { inScope, stampScope, type Scope } from '../scope/index.ts';
import { asUpdate } from './submissions.codec.ts';
import { submissionModel, type SubmissionDoc } from './submissions.model.ts';
import type { SubmissionParts, SubmissionStore } from './submissions.store.ts';

export interface ImportedRow {
  /** Of the file. */
  row: number;
  /** Checked by `checkForm`. */
  answers: Answers;
}

/**
 * What became of a row. `duplicate`: one with the same values is there, and was to be left (or lies out of the caller's
 * reach); `outOfScope`: the caller may not write where the row belongs.
 */
export type RowOutcome = 'inserted' | 'updated' | 'unchanged' | 'duplicate' | 'outOfScope';

export interface ImportRun {
  caller: StaffCaller;
  form: PublishedVersion;
  importId: Types.ObjectId;
  /** What happens to a row whose values, by the form's rule, are there already. */
  onDuplicate: 'update' | 'skip';
}

const isOf = (importId: Types.ObjectId, made: { importId?: Types.ObjectId } | undefined): boolean =>
  String(made?.importId) === String(importId);

/** Many submissions at once, at the database's own speed. */
export function createSubmissionBulk(deps: Deps, { people, codec }: SubmissionParts, store: SubmissionStore) {
  const { mongo, clock, cipher } = deps;
  const submissions = submissionModel(mongo);

  /** The scope of a row, or null where the caller may not write. */
  async function scopeOf(caller: StaffCaller, region: string | undefined): Promise<Scope | null> {
    try {
      return await stampScope(caller, 'submission.write', region, people.places);
    } catch (error) {
      if (error instanceof Problem) return null;
      throw error;
    }
  }

  function changeOf(doc: SubmissionDoc, made: SubmissionDoc, row: ImportedRow, { caller, form, importId }: ImportRun) {
    const old = codec.open(doc);
    const id = String(doc._id);
    const { $set, $unset } = asUpdate(codec.seal(id, form.key, form.content, row.answers), made.dedupeKey);
    const entry = entryOf(cipher, codec.historyContext(id), {
      at: clock(),
      by: byOf(caller),
      action: 'imported',
      before: old,
      after: row.answers,
    });
    return {
      filter: { _id: doc._id, rev: doc.rev, deletedAt: null },
      update: {
        $set: {
          ...$set,
          version: form.version,
          scope: { ...doc.scope, regionPath: made.scope.regionPath },
          updatedAt: clock(),
          changedBy: { importId, row: row.row },
        },
        ...($unset ? { $unset } : {}),
        $inc: { rev: 1 },
        $push: { history: entry },
      },
    };
  }

  /**
   * Writes a batch (≤ 1,000 rows) of an import: people first, then new submissions, then those that are there already. A row
   * is known by import and row number, so a batch that was cut and runs again leaves every row once, with the same outcome.
   * @returns the outcome of each row, in order
   */
  return async function writeMany(rows: readonly ImportedRow[], run: ImportRun): Promise<RowOutcome[]> {
    const { caller, form, importId, onDuplicate } = run;
    const outcomes = new Map<number, RowOutcome>();
    const reachable: { row: ImportedRow; at: number; scope: Scope }[] = [];
    for (const [at, row] of rows.entries()) {
      const scope = await scopeOf(caller, personOf(form.content, row.answers).region);
      if (scope) reachable.push({ row, at, scope });
      else outcomes.set(at, 'outOfScope');
    }

    const matches = await people.upsertMany(
      reachable.map(({ row, scope }) => ({ facts: personOf(form.content, row.answers), scope })),
      { caller, onExisting: onDuplicate === 'update' ? 'update' : 'keep' },
    );
    const made = reachable.map(({ row, at, scope }, i) => {
      const built = store.build({
        form,
        answers: row.answers,
        scope,
        source: 'import',
        accountId: null,
        by: byOf(caller),
        ...matches[i]!,
      });
      return { row, at, doc: { ...built, importId, row: row.row } satisfies SubmissionDoc };
    });
    const refused = new Set(
      await insertNew(
        submissions,
        made.map(({ doc }) => doc),
      ),
    );
    for (const [i, { at }] of made.entries()) if (!refused.has(i)) outcomes.set(at, 'inserted');

    const again = made.filter((_, i) => refused.has(i));
    if (again.length) {
      const mine = await submissions
        .find({ importId, row: { $in: again.map(({ row }) => row.row) } }, { row: 1 })
        .lean<{ row: number }[]>();
      const written = new Set(mine.map(({ row }) => row));
      const keys = again.flatMap(({ doc }) => (doc.dedupeKey ? [doc.dedupeKey] : []));
      const holders = await submissions.find({ formKey: form.key, dedupeKey: { $in: keys } }).lean<SubmissionDoc[]>();
      const byKey = new Map(holders.map((doc) => [doc.dedupeKey, doc]));
      const changes = new Map<string, { updateOne: ReturnType<typeof changeOf> }>();
      for (const { row, at, doc } of again) {
        const holder = byKey.get(doc.dedupeKey);
        if (written.has(row.row)) outcomes.set(at, 'inserted');
        else if (!holder || onDuplicate === 'skip' || !inScope(caller, 'submission.write', holder.scope))
          outcomes.set(at, 'duplicate');
        else if (isOf(importId, holder.changedBy) && holder.changedBy?.row === row.row) outcomes.set(at, 'updated');
        // Two rows of one file with the same values: the first is taken, the other told.
        else if (isOf(importId, holder) || isOf(importId, holder.changedBy) || changes.has(String(holder._id)))
          outcomes.set(at, 'duplicate');
        else if (changedKeys(codec.open(holder), row.answers).length === 0) outcomes.set(at, 'unchanged');
        else {
          changes.set(String(holder._id), { updateOne: changeOf(holder, doc, row, run) });
          outcomes.set(at, 'updated');
        }
      }
      if (changes.size) await submissions.collection.bulkWrite([...changes.values()] as never, { ordered: false });
    }
    return rows.map((_, at) => outcomes.get(at) ?? 'duplicate');
  };
}
