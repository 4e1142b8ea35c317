import { decodeCursor, encodeCursor } from './cursor.ts';
import { Problem } from './problem.ts';

/** The rows of one page more than asked for, cut to the page. */
export interface Rows<T> {
  rows: T[];
  nextCursor: string | null;
}

const MAX_DATE = 8.64e15;

/**
 * Paging of lists that are sorted by a moment and then by id, newest first: `filter` is the part of the MongoDB filter
 * that goes on after a cursor. Rows that come in meanwhile don't shift the pages.
 * @throws Problem invalid_input for a cursor that we did not make
 */
export function keyset<F extends string>(field: F, cursor: string | undefined) {
  const place = cursor ? decode(cursor) : null;
  return {
    filter: place ? { $or: [{ [field]: { $lt: place.at } }, { [field]: place.at, _id: { $lt: place.id } }] } : {},
    sort: { [field]: -1, _id: -1 } as Record<string, -1>,
    cut<T extends { _id: { toString(): string } } & Record<F, Date>>(found: T[], limit: number): Rows<T> {
      const rows = found.slice(0, limit);
      const last = rows.at(-1);
      return {
        rows,
        nextCursor: found.length > limit && last ? encodeCursor([last[field].getTime(), String(last._id)]) : null,
      };
    },
  };
}

function decode(cursor: string): { at: Date; id: string } {
  const [ms, id] = decodeCursor(cursor, ['number', 'string']) as [number, string];
  if (!Number.isInteger(ms) || Math.abs(ms) > MAX_DATE || !/^[0-9a-f]{24}$/.test(id)) {
    throw new Problem('invalid_input', { issues: [{ path: 'query.cursor', code: 'pattern_mismatch' }] });
  }
  return { at: new Date(ms), id };
}
