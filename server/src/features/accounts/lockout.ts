import type { Deps } from '../../deps.ts';
import { isDuplicateKey } from '../../infra/mongo/index.ts';
import { failuresModel, type FailuresRecord } from './lockout.model.ts';

export const LOCK_AFTER = 5;
export const LOCK_MS = 30 * 60_000;

export interface Attempt {
  /** The password may be looked at. */
  allowed: boolean;
  /** This attempt was the last one: failing it locks. */
  last: boolean;
  /** Seconds until a lock ends. */
  retryAfter: number;
}

/**
 * Counts failed log-ins by name, whether an account of that name exists or not: a lock tells nothing about that. An attempt
 * is counted before the password is looked at, in one write, so that many at once get no more than five looks.
 */
export function createLockout(deps: Pick<Deps, 'mongo' | 'clock' | 'cipher'>) {
  const model = failuresModel(deps.mongo);
  const idOf = (name: string) => deps.cipher.index('login-failures', name.toLowerCase());

  const count = async (_id: string, now: Date): Promise<FailuresRecord> => {
    const over = { $lte: [{ $ifNull: ['$until', new Date(0)] }, now] };
    const update = [
      {
        $set: {
          failures: { $cond: [over, 1, { $add: ['$failures', 1] }] },
          // A lock keeps its end; every failure before it pushes the end of the count on.
          until: {
            $cond: [
              { $and: [{ $not: [over] }, { $gte: ['$failures', LOCK_AFTER] }] },
              '$until',
              new Date(now.getTime() + LOCK_MS),
            ],
          },
        },
      },
    ];
    const options = { upsert: true, returnDocument: 'after', updatePipeline: true } as const;
    return (await model.findOneAndUpdate({ _id }, update, options).lean())!;
  };

  return {
    /** Takes one of the attempts that a name has. */
    async attempt(name: string): Promise<Attempt> {
      const now = deps.clock();
      const id = idOf(name);
      const row = await count(id, now).catch((err: unknown) => {
        // Two first failures at once: one of them made the row.
        if (isDuplicateKey(err)) return count(id, now);
        throw err;
      });
      return {
        allowed: row.failures <= LOCK_AFTER,
        last: row.failures === LOCK_AFTER,
        retryAfter: Math.max(1, Math.ceil((row.until.getTime() - now.getTime()) / 1000)),
      };
    },
    /** Forgets the failures: after a success, or when an administrator unlocks. */
    async clear(name: string): Promise<void> {
      await model.deleteOne({ _id: idOf(name) });
    },
    /** Which of these names are locked now. */
    async locked(names: readonly string[]): Promise<Set<string>> {
      const ids = new Map(names.map((name) => [idOf(name), name]));
      const rows = await model
        .find({ _id: { $in: [...ids.keys()] }, failures: { $gte: LOCK_AFTER }, until: { $gt: deps.clock() } })
        .lean();
      return new Set(rows.map((row) => ids.get(row._id)!));
    },
  };
}
