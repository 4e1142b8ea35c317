import type { Model, UpdateQuery } from 'mongoose';
import { newWork, type Work, type WorkDoc } from './work.ts';

/** Work that waits for an answer from outside, until a limit: the answer, or the limit, makes a worker go on with it. */
export interface WaitDoc<A> extends WorkDoc {
  answer: A | null;
  answeredAt: Date | null;
}

/** The fields in a mongoose schema, beside `work`. */
export const waitDefinition = {
  answer: { type: 'Mixed', default: null },
  answeredAt: { type: Date, default: null },
};

/** A wait that ends at `limit`, unanswered if nothing comes. */
export const newWait = (limit: Date): { work: Work; answer: null; answeredAt: null } => ({
  work: newWork(limit),
  answer: null,
  answeredAt: null,
});

/** `taken`: it counts. `repeated`: an earlier one counted. `late`: the limit has passed. `unknown`: nobody waits for it. */
export type Answered = 'taken' | 'repeated' | 'late' | 'unknown';

/**
 * Gives a wait its answer: in one conditional write, so that of many answers, and of an answer and the limit, one counts.
 * Afterwards wake its workers.
 * @param which finds the document by the key under which the answer comes
 */
export async function answerWait<A, T extends WaitDoc<A>>(
  model: Model<T>,
  which: object,
  answer: A,
  now: Date,
): Promise<Answered> {
  const waiting = { ...which, 'work.state': 'waiting', 'work.due': { $gt: now }, answer: null };
  const { matchedCount } = await model.updateOne(
    waiting as never,
    { $set: { answer, answeredAt: now, 'work.due': now } } as UpdateQuery<T>,
  );
  if (matchedCount) return 'taken';
  const there = (await model.findOne(which as never, { answer: 1 }).lean()) as T | null;
  if (!there) return 'unknown';
  return there.answer === null ? 'late' : 'repeated';
}
