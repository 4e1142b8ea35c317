import type { Writable } from 'node:stream';
import { ZipWriter } from '../zip/index.ts';
import { FIRST_PARTS, lastParts, sheetPart, type WrittenSheet } from './book-xml.ts';
import { sheetName } from './clean.ts';
import { DEFAULT_LIMITS, MAX_ROWS } from './limits.ts';
import { SheetWriter } from './sheet-writer.ts';
import type { SheetOptions } from './sheet-xml.ts';

export interface WorkbookWriterOptions {
  /** Ends the writing at once: pending calls throw the signal's reason and `out` is destroyed. */
  signal?: AbortSignal | undefined;
  /** zlib level; 1 is fast, 6 the default. */
  level?: number;
  /** Rows of a sheet before the next one begins; fewer than 1,048,576 only in tests. */
  maxRows?: number;
  /** Bytes of a sheet's XML before the next one begins: what our own reader takes, with room for a last row. */
  maxBytes?: number;
}

const ROOM_FOR_A_ROW = 64 * 1024 * 1024;

/** Writes an xlsx file to a stream in constant memory, one sheet after another. */
export class WorkbookWriter {
  readonly #zip: ZipWriter;
  readonly #names: string[] = [];
  readonly #written: WrittenSheet[] = [];
  readonly #bounds: { maxRows: number; maxBytes: number };
  #current: SheetWriter | undefined;

  constructor(out: Writable, options: WorkbookWriterOptions = {}) {
    const { maxRows = MAX_ROWS, maxBytes = DEFAULT_LIMITS.sheetBytes - ROOM_FOR_A_ROW, ...zipOptions } = options;
    this.#bounds = { maxRows, maxBytes };
    this.#zip = new ZipWriter(out, zipOptions);
    for (const [part, xml] of FIRST_PARTS) this.#zip.add(part, xml);
  }

  /**
   * Opens the next sheet; the one before it must be closed. The name is made valid and unique.
   * @throws the reason when the writing has been aborted or the output has failed
   */
  sheet(name: string, options: SheetOptions): SheetWriter {
    this.#zip.signal.throwIfAborted();
    if (this.#current && !this.#current.closed) throw new Error('close the open sheet first');
    this.#current = new SheetWriter(options, {
      ...this.#bounds,
      signal: this.#zip.signal,
      begin: () => {
        const index = this.#names.push(sheetName(name, this.#names)) - 1;
        return { part: this.#zip.open(`xl/${sheetPart(index)}`), first: index === 0 };
      },
      end: (rows) => {
        const index = this.#written.length;
        this.#written.push({ name: this.#names[index] as string, columns: options.columns.length, rows });
      },
    });
    return this.#current;
  }

  /** The sheets that are complete: as they are called in the file, with their rows below the header. */
  get complete(): { name: string; rows: number }[] {
    return this.#written.map(({ name, columns, rows }) => ({ name, rows: columns > 0 ? rows - 1 : rows }));
  }

  /** Closes an open sheet, writes the rest and ends the output. */
  async close(): Promise<void> {
    this.#zip.signal.throwIfAborted();
    if (this.#names.length === 0) this.sheet('Sheet', { columns: [] });
    await this.#current?.close();
    for (const [part, xml] of lastParts(this.#written)) this.#zip.add(part, xml);
    await this.#zip.close();
  }
}

/**
 * Starts an xlsx file on a stream. Memory stays constant whatever the number of rows, as `row` waits for the output.
 * When the output fails or closes early, every pending call rejects.
 */
export function createWorkbookWriter(out: Writable, options: WorkbookWriterOptions = {}): WorkbookWriter {
  return new WorkbookWriter(out, options);
}
