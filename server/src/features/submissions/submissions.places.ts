import type { Model } from 'mongoose';
import type { SubmissionDoc } from './submissions.model.ts';

/** Unique keys that a run has given away and taken since what is stored was read. */
export interface KeyClaims {
  freed: Set<string>;
  taken: Map<string, string>;
}
export const noClaims = (): KeyClaims => ({ freed: new Set(), taken: new Map() });

/** A submission that changes, and the unique key that it is to have then; undefined for none. */
export interface Mover {
  doc: Pick<SubmissionDoc, '_id' | 'dedupeKey'>;
  dedupeKey: string | undefined;
}

/**
 * Says who can't have the unique key that it is to have, since another one has it. In order: one may take what an earlier one
 * has left; written in that order, no two ever hold the same.
 */
export async function placeless<M extends Mover>(
  submissions: Model<SubmissionDoc>,
  formKey: string,
  movers: readonly M[],
  claims: KeyClaims,
): Promise<Set<M>> {
  const moving = movers.filter(({ doc, dedupeKey }) => dedupeKey !== doc.dedupeKey);
  const wanted = moving.flatMap(({ dedupeKey }) => dedupeKey ?? []);
  const found =
    wanted.length === 0
      ? []
      : await submissions.find({ formKey, dedupeKey: { $in: wanted } }, { dedupeKey: 1 }).lean<SubmissionDoc[]>();
  const holders = new Map(found.map(({ _id, dedupeKey }) => [dedupeKey!, String(_id)]));
  const without = new Set<M>();
  for (const mover of moving) {
    const { doc, dedupeKey } = mover;
    const id = String(doc._id);
    if (dedupeKey !== undefined) {
      const stored = claims.freed.has(dedupeKey) ? undefined : holders.get(dedupeKey);
      const holder = claims.taken.get(dedupeKey) ?? stored;
      if (holder !== undefined && holder !== id) {
        without.add(mover);
        continue;
      }
      claims.taken.set(dedupeKey, id);
      claims.freed.delete(dedupeKey);
    }
    if (doc.dedupeKey !== undefined) {
      claims.freed.add(doc.dedupeKey);
      claims.taken.delete(doc.dedupeKey);
    }
  }
  return without;
}
