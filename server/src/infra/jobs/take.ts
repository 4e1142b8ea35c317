import { hostname } from 'node:os';
import type { Model } from 'mongoose';
import { Hold, type HoldOptions } from './hold.ts';
import type { Work, WorkDoc } from './work.ts';

const HOLDER = `${hostname()}:${process.pid}`;
/** The fault of work whose worker fell silent. */
export const CRASHED = 'crashed';

/**
 * Takes the document that has been due for longest: one that waits, or whose worker has fallen silent. The latter counts
 * as a failure until there is progress: a document that kills its workers must come to an end.
 * @param only narrows what is taken
 * @returns null when nothing is due
 */
export async function takeWork<T extends WorkDoc>(
  model: Model<T>,
  options: HoldOptions,
  only: object = {},
): Promise<Hold<T> | null> {
  const now = options.clock();
  const taken = {
    state: 'running',
    due: new Date(now.getTime() + options.leaseMs),
    holder: HOLDER,
    takenAt: now,
  } as const;
  const silent = { $eq: ['$work.state', 'running'] };
  const before = (await model
    .findOneAndUpdate(
      { 'work.state': { $in: ['waiting', 'running'] }, 'work.due': { $lte: now }, ...only } as never,
      [
        {
          $set: {
            'work.state': taken.state,
            'work.due': taken.due,
            'work.holder': { $literal: taken.holder },
            'work.takenAt': taken.takenAt,
            'work.fence': { $add: ['$work.fence', 1] },
            'work.attempts': { $add: ['$work.attempts', { $cond: [silent, 1, 0] }] },
            'work.fault': { $cond: [silent, CRASHED, '$work.fault'] },
          },
        },
      ],
      // The state that it was taken from tells whether it was taken over.
      { sort: { 'work.due': 1 }, returnDocument: 'before', updatePipeline: true },
    )
    .lean()) as T | null;
  if (!before) return null;
  const { work } = before;
  const takenOver = work.state === 'running';
  const after: Work = {
    ...work,
    ...taken,
    fence: work.fence + 1,
    attempts: work.attempts + (takenOver ? 1 : 0),
    fault: takenOver ? CRASHED : work.fault,
  };
  return new Hold(model, { ...before, work: after }, takenOver, options);
}
