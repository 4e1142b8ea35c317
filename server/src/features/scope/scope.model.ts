import type { Model, PipelineStage, QueryFilter, UpdateQuery } from 'mongoose';
import type { StaffCaller } from '../../http/index.ts';
import type { Permission } from '../../../shared/permissions.ts';
import { scopeFilter } from './scope.ts';

/** The sub-document that every scoped collection carries under `scope`. */
export const scopeDefinition = {
  _id: false,
  regionPath: { type: [String], required: true },
  orgPath: { type: [String], required: true },
  createdBy: { type: String, required: true },
};

/**
 * The only way in which staff read a scoped collection: every operation is narrowed to what the caller may reach with the
 * permission. What lies outside does not exist: it is not found, not counted, not changed.
 */
export function scoped<T>(model: Model<T>, caller: StaffCaller, permission: Permission) {
  const reach = scopeFilter(caller, permission);
  const within = (filter: QueryFilter<T>) => ({ $and: [reach, filter] }) as QueryFilter<T>;
  return {
    find: (filter: QueryFilter<T>, projection?: Record<string, 0 | 1>) => model.find(within(filter), projection),
    findOne: (filter: QueryFilter<T>, projection?: Record<string, 0 | 1>) => model.findOne(within(filter), projection),
    /** Counts up to `max`; `capped` means that there are more. */
    async countCapped(filter: QueryFilter<T>, max = 10_000): Promise<{ count: number; capped: boolean }> {
      const count = await model.countDocuments(within(filter)).limit(max + 1);
      return { count: Math.min(count, max), capped: count > max };
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
