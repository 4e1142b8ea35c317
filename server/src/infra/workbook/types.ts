import type { PackedRows } from './batch.ts';

export type CellType = 'text' | 'number' | 'date' | 'boolean' | 'error' | 'empty';

/**
 * One cell, always as text:
 * - `text`: to the last character; rich text joined, phonetic guides left out.
 * - `number`: the shortest plain decimal of the stored value, never with an exponent (`36.6`, `100000000000000000000`).
 * - `date`: `YYYY-MM-DD`, `YYYY-MM-DD HH:mm:ss`, or `HH:mm:ss` for a time of day or a length of time.
 * - `boolean`: `TRUE` or `FALSE`. `error`: as shown, for example `#N/A`. `empty`: the empty text.
 */
export interface Cell {
  type: CellType;
  text: string;
  /**
   * Set on a number that a spreadsheet program cannot hold to the last digit: an integer of 16 digits or more (an ID
   * number typed as a number), or more than 15 significant digits.
   */
  lossy?: true;
}

/** A row that holds something. `number` starts at 1 and skips empty rows; `cells[0]` is column A, without gaps. */
export interface Row {
  number: number;
  cells: Cell[];
}

export interface SheetInfo {
  name: string;
  /** Hidden from the person who looks at the file (hidden or very hidden). */
  hidden: boolean;
}

export interface RowsOptions {
  /** Ends the reading; the iterator then throws the signal's reason. */
  signal?: AbortSignal | undefined;
  /** The number of the first row that is wanted. Rows before it are passed over for a small part of what reading costs. */
  from?: number | undefined;
}

/** An opened file. Several sheets may be read one after another; `close` frees the file and may be called twice. */
export interface TableReader {
  readonly kind: 'xlsx' | 'csv';
  readonly sheets: readonly SheetInfo[];
  /**
   * Rows in file order, in batches. Faults of the file (a wrong checksum, a sheet that ends early) throw a WorkbookError,
   * maybe after the first batches: call `verify` before anything is written. An unknown sheet throws a RangeError.
   */
  rows(sheet: number | string, options?: RowsOptions): AsyncIterable<Row[]>;
  /**
   * Reads all bytes that `rows` would need and checks sizes and checksums, without parsing (a tenth of the cost).
   * @returns about how many rows hold something: of a workbook those that have cells, also if these are empty; 0 where nobody knows
   */
  verify(sheet: number | string, options?: RowsOptions): Promise<number>;
  close(): Promise<void>;
}

/** A reader whose rows can also be had packed, for sending them to another thread. */
export interface PackedReader extends TableReader {
  /** As `rows`; each batch holds until the next one is asked for. */
  packed(sheet: number | string, options?: RowsOptions): AsyncIterable<PackedRows>;
}

/** The one object that every empty cell is. */
export const EMPTY_CELL: Cell = Object.freeze({ type: 'empty', text: '' });
