import type { ZipPartWriter } from '../zip/index.ts';
import { STYLE } from './book-xml.ts';
import { RowEncoder, type CellInput } from './row-encoder.ts';
import { sheetHead, sheetTail, type SheetOptions } from './sheet-xml.ts';

/** Bytes of XML handed to zlib at a time: enough to make a thread's turn worth it, and a millisecond of the event loop. */
const CHUNK = 128 * 1024;
/** Behind a full chunk there is room for the row that filled it. */
const BUFFER = CHUNK + 32 * 1024;

/** Where a sheet is written to. */
export interface SheetHost {
  readonly signal: AbortSignal;
  /** Begins the next sheet of the workbook. */
  begin(): { part: ZipPartWriter; first: boolean };
  /** Told of each sheet that is complete. */
  end(rows: number): void;
  /** Rows of a sheet, and bytes of its XML, before the next one begins. */
  readonly maxRows: number;
  readonly maxBytes: number;
}

/**
 * One sheet, or as many as its rows need: past 1,048,576 rows it goes on in a next one, headers again on top.
 * One buffer is filled with rows while the other is packed in the thread pool.
 */
export class SheetWriter {
  readonly #options: SheetOptions;
  readonly #host: SheetHost;
  readonly #encoder: RowEncoder;
  #part: ZipPartWriter;
  #rows = 0;
  #closed = false;
  /** Settles when what was handed over last has been packed and the output wants more. */
  #packing: Promise<void> = Promise.resolve();
  #spare: Buffer | undefined;

  constructor(options: SheetOptions, host: SheetHost) {
    const { columns } = options;
    this.#options = options;
    this.#host = host;
    this.#encoder = new RowEncoder(newBuffer(), (i) => (columns[i]?.textFormat ? STYLE.text : STYLE.plain));
    this.#part = this.#begin();
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Writes one row and waits until the output takes more; await it before the next. Texts are cleaned (`cleanText`) and
   * are never formulas; numbers of 16 digits and more are written as text, numbers that are not finite as empty cells.
   */
  async row(values: readonly CellInput[]): Promise<void> {
    if (this.#closed) throw new Error('the sheet is closed');
    this.#host.signal.throwIfAborted();
    if (this.#rows >= this.#host.maxRows || this.#part.size >= this.#host.maxBytes) {
      await this.#end();
      this.#part = this.#begin();
    }
    this.#encoder.row(values, this.#rows + 1);
    this.#rows++;
    if (this.#encoder.length >= CHUNK) await this.#pack();
  }

  /** Ends the sheet and waits until the zip has taken it. May be called twice. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#end();
  }

  #begin(): ZipPartWriter {
    const { part, first } = this.#host.begin();
    this.#rows = this.#options.columns.length > 0 ? 1 : 0;
    this.#handOver(part, Buffer.from(sheetHead(this.#options, first)));
    return part;
  }

  async #end(): Promise<void> {
    await this.#pack();
    await this.#packing;
    await this.#part.write(Buffer.from(sheetTail(this.#options.columns.length, this.#rows)));
    await this.#part.close();
    this.#host.end(this.#rows);
  }

  async #pack(): Promise<void> {
    await this.#packing;
    const chunk = this.#encoder.take(this.#spare ?? newBuffer());
    this.#spare = undefined;
    this.#handOver(this.#part, chunk);
  }

  #handOver(part: ZipPartWriter, chunk: Buffer): void {
    this.#packing = part.write(chunk).then(() => {
      // One that grew for a huge row is let go.
      if (chunk.buffer.byteLength === BUFFER) this.#spare = Buffer.from(chunk.buffer);
    });
    // Its failure is thrown where it is awaited; until then nobody listens.
    this.#packing.catch(() => undefined);
  }
}

function newBuffer(): Buffer {
  return Buffer.allocUnsafeSlow(BUFFER);
}
