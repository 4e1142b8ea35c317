import { once } from 'node:events';
import type { Writable } from 'node:stream';
import ExcelJS from 'exceljs';
import { sheetName } from './clean.ts';
import { MAX_ROWS } from './limits.ts';
import { SheetWriter, type SheetOptions } from './sheet-writer.ts';

export interface WorkbookWriterOptions {
  /** Ends the writing at once: pending calls throw the signal's reason and `out` is destroyed. */
  signal?: AbortSignal | undefined;
  /** zlib level; 1 is fast, 6 the default. */
  level?: number;
  /** Rows of a sheet before the next one begins; fewer than 1,048,576 only in tests. */
  maxRows?: number;
}

/** Writes an xlsx file to a stream in constant memory, one sheet after another. */
export class WorkbookWriter {
  readonly #book: ExcelJS.stream.xlsx.WorkbookWriter;
  readonly #stop = new AbortController();
  readonly #names: string[] = [];
  readonly #maxRows: number;
  #current: SheetWriter | undefined;

  constructor(out: Writable, options: WorkbookWriterOptions = {}) {
    const { signal, level = 6, maxRows = MAX_ROWS } = options;
    this.#maxRows = maxRows;
    signal?.throwIfAborted();
    this.#book = new ExcelJS.stream.xlsx.WorkbookWriter({
      stream: out,
      useStyles: true,
      // Shared strings would keep every text in memory until the end.
      useSharedStrings: false,
      zip: { zlib: { level } },
    } as ConstructorParameters<typeof ExcelJS.stream.xlsx.WorkbookWriter>[0]);
    const fail = (reason: unknown): void => this.#stop.abort(reason);
    const onAbort = (): void => fail(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    zipOf(this.#book).on('error', fail);
    out.on('error', fail);
    out.once('close', () => {
      signal?.removeEventListener('abort', onAbort);
      if (!out.writableFinished) fail(new Error('the output was closed before the workbook was complete'));
    });
    this.#stop.signal.addEventListener('abort', () => {
      zipOf(this.#book).abort();
      out.destroy();
    });
  }

  /**
   * Opens the next sheet; the one before it must be closed. The name is made valid and unique.
   * @throws the reason when the writing has been aborted or the output has failed
   */
  sheet(name: string, options: SheetOptions): SheetWriter {
    this.#stop.signal.throwIfAborted();
    if (this.#current && !this.#current.closed) throw new Error('close the open sheet first');
    this.#current = new SheetWriter({ ...options, maxRows: this.#maxRows }, this.#stop.signal, () =>
      this.#open(name, options),
    );
    return this.#current;
  }

  /** Closes an open sheet, writes the rest and ends the output. */
  async close(): Promise<void> {
    if (this.#names.length === 0) this.sheet('Sheet', { columns: [] });
    await this.#current?.close();
    await this.#guard(this.#book.commit());
  }

  #open(name: string, options: SheetOptions): { sheet: ExcelJS.Worksheet; written: Promise<unknown> } {
    const title = sheetName(name, this.#names);
    this.#names.push(title);
    const frozen = options.frozenRows ?? 1;
    const views: Partial<ExcelJS.WorksheetView>[] = frozen > 0 ? [{ state: 'frozen', ySplit: frozen }] : [];
    const sheet = this.#book.addWorksheet(title, { views });
    const part = `worksheets/sheet${this.#names.length}.xml`;
    return { sheet, written: this.#guard(this.#entry(part)) };
  }

  /** Done when the zip has taken the whole part, so that the next sheet doesn't pile up behind it. */
  async #entry(part: string): Promise<void> {
    for (;;) {
      const [entry] = (await once(zipOf(this.#book), 'entry', { signal: this.#stop.signal })) as [{ name: string }];
      if (entry.name.endsWith(part)) return;
    }
  }

  async #guard<T>(work: Promise<T>): Promise<T> {
    const { signal } = this.#stop;
    let stop = (): void => undefined;
    const stopped = new Promise<never>((_resolve, reject) => {
      stop = () => reject(signal.reason as Error);
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    });
    try {
      return await Promise.race([work, stopped]);
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}

interface Zip extends NodeJS.EventEmitter {
  abort(): void;
}

/** The zip stream of exceljs's writer is private; a test holds the version that this relies on. */
function zipOf(book: ExcelJS.stream.xlsx.WorkbookWriter): Zip {
  return (book as unknown as { zip: Zip }).zip;
}

/**
 * Starts an xlsx file on a stream. Memory stays constant whatever the number of rows, as `row` waits for the output.
 * When the output fails or closes early, every pending call rejects.
 */
export function createWorkbookWriter(out: Writable, options: WorkbookWriterOptions = {}): WorkbookWriter {
  return new WorkbookWriter(out, options);
}
