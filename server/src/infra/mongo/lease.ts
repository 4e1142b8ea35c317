import type { Connection, mongo } from 'mongoose';
import { randomId } from '../crypto/index.ts';

interface Row {
  _id: string;
  holder?: string;
  until?: Date;
}

const LIFE_MS = 30_000;

export interface Lease {
  /** False once somebody else may hold it. */
  held(): boolean;
  release(): Promise<void>;
}

/**
 * One holder at a time, judged by the database's clock, renewed while it is held. For one-shot runners whose steps are
 * re-runnable; work that must not happen twice also needs a fence in its own writes.
 * @returns null while another holds it
 */
export async function takeLease(connection: Connection, collection: string, id: string): Promise<Lease | null> {
  const rows = connection
    .getClient()
    .db(connection.name)
    .collection<Row>(collection) as unknown as mongo.Collection<Row>;
  const holder = randomId();
  // $expr is not allowed in an upsert, so the row is made first; somebody else having made it is as good.
  await rows.updateOne({ _id: id }, { $setOnInsert: { until: new Date(0) } }, { upsert: true });
  const until = [{ $set: { holder, until: { $add: ['$$NOW', LIFE_MS] } } }];
  const taken = await rows.updateOne({ _id: id, $expr: { $lt: ['$until', '$$NOW'] } }, until);
  if (taken.modifiedCount === 0) return null;

  let heldUntil = Date.now() + LIFE_MS;
  const renew = async () => {
    const begun = Date.now();
    const renewed = await rows.updateOne({ _id: id, holder }, until);
    heldUntil = renewed.matchedCount === 1 ? begun + LIFE_MS : 0;
  };
  // A failed renewal leaves heldUntil as it is: the lease then simply runs out.
  const timer = setInterval(() => void renew().catch(() => undefined), LIFE_MS / 3);
  timer.unref();
  return {
    held: () => Date.now() < heldUntil,
    async release() {
      clearInterval(timer);
      await rows.updateOne({ _id: id, holder }, { $set: { until: new Date(0) } });
    },
  };
}
