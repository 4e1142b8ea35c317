import type { Deps } from '../../deps.ts';
import { isDuplicateKey } from '../../infra/mongo/index.ts';
import { quotaModel } from './quotas.model.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Windows begin at the full hour and at midnight in Asia/Shanghai (UTC+8, no summer time since 1991). */
const SHANGHAI = 8 * HOUR;

export interface Window {
  /** `sms-phone`, `sms-address`, `sms-site`. */
  what: string;
  /** Whose: a blind index, or a constant. */
  whom: string;
  /** Window length. */
  per: 'hour' | 'day';
  max: number;
}

/**
 * Counters and pauses in MongoDB: they hold over all processes and after Redis has lost everything. Each decision is one
 * conditional write, so any number of requests at once gets no more than there is.
 */
export function createQuotas(deps: Pick<Deps, 'mongo' | 'clock'>) {
  const model = quotaModel(deps.mongo);

  const windowOf = ({ what, whom, per }: Window) => {
    const length = per === 'hour' ? HOUR : DAY;
    const now = deps.clock().getTime() + SHANGHAI;
    const start = now - (now % length);
    return {
      _id: `${what}:${whom}:${new Date(start).toISOString().slice(0, 13)}`,
      endsIn: start + length - now,
      end: new Date(start + length - SHANGHAI),
    };
  };

  /** Upserts where the condition holds; false when the row is there and the condition does not. */
  const conditionally = async (write: () => Promise<unknown>): Promise<boolean> => {
    try {
      await write();
      return true;
    } catch (err) {
      if (isDuplicateKey(err)) return false;
      throw err;
    }
  };

  const left = async (_id: string, now: Date): Promise<number> => {
    const until = (await model.findById(_id).lean())?.until;
    return until && until > now ? Math.ceil((until.getTime() - now.getTime()) / 1000) : 0;
  };

  const asking = new Map<string, Promise<number>>();
  const begin = async (_id: string, seconds: number): Promise<number> => {
    const now = deps.clock();
    const running = await left(_id, now);
    if (running > 0) return running;
    const until = new Date(now.getTime() + seconds * 1000);
    const change = { $set: { until, expiresAt: new Date(until.getTime() + DAY) }, $inc: { count: 1 } };
    const begun = await conditionally(() => model.updateOne({ _id, until: { $lte: now } }, change, { upsert: true }));
    return begun ? 0 : Math.max(1, await left(_id, now));
  };

  return {
    /** Takes one of the window's; answers 0, or the seconds until the next window when there is none left. */
    async take(window: Window): Promise<number> {
      const { _id, endsIn, end } = windowOf(window);
      const taken = await conditionally(() =>
        model.updateOne(
          { _id, count: { $lt: window.max } },
          { $inc: { count: 1 }, $setOnInsert: { expiresAt: new Date(end.getTime() + DAY) } },
          { upsert: true },
        ),
      );
      return taken ? 0 : Math.max(1, Math.ceil(endsIn / 1000));
    },

    /** Gives back what was taken for something that did not happen. */
    async giveBack(window: Window): Promise<void> {
      await model.updateOne({ _id: windowOf(window)._id, count: { $gt: 0 } }, { $inc: { count: -1 } });
    },

    /** Begins a pause; answers 0, or the seconds that the running one still lasts. Of many at once one begins it. */
    async pause(what: string, whom: string, seconds: number): Promise<number> {
      const _id = `${what}:${whom}`;
      // Of a crowd in this process one asks the database, and the others have its answer: begun means not by them.
      const asked = asking.get(_id);
      if (asked) return (await asked) || seconds;
      const work = begin(_id, seconds).finally(() => asking.delete(_id));
      asking.set(_id, work);
      return work;
    },

    /** Ends a pause at once. */
    async endPause(what: string, whom: string): Promise<void> {
      await model.updateOne({ _id: `${what}:${whom}` }, { $set: { until: deps.clock() } });
    },
  };
}
