import type { Model } from 'mongoose';
import type { ImportCounts, ImportDoc } from './imports.model.ts';

type ImportState = ImportDoc['state'];

/** How long a worker may be silent before another one goes on with its import, ms. */
export const LEASE_MS = 20_000;

/** Another worker has taken over; whatever we still hold of the import is void. */
export class LeaseLost extends Error {}

/** The hold of one worker over one import. Every write carries the fence, so a worker that was stopped can't write late. */
export interface Lease {
  doc: ImportDoc;
  /** Notes the file's last finished row with what became of the rows since, and renews the lease. Tells whether to stop. */
  checkpoint(position: number, delta: ImportCounts): Promise<{ cancelAsked: boolean }>;
  set(fields: Partial<Pick<ImportDoc, 'header' | 'startedAt'>>): Promise<void>;
  /** Ends the import. */
  end(state: ImportState, fault?: ImportDoc['fault']): Promise<void>;
  /** Gives it back to be taken by anyone after `delayMs`. */
  giveBack(delayMs: number): Promise<void>;
}

/** Takes the oldest import that waits or whose worker has fallen silent; null when there is none. */
export async function takeImport(imports: Model<ImportDoc>, clock: () => Date): Promise<Lease | null> {
  const until = () => new Date(clock().getTime() + LEASE_MS);
  const doc = (await imports
    .findOneAndUpdate(
      { state: { $in: ['waiting', 'running'] }, 'lease.until': { $lt: clock() } },
      { $set: { state: 'running', 'lease.until': until() }, $inc: { 'lease.fence': 1 } },
      { sort: { _id: 1 }, returnDocument: 'after' },
    )
    .lean()) as ImportDoc | null;
  if (!doc) return null;
  const held = { _id: doc._id, state: 'running' as const, 'lease.fence': doc.lease.fence };

  const write = async (update: object) => {
    const after = (await imports
      .findOneAndUpdate(held, update, { returnDocument: 'after' })
      .lean()) as ImportDoc | null;
    if (!after) throw new LeaseLost();
    return after;
  };

  return {
    doc,
    async checkpoint(position, delta) {
      const counts = Object.fromEntries(Object.entries(delta).map(([name, n]) => [`counts.${name}`, n]));
      const { cancelAsked } = await write({ $set: { position, 'lease.until': until() }, $inc: counts });
      return { cancelAsked };
    },
    async set(fields) {
      await write({ $set: { ...fields, 'lease.until': until() } });
    },
    async end(state, fault = null) {
      await write({ $set: { state, fault, finishedAt: clock() } });
    },
    async giveBack(delayMs) {
      await imports.updateOne(held, {
        $set: { 'lease.until': new Date(clock().getTime() + delayMs) },
        $inc: { attempts: delayMs ? 1 : 0 },
      });
    },
  };
}
