import type { Deps } from '../../deps.ts';
import { decodeIdCursor, encodeCursor, Problem, type StaffCaller } from '../../http/index.ts';
import { scoped } from '../scope/index.ts';
import { importModel, type ImportDoc } from './imports.model.ts';
import { ACTIVE_STATES, ENDED_STATES } from './imports.states.ts';

export type ImportRead = ReturnType<typeof createImportRead>;

/** Imports told of in one stream; a page of the task centre. */
const ACTIVE_AT_ONCE = 20;

interface ListQuery {
  cursor?: string | undefined;
  limit: number;
  state?: 'active' | 'ended' | undefined;
  mine?: boolean | undefined;
}

/** Reads of imports, each within the caller's scope. */
export function createImportRead({ mongo }: Deps) {
  const imports = importModel(mongo);
  const { ObjectId } = mongo.base.Types;

  return {
    async list(caller: StaffCaller, { cursor, limit, state, mine }: ListQuery) {
      const found = await scoped(imports, caller, 'import.run')
        .find({
          ...(cursor ? { _id: { $lt: new ObjectId(decodeIdCursor(cursor)) } } : {}),
          ...(state ? { state: { $in: state === 'active' ? ACTIVE_STATES : ENDED_STATES } } : {}),
          ...(mine ? { createdBy: caller.accountId } : {}),
        })
        .sort({ _id: -1 })
        .limit(limit + 1)
        .lean<ImportDoc[]>();
      const items = found.slice(0, limit);
      return { items, nextCursor: found.length > limit ? encodeCursor([String(items.at(-1)!._id)]) : null };
    },

    active: (caller: StaffCaller): Promise<ImportDoc[]> =>
      scoped(imports, caller, 'import.run')
        .find({ state: { $in: ACTIVE_STATES } })
        .sort({ _id: -1 })
        .limit(ACTIVE_AT_ONCE)
        .lean<ImportDoc[]>(),

    /** @throws not_found, also for what lies outside of the caller's scope */
    async get(caller: StaffCaller, id: string): Promise<ImportDoc> {
      const found = await scoped(imports, caller, 'import.run')
        .findOne({ _id: new ObjectId(id) })
        .lean<ImportDoc>();
      if (!found) throw new Problem('not_found');
      return found;
    },

    /** The last import that finished with the same file into the same version. */
    async sameFile(
      caller: StaffCaller,
      { sha256, formKey, version }: Pick<ImportDoc, 'sha256' | 'formKey' | 'version'>,
    ): Promise<ImportDoc['repeatOf']> {
      const found = await scoped(imports, caller, 'import.run')
        .findOne({ sha256, formKey, version, state: 'finished' })
        .sort({ _id: -1 })
        .lean<ImportDoc>();
      return found && { id: found._id, createdAt: found.createdAt, createdByName: found.createdByName };
    },
  };
}
