import type { Deps } from '../../deps.ts';
import { decodeCursor, encodeCursor, Problem } from '../../http/index.ts';
import { releaseModel, type ReleaseDoc, type ReleaseRow } from './releases.model.ts';
import type { ReleaseState } from './releases.states.ts';

const LAST_MOMENT = 8.64e15;

export interface ListAsked {
  cursor?: string | undefined;
  limit: number;
  state?: ReleaseState | undefined;
  waiting?: 'true' | undefined;
}

/** Release records, newest first. */
export function createRead({ mongo }: Pick<Deps, 'mongo'>) {
  const releases = releaseModel(mongo);
  return {
    find: (id: string): Promise<ReleaseDoc | null> => releases.findById(id).lean<ReleaseDoc>(),

    /** @throws invalid_input for a cursor that we did not make */
    async list({
      cursor,
      limit,
      state,
      waiting,
    }: ListAsked): Promise<{ items: ReleaseRow[]; nextCursor: string | null }> {
      const found = await releases
        .find(
          { ...(state ? { state } : {}), ...(waiting ? { waiting: true } : {}), ...(cursor ? after(cursor) : {}) },
          { events: 0 },
        )
        .sort({ startedAt: -1, _id: -1 })
        .limit(limit + 1)
        .lean<ReleaseRow[]>();
      const items = found.slice(0, limit);
      const last = items.at(-1);
      const nextCursor = found.length > limit && last ? encodeCursor([last.startedAt.getTime(), last._id]) : null;
      return { items, nextCursor };
    },
  };
}

function after(cursor: string): object {
  const [ms, id] = decodeCursor(cursor, ['number', 'string']) as [number, string];
  if (!Number.isInteger(ms) || Math.abs(ms) > LAST_MOMENT || !/^[0-9A-Za-z._-]{4,80}$/.test(id))
    throw new Problem('invalid_input', { issues: [{ path: 'query.cursor', code: 'pattern_mismatch' }] });
  const startedAt = new Date(ms);
  return { $or: [{ startedAt: { $lt: startedAt } }, { startedAt, _id: { $lt: id } }] };
}
