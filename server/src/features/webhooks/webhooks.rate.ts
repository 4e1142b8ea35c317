import type { Deps } from '../../deps.ts';
import { isDuplicateKey } from '../../infra/mongo/index.ts';
import { webhookRateModel } from './webhooks.model.ts';

/** A DingTalk robot takes 20 messages a minute and is silent for ten minutes after more. */
export const MOST = 20;
/** A little more than the minute: the robot's clock is not ours. */
export const WINDOW_MS = 62_000;

/** Gives out the right to send to a target: MOST in any WINDOW_MS, over all workers. */
export function createRate({ mongo, clock }: Pick<Deps, 'mongo' | 'clock'>) {
  const rates = webhookRateModel(mongo);
  /** null: send now. Else when to come again. */
  return async (target: string): Promise<Date | null> => {
    const now = clock();
    const before = new Date(now.getTime() - WINDOW_MS);
    // Of the last MOST, the first is old enough; or there were not so many yet.
    const free = { $or: [{ [`sent.${MOST - 1}`]: { $exists: false } }, { 'sent.0': { $lte: before } }] };
    try {
      await rates.updateOne(
        { _id: target, ...free },
        { $push: { sent: { $each: [now], $slice: -MOST } } },
        { upsert: true },
      );
      return null;
    } catch (error) {
      // It is there, but not free: making a second one is refused.
      if (!isDuplicateKey(error)) throw error;
    }
    const doc = await rates.findById(target).lean();
    return new Date((doc?.sent[0] ?? now).getTime() + WINDOW_MS);
  };
}
