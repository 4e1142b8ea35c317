import type { Deps } from '../../deps.ts';
import { Problem } from '../../http/index.ts';
import type { Row, TableReader } from '../../infra/workbook/index.ts';
import type { OpenBatch } from './batch.ts';
import { importFaultModel, importReviewModel, removeOf } from './import-rows.model.ts';
import { NO_COUNTS, type ImportCounts, type SheetName } from './imports.model.ts';
import { isBlankRow } from './judge.ts';
import type { Mappings } from './mapping.ts';
import { createPace, type Desk, type ImportHold } from './phase.ts';

/** Rows judged and written together; between two batches an import can be stopped, taken over, paused or cancelled. */
const BATCH_ROWS = 1_000;

export type RowsPhase = (hold: ImportHold, reader: TableReader, signal: AbortSignal) => Promise<void>;

interface Others {
  desk: Desk;
  mappings: Mappings;
  openBatch: OpenBatch;
  batchRows?: number | undefined;
}

/** Goes through all rows, from the checkpoint on when it writes them, from the first when it only counts. */
export function createRowsPhases(
  { mongo, clock }: Deps,
  { desk, mappings, openBatch, batchRows = BATCH_ROWS }: Others,
) {
  const faults = importFaultModel(mongo);
  const reviews = importReviewModel(mongo);

  /** The sheet as it lies in the file, with its rows behind the header if they were counted. */
  function sheetOf({ doc }: ImportHold, headerRow: number): { index: number; total: number | null } {
    const names = doc.sheets === null ? [] : mappings.open<SheetName[]>(doc._id, doc.sheets);
    const name = names[doc.mapping?.sheet ?? 0];
    if (!name) throw new Problem('not_found');
    // Notes above the header are counted too; a row or two more or less is nothing in a bar.
    return { index: name.index, total: name.rows === null ? null : Math.max(0, name.rows - (headerRow > 0 ? 1 : 0)) };
  }

  /** Nothing that an earlier step told of rows is left. */
  async function begin({ doc }: ImportHold): Promise<void> {
    await removeOf(faults, doc._id);
    await removeOf(reviews, doc._id);
  }

  const check: RowsPhase = async (hold, reader, signal) => {
    const { header, batch } = await openBatch(hold.doc, 'check');
    const { index, total } = sheetOf(hold, header.row);
    await begin(hold);
    const counts: ImportCounts = { ...NO_COUNTS };
    const pace = createPace();
    let rate = 0;
    for await (const rows of batches(reader, index, { after: header.row, size: batchRows, signal })) {
      const delta = await batch(rows);
      for (const [name, count] of Object.entries(delta)) counts[name as keyof ImportCounts] += count;
      rate = pace.rows(rows.length);
      if (!pace.due) continue;
      const ask = await desk.note(hold, { rows: counts.read, total, about: true, rate });
      pace.noted();
      if (ask === 'cancel') return desk.end(hold, 'cancelled');
      if (ask === 'pause') return desk.park(hold, 'mapping');
    }
    if (counts.read === 0) throw new Problem('file_empty');
    await desk.park(hold, 'mapping', { check: counts, progress: { rows: counts.read, total: counts.read, rate } });
  };

  const run: RowsPhase = async (hold, reader, signal) => {
    const { header, batch } = await openBatch(hold.doc, 'run');
    const { index, total: counted } = sheetOf(hold, header.row);
    let total = hold.doc.check?.read ?? counted ?? hold.doc.progress.total;
    const guessed = hold.doc.check === null;
    if (hold.doc.position === 0) {
      // Everything is read to its end before the first row is written: a file cut short imports nothing.
      if (counted === null) {
        const left = (await reader.verify(index, { signal })) - header.row;
        // None at all: written in a way in which they can't be counted without reading them.
        total = left > 0 ? left : null;
        await desk.note(hold, { rows: 0, total, about: guessed, rate: 0 });
      }
      await begin(hold);
    }
    const pace = createPace(hold.doc.progress.rate);
    const after = Math.max(hold.doc.position, header.row);
    const startedAt = hold.doc.startedAt ?? clock();
    for await (const rows of batches(reader, index, { after, size: batchRows, signal })) {
      const delta = await batch(rows);
      const progress = { rows: hold.doc.counts.read + delta.read, total, about: guessed, rate: pace.rows(rows.length) };
      const position = rows.at(-1)!.number;
      const counts = Object.fromEntries(Object.entries(delta).map(([name, n]) => [`counts.${name}`, n]));
      const { ask } = await desk.checkpoint(hold, {
        $set: { position, progress, startedAt, state: 'running', fault: null },
        $inc: counts,
      });
      if (ask === 'cancel') return desk.end(hold, 'cancelled');
      if (ask === 'pause') return desk.park(hold, 'paused');
      signal.throwIfAborted();
    }
    const { read } = hold.doc.counts;
    if (read === 0) throw new Problem('file_empty');
    await desk.end(hold, 'finished', { progress: { rows: read, total: read, rate: hold.doc.progress.rate } });
  };

  return { check, run };
}

/** The rows behind `after` that hold something, some at a time. */
async function* batches(
  reader: TableReader,
  sheet: number,
  { after, size, signal }: { after: number; size: number; signal: AbortSignal },
): AsyncGenerator<Row[]> {
  let batch: Row[] = [];
  for await (const rows of reader.rows(sheet, { signal, from: after + 1 })) {
    for (const row of rows) {
      if (isBlankRow(row)) continue;
      batch.push(row);
      if (batch.length < size) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length) yield batch;
}
