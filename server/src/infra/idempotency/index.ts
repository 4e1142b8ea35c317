import type { ClientSession, Connection } from 'mongoose';
import type { Cipher } from '../crypto/index.ts';
import { isDuplicateKey, transaction } from '../mongo/index.ts';

/** How long a claim holds without an answer; longer than any request's deadline, so its owner is dead or has given up. */
const LEASE_MS = 15_000;
/** How long answers are kept. */
const KEEP_MS = 48 * 3_600_000;

export interface Answer {
  status: number;
  body: unknown;
}

interface Row {
  _id: string;
  request: string;
  fence: number;
  leaseUntil: Date;
  expiresAt: Date;
  /** Sealed JSON of the answer; absent while the work runs. */
  answer?: string;
}

export type Claim =
  | { kind: 'answered'; answer: Answer }
  | { kind: 'running' }
  | { kind: 'reused' }
  | { kind: 'claimed'; fence: number };

/**
 * Exactly-once writes. A key is claimed before the work begins; the work and its answer are then committed in one MongoDB
 * transaction, in which the claim's fence must still be ours. Killed anywhere, either both are there or neither is, and a
 * retry after the lease does the work again from nothing.
 */
export interface Idempotency {
  /** `key` identifies caller, route and client key; `request` is a digest of the body. */
  claim(key: string, request: string): Promise<Claim>;
  /** Runs the work in a transaction together with storing its answer. */
  run(key: string, fence: number, work: () => Promise<Answer>): Promise<Answer>;
  /** Stores an answer that changed nothing (a refusal). */
  refuse(key: string, fence: number, answer: Answer): Promise<void>;
  /** Gives the key back: the work failed in a way that a retry may mend. */
  release(key: string, fence: number): Promise<void>;
}

export class FenceLost extends Error {}

export function createIdempotency(mongo: Connection, cipher: Cipher, clock: () => Date): Idempotency {
  const rows = () => mongo.collection<Row>('idempotency');
  const inMs = (ms: number) => new Date(clock().getTime() + ms);
  const seal = (key: string, answer: Answer) => cipher.sealJson(answer, `idempotency:${key}`);

  const store = async (key: string, fence: number, answer: Answer, session?: ClientSession) => {
    const { matchedCount } = await rows().updateOne(
      { _id: key, fence, answer: { $exists: false } },
      { $set: { answer: seal(key, answer), expiresAt: inMs(KEEP_MS) } },
      session ? { session } : {},
    );
    if (!matchedCount) throw new FenceLost(key);
  };

  return {
    async claim(key, request) {
      const fresh: Row = { _id: key, request, fence: 1, leaseUntil: inMs(LEASE_MS), expiresAt: inMs(KEEP_MS) };
      try {
        await rows().insertOne(fresh);
        return { kind: 'claimed', fence: 1 };
      } catch (err) {
        if (!isDuplicateKey(err)) throw err;
      }
      const row = await rows().findOne({ _id: key });
      if (!row) return this.claim(key, request);
      if (row.request !== request) return { kind: 'reused' };
      if (row.answer) return { kind: 'answered', answer: cipher.openJson(row.answer, `idempotency:${key}`) as Answer };
      const taken = await rows().findOneAndUpdate(
        { _id: key, fence: row.fence, answer: { $exists: false }, leaseUntil: { $lt: clock() } },
        { $inc: { fence: 1 }, $set: { leaseUntil: inMs(LEASE_MS) } },
        { returnDocument: 'after' },
      );
      return taken ? { kind: 'claimed', fence: taken.fence } : { kind: 'running' };
    },

    run: (key, fence, work) =>
      transaction(mongo, async (session) => {
        const answer = await work();
        await store(key, fence, answer, session);
        return answer;
      }),

    refuse: (key, fence, answer) => store(key, fence, answer),

    async release(key, fence) {
      await rows().deleteOne({ _id: key, fence, answer: { $exists: false } });
    },
  };
}
