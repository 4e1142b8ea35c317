import { PassThrough, type Readable } from 'node:stream';
import { createWorkbookWriter, type CellInput, type SheetColumn } from '../../infra/workbook/index.ts';

export interface SheetSource<T> {
  name: string;
  columns: SheetColumn[];
  /** Closed when the export ends, however it ends. */
  cursor: AsyncIterable<T> & { close(): Promise<unknown> };
  row: (item: T) => CellInput[];
  signal: AbortSignal;
  /** Told at the end how many rows were written, and why it broke off if it did. */
  onEnd: (rows: number, err?: unknown) => void;
}

/**
 * A sheet as a stream: from the database's cursor through the writer to the client, each waiting for the next, so memory
 * stays flat however long the list and however slow the client. Leaves nothing open when the client goes.
 */
export function streamSheet<T>({ name, columns, cursor, row, signal, onEnd }: SheetSource<T>): Readable {
  const out = new PassThrough();
  let rows = 0;
  const write = async () => {
    try {
      const writer = createWorkbookWriter(out, { signal });
      const sheet = writer.sheet(name, { columns });
      for await (const item of cursor) {
        await sheet.row(row(item));
        rows++;
      }
      await sheet.close();
      await writer.close();
    } finally {
      await cursor.close();
    }
  };
  write().then(
    () => onEnd(rows),
    (err: unknown) => {
      out.destroy(err as Error);
      onEnd(rows, err);
    },
  );
  return out;
}
