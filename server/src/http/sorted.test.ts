import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sorted } from './index.ts';

interface Row {
  _id: string;
  sort: { s0: string };
}
type Bound = string | { $gt?: string; $lt?: string; $gte?: string };

const holds = (value: string, bound: Bound | undefined): boolean => {
  if (bound === undefined) return true;
  if (typeof bound === 'string') return value === bound;
  const { $gt, $lt, $gte } = bound;
  return (
    ($gt === undefined || value > $gt) && ($lt === undefined || value < $lt) && ($gte === undefined || value >= $gte)
  );
};

/** What a database would find, in its order. */
function find(rows: readonly Row[], filter: Record<string, unknown>, direction: 1 | -1, most: number): Row[] {
  const value = (row: Row, path: string) => (path === '_id' ? row._id : row.sort.s0);
  const order = (row: Row) => `${row.sort.s0}/${row._id}`;
  return rows
    .filter((row) => Object.entries(filter).every(([path, bound]) => holds(value(row, path), bound as Bound)))
    .sort((a, b) => (order(a) < order(b) ? -direction : direction))
    .slice(0, most);
}

describe('paging by a field and then by id', () => {
  it('gives every row once, in order, however many are equal', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('', 'a', 'b', 'c'), { maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(1 as const, -1 as const),
        async (values, limit, direction) => {
          const rows = values.map((s0, at): Row => ({ _id: at.toString(16).padStart(24, '0'), sort: { s0 } }));
          const seen: Row[] = [];
          for (let cursor: string | undefined; ;) {
            const paging = sorted({ field: 'sort.s0', type: 'text', direction }, cursor);
            const page = await paging.page(limit, async ({ filter }, most) => find(rows, filter, direction, most));
            seen.push(...page.rows);
            if (page.nextCursor === null) break;
            cursor = page.nextCursor;
          }
          expect(seen).toEqual(find(rows, {}, direction, rows.length));
        },
      ),
    );
  });
});
