import type { Model, PipelineStage, QueryFilter, UpdateQuery } from 'mongoose';
import type { StaffCaller } from '../../http/index.ts';
import type { Permission } from '../../../shared/permissions.ts';
import { isTimeLimit } from '../../infra/mongo/index.ts';
import { scopeFilter } from './scope.ts';

/** Counts go no further. */
const MOST_COUNTED = 10_000;
/** A list does not wait longer for its count. */
const COUNT_MS = 100;
/** So few documents are counted through whatever else the machine does. */
const FEW = 20_000;

/** The sub-document that every scoped collection carries under `scope`. */
export const scopeDefinition = {
  _id: false,
  regionPath: { type: [String], required: true },
  orgPath: { type: [String], required: true },
  createdBy: { type: String, required: true },
};

interface Counted {
  count: number;
  capped: boolean;
}

/**
 * The only way in which staff read a scoped collection: every operation is narrowed to what the caller may reach with the
 * permission. What lies outside does not exist: it is not found, not counted, not changed.
 */
export function scoped<T>(model: Model<T>, caller: StaffCaller, permission: Permission) {
  const reach = scopeFilter(caller, permission);
  const within = (filter: QueryFilter<T>) => ({ $and: [reach, filter] }) as QueryFilter<T>;
  /** Counts up to `max`; `capped` means that there are more. @param mostMs else as long as any query */
  async function countCapped(filter: QueryFilter<T>, max = MOST_COUNTED, mostMs?: number): Promise<Counted> {
    const counting = model.countDocuments(within(filter)).limit(max + 1);
    const count = await (mostMs === undefined ? counting : counting.maxTimeMS(mostMs));
    return { count: Math.min(count, max), capped: count > max };
  }
  return {
    find: (filter: QueryFilter<T>, projection?: Record<string, 0 | 1>) => model.find(within(filter), projection),
    findOne: (filter: QueryFilter<T>, projection?: Record<string, 0 | 1>) => model.findOne(within(filter), projection),
    countCapped,
    /**
     * The same for a list, or null where it would wait: for what two conditions have in common an index may have to go
     * through all that meet one of them, and a total is not worth that.
     */
    async countSoon(filter: QueryFilter<T>): Promise<Counted | null> {
      try {
        return await countCapped(filter, MOST_COUNTED, COUNT_MS);
      } catch (error) {
        if (!isTimeLimit(error)) throw error;
        return (await model.estimatedDocumentCount()) > FEW ? null : countCapped(filter);
      }
    },
    /** The pipeline begins with the scope; stages that read other collections (`$lookup`, `$unionWith`) are refused. */
    aggregate<R>(stages: PipelineStage[]) {
      if (/"\$(lookup|unionWith|graphLookup|out|merge)"/.test(JSON.stringify(stages)))
        throw new Error('a scoped pipeline stays in its collection');
      return model.aggregate<R>([{ $match: reach }, ...stages]);
    },
    /** Answers the document after the change, or null when there is none in reach. */
    findOneAndUpdate: (filter: QueryFilter<T>, update: UpdateQuery<T>) =>
      model.findOneAndUpdate(within(filter), update, { returnDocument: 'after' }),
  };
}

/** The `total` of a list, where one was asked for: counted, or at least what the page holds. @param more a cursor, its own or the next one */
export const totalOf = (
  counted: Counted | null | undefined,
  page: readonly unknown[],
  more: string | null | undefined,
): { total?: Counted } =>
  counted === undefined ? {} : { total: counted ?? { count: page.length, capped: Boolean(more) } };
