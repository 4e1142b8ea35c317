import { decodeCursor, encodeCursor } from './cursor.ts';
import type { Rows } from './keyset.ts';
import { Problem } from './problem.ts';

/** A part of a list that one look into an index gives. */
export interface Range {
  filter: Record<string, unknown>;
  sort: Record<string, 1 | -1>;
}

export interface Sorting {
  /** The path in the document; a moment or a text in every row of the list. */
  field: string;
  type: 'date' | 'text';
  direction: 1 | -1;
}

const at = (row: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], row);

/**
 * Paging of a list that is sorted by one field and then by id, either way. After a cursor the rest of the list is two
 * `ranges` of the index, asked one after the other: the rows that are equal to the last one, from its id on, and those
 * beyond. As one question with `$or` MongoDB would go through all equal rows again, and a sort may have a million of them.
 * Rows that come in meanwhile don't shift the pages.
 * @throws Problem invalid_input for a cursor that we did not make
 */
export function sorted({ field, type, direction }: Sorting, cursor: string | undefined) {
  const place = cursor ? decode(cursor, type) : null;
  const beyond = direction === 1 ? '$gt' : '$lt';
  // A text is at least empty: said, since an index may hold only rows that have one.
  const whole = type === 'text' ? { [field]: { $gte: '' } } : {};
  const sort = { [field]: direction, _id: direction } as Record<string, 1 | -1>;
  const ranges: Range[] = place
    ? [
        // By id alone: a field that is said to equal something is no part of an order that MongoDB would merge by.
        { filter: { [field]: place.value, _id: { [beyond]: place.id } }, sort: { _id: direction } },
        { filter: { [field]: { [beyond]: place.value } }, sort },
      ]
    : [{ filter: whole, sort }];
  return {
    ranges,
    /** One page. `find` gives the first `most` rows of a range, in its order. */
    async page<T extends { _id: { toString(): string } }>(
      limit: number,
      find: (range: Range, most: number) => Promise<T[]>,
    ): Promise<Rows<T>> {
      const found: T[] = [];
      for (const range of ranges) {
        found.push(...(await find(range, limit + 1 - found.length)));
        if (found.length > limit) break;
      }
      const rows = found.slice(0, limit);
      const last = rows.at(-1);
      if (found.length <= limit || !last) return { rows, nextCursor: null };
      const value = at(last, field);
      const mark = value instanceof Date ? value.getTime() : typeof value === 'string' ? value : '';
      return { rows, nextCursor: encodeCursor([mark, String(last._id)]) };
    },
  };
}

export type Paging = ReturnType<typeof sorted>;

const MAX_DATE = 8.64e15;
const LONGEST = 200;

function decode(cursor: string, type: Sorting['type']): { value: Date | string; id: string } {
  const [value, id] = decodeCursor(cursor, [type === 'date' ? 'number' : 'string', 'string']) as [
    number | string,
    string,
  ];
  const good =
    typeof value === 'number' ? Number.isInteger(value) && Math.abs(value) <= MAX_DATE : value.length <= LONGEST;
  if (!good || !/^[0-9a-f]{24}$/.test(id))
    throw new Problem('invalid_input', { issues: [{ path: 'query.cursor', code: 'pattern_mismatch' }] });
  return { value: typeof value === 'number' ? new Date(value) : value, id };
}
