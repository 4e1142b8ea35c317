import type { Model, Types } from 'mongoose';
import type { SubmissionCodec } from './submissions.codec.ts';
import { ACTIVE_STATUSES, type SubmissionDoc } from './submissions.model.ts';
import type { Candidate, ImportRun } from './submissions.rows.ts';
import type { Holder, Look } from './submissions.verdict.ts';

const FIELDS = { dedupeKey: 1, answersHash: 1, importId: 1, row: 1, changedBy: 1, scope: 1 } as const;

/**
 * Looks up what is stored for the rows of a batch: by unique index, without opening anything.
 * @param again also what this import has written itself; needed only for rows whose writing was refused
 */
export function createLook(submissions: Model<SubmissionDoc>, codec: SubmissionCodec) {
  const find = async (filter: object): Promise<Holder[]> =>
    submissions.collection.find<Holder>(filter, { projection: FIELDS }).toArray();

  const byRow = async (importId: Types.ObjectId, rows: readonly Candidate[], filter: object = {}) => {
    const found = await find({ importId, row: { $in: rows.map(({ row }) => row) }, ...filter });
    return new Map(found.map((holder) => [holder.row!, holder]));
  };

  async function byKeys(formKey: string, keys: readonly string[]) {
    if (keys.length === 0) return new Map<string, Holder>();
    const found = await find({ formKey, dedupeKey: { $in: keys } });
    return new Map(found.map((holder) => [holder.dedupeKey!, holder]));
  }

  return async function look(
    rows: readonly Candidate[],
    { form, importId, repeatOf, onDuplicate }: ImportRun,
    again: boolean,
  ): Promise<Look> {
    const keys = [...new Set(rows.flatMap(({ dedupeKey }) => (dedupeKey === undefined ? [] : [dedupeKey])))];
    const own = again && onDuplicate === 'create';
    const besideKeys = new Map(own ? keys.map((key) => [codec.besideKey(key, importId), key]) : []);
    const [mine, byKey, beside, earlier] = await Promise.all([
      again ? byRow(importId, rows) : new Map<number, Holder>(),
      byKeys(form.key, keys),
      byKeys(form.key, [...besideKeys.keys()]),
      repeatOf
        ? byRow(repeatOf, rows, { status: { $in: ACTIVE_STATUSES }, deletedAt: null })
        : new Map<number, Holder>(),
    ]);
    return {
      mine,
      byKey,
      beside: new Map([...beside].map(([key, holder]) => [besideKeys.get(key)!, holder])),
      earlier,
    };
  };
}
