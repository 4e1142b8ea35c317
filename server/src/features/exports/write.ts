import type { Writable } from 'node:stream';
import { setImmediate as otherWork } from 'node:timers/promises';
import type { mongo } from 'mongoose';
import { textOf, type Locale } from '../../../shared/fields/index.ts';
import { momentOf, type Snapshot } from '../../infra/mongo/index.ts';
import { createWorkbookWriter } from '../../infra/workbook/index.ts';
import { writeAbout, type About } from './about.ts';
import { sheetColumns } from './columns.ts';
import type { Counted } from './counting.ts';
import type { Item, Plan } from './plan.ts';

/** Rows that one answer of the database brings. */
const BATCH = 500;
/** Rows between two looks at other work of the process: heartbeats, other requests. About 2 ms. */
const STRIDE = 50;

/** The file does not hold what was counted at the same moment: it must not leave. */
export class RowsMismatch extends Error {
  override name = 'RowsMismatch';
}

export interface Writing {
  plan: Plan;
  filter: mongo.Filter<mongo.Document>;
  snapshot: Snapshot;
  counted: Counted;
  /** What the last sheet says beside the counts. */
  about: Omit<About, 'sheets' | 'versions' | 'total' | 'columns' | 'snapshotAt'>;
  locale: Locale;
  signal: AbortSignal;
  /** The longest that the database may work for one sheet, ms; none unless told. */
  maxTimeMS?: number;
  /** Told of the rows so far, now and then. */
  onRows?: (rows: number) => Promise<void> | void;
}

/**
 * Writes a workbook to `out`: from the database's cursor through the writer to whoever reads, each waiting for the next,
 * so memory stays flat however long the list and however slow the reader. All of it is read at the snapshot's time.
 * Leaves no cursor open, however it ends.
 * @returns the rows written
 * @throws RowsMismatch when the rows are not those that were counted, or the signal's reason
 */
export async function writeWorkbook(out: Writable, writing: Writing): Promise<number> {
  const { plan, filter, snapshot, counted, about, locale, signal, maxTimeMS, onRows } = writing;
  const writer = createWorkbookWriter(out, { signal });
  const planned = await plan.sheets([...counted.versions.keys()]);
  let total = 0;
  for (const { name, columns, only } of planned) {
    const sheet = writer.sheet(name, { columns: sheetColumns(columns, locale) });
    const cursor = snapshot.find<Item>(
      plan.collection,
      { $and: [filter, only] },
      { sort: plan.sort, projection: plan.projection, batchSize: BATCH, ...(maxTimeMS ? { maxTimeMS } : {}) },
    );
    const before = total;
    try {
      for await (const item of cursor) {
        await sheet.row(columns.map((column) => column.show(item)));
        total += 1;
        if (total % STRIDE === 0) {
          await otherWork();
          await onRows?.(total);
        }
      }
    } finally {
      await cursor.close();
    }
    await sheet.close();
    const expected = only.version === undefined ? counted.total : (counted.versions.get(only.version) ?? 0);
    if (total - before !== expected) throw new RowsMismatch(`${total - before} rows instead of ${expected}`);
  }
  if (total !== counted.total) throw new RowsMismatch(`${total} rows instead of ${counted.total}`);
  const named = planned.flatMap(({ columns }) => columns.map(({ label }) => textOf(label, locale)));
  await writeAbout(
    writer,
    {
      ...about,
      sheets: writer.complete,
      columns: [...new Set(named)],
      versions: counted.versions,
      total,
      snapshotAt: momentOf(snapshot.at),
    },
    locale,
  );
  await writer.close();
  return total;
}
