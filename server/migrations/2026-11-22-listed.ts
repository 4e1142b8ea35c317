import type { mongo } from 'mongoose';
import type { IndexRow } from './2026-11-21-indexes.ts';

/**
 * Records by region, form, answer and state, newest first: one index for all of these filters and every scope, since what is
 * asked for together is one word of it. The state comes before the time: a list of every state is merged from one range each.
 */
export const indexes: IndexRow[] = [['submissions', { listed: 1, status: 1, submittedAt: -1, _id: -1 }]];

export const id = '2026-11-22-listed';

/** As `server/src/features/submissions/submissions.listed.ts` says it. */
const lists = {
  $reduce: {
    input: {
      $concatArrays: [
        [''],
        {
          $filter: {
            input: { $ifNull: ['$scope.regionPath', []] },
            as: 'region',
            cond: { $ne: [{ $substrCP: ['$$region', 4, 2] }, '00'] },
          },
        },
      ],
    },
    initialValue: [],
    in: {
      $concatArrays: [
        '$$value',
        [{ $concat: ['|', '$$this'] }, { $concat: ['$formKey', '|', '$$this'] }],
        {
          $map: {
            input: { $ifNull: ['$facets', []] },
            as: 'facet',
            in: { $concat: ['$formKey', '|', '$$this', '|', '$$facet.k', '|', { $toString: '$$facet.v' }] },
          },
        },
      ],
    },
  },
};

/** The records get their lists first: an index is built faster than it is kept up. What was cut goes on with the rest. */
export async function up(db: mongo.Db): Promise<void> {
  await db.collection('submissions').updateMany({ listed: { $exists: false } }, [{ $set: { listed: lists } }]);
  for (const [collection, keys, options] of indexes) await db.collection(collection).createIndex(keys, options ?? {});
}
