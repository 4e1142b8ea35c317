import { WorkbookError } from './errors.ts';
import { DEFAULT_LIMITS, MAX_COLUMNS } from './limits.ts';
import { EMPTY_CELL, type Cell, type CellType } from './types.ts';

/**
 * Rows in a form that costs no object a cell: it is filled by the scanner, handed to another thread without copying its
 * contents one by one, and made into `Row`s where they are wanted (see `unpack.ts`).
 *
 * A cell is two words: what it is (bits below) and where its text begins. Texts stand one after another, those of
 * characters below 128 as bytes, others as UTF-16 units. A text that occurs again and again is sent once, by `known`, and
 * named by its slot from then on.
 */
export interface PackedRows {
  /** Row number and number of cells, in turn. */
  rows: Uint32Array;
  /** Two words a cell; 0 is an empty one. */
  cells: Uint32Array;
  /**
   * Cells to keep when the batch has been read: slot and the two words, in turn. They stay until their slot is given
   * again.
   */
  known: Uint32Array;
  narrow: Uint8Array;
  wide: Uint16Array;
}

/** The first word of a cell: bits 0–2 its type, then these, then the length of its text. */
export const TYPES: readonly CellType[] = ['empty', 'text', 'number', 'date', 'boolean', 'error'];
export const TYPE_BITS = 0x07;
export const LOSSY = 0x08;
export const WIDE = 0x10;
/** The second word is a slot. */
export const KNOWN = 0x20;
export const LENGTH_SHIFT = 6;

export const TEXT = 1;
export const NUMBER = 2;
export const DATE = 3;
export const ERROR = 5;

const CODE_OF = new Map(TYPES.map((type, code) => [type, code]));

/** A batch is full with so many rows, cells or characters. Cells and characters count too: rows may be wide. */
const BATCH_ROWS = 500;
const BATCH_CELLS = 50_000;
const BATCH_CHARS = 256 * 1024;
/** The characters of one batch with its last row: more than any honest row adds, and less than hurts. */
const MAX_CHARS = 8 * 1024 * 1024;

const EMPTY_PER_CELL = 64;

/** Collects rows. The owner of the hot loop writes into its arrays directly, after `roomFor`. */
export class RowBatch {
  readonly cells = new Uint32Array(2 * (BATCH_CELLS + MAX_COLUMNS));
  narrow = new Uint8Array(2 * BATCH_CHARS);
  wide = new Uint16Array(2 * BATCH_CHARS);
  narrowUsed = 0;
  wideUsed = 0;
  /** Counts batches. */
  serial = 1;
  readonly #rows = new Uint32Array(2 * BATCH_ROWS);
  #rowCount = 0;
  #known: number[] = [];
  /** Where the open row begins, and how many cells it has by now. */
  #base = 0;
  #width = 0;
  /** Of all batches. */
  #cellCount = 0;
  #emptyCount = 0;
  readonly #maxEmpty: number;

  /** @param maxEmpty see `Limits.emptyCells` */
  constructor(maxEmpty: number = DEFAULT_LIMITS.emptyCells) {
    this.#maxEmpty = maxEmpty;
  }

  get empty(): boolean {
    return this.#rowCount === 0;
  }

  /** Puts a cell into the open row, in any order of columns. */
  put(column: number, code: number, start: number): void {
    const { cells } = this;
    const at = this.#base + 2 * column;
    if (column >= this.#width) {
      const end = this.#base + 2 * this.#width;
      if (at > end) this.#leaveEmpty(end, at);
      this.#width = column + 1;
    }
    cells[at] = code;
    cells[at + 1] = start;
  }

  /** Puts a cell whose text has been written behind the others; takes its room. @returns where the text begins */
  add(column: number, code: number): number {
    const length = code >>> LENGTH_SHIFT;
    let start: number;
    if ((code & WIDE) === 0) {
      start = this.narrowUsed;
      this.narrowUsed = start + length;
    } else {
      start = this.wideUsed;
      this.wideUsed = start + length;
    }
    this.put(column, code, start);
    return start;
  }

  /** Puts a cell that was made the long way. */
  putCell(column: number, cell: Cell): void {
    if (cell === EMPTY_CELL) return;
    const { text } = cell;
    const { length } = text;
    const code = (CODE_OF.get(cell.type) as number) | (cell.lossy ? LOSSY : 0);
    this.roomFor(length);
    let wide = 0;
    for (let i = 0; i < length && wide === 0; i++) {
      const unit = text.charCodeAt(i);
      if (unit >= 0x80) wide = WIDE;
      else this.narrow[this.narrowUsed + i] = unit;
    }
    if (wide !== 0) for (let i = 0; i < length; i++) this.wide[this.wideUsed + i] = text.charCodeAt(i);
    this.add(column, code | wide | (length << LENGTH_SHIFT));
  }

  /** Has the reader keep a cell in a slot, from the next batch on. */
  keep(slot: number, code: number, start: number): void {
    this.#known.push(slot, code, start);
  }

  /** Makes sure that a text of so many characters fits, of either kind. */
  roomFor(length: number): void {
    if (this.narrowUsed + length > this.narrow.length) {
      const grown = new Uint8Array(this.#grownSize(this.narrowUsed + length));
      grown.set(this.narrow);
      this.narrow = grown;
    }
    if (this.wideUsed + length > this.wide.length) {
      const grown = new Uint16Array(this.#grownSize(this.wideUsed + length));
      grown.set(this.wide);
      this.wide = grown;
    }
  }

  /** Ends the open row; one without cells is left out. @returns whether the batch is full */
  endRow(number: number): boolean {
    if (this.#width > 0) {
      this.#rows[2 * this.#rowCount] = number;
      this.#rows[2 * this.#rowCount + 1] = this.#width;
      this.#rowCount++;
      this.#base += 2 * this.#width;
      this.#cellCount += this.#width;
      this.#width = 0;
    }
    return (
      this.#rowCount >= BATCH_ROWS ||
      this.#base >= 2 * BATCH_CELLS ||
      this.narrowUsed >= BATCH_CHARS ||
      this.wideUsed >= BATCH_CHARS
    );
  }

  /** The rows since the last call, as views on the batch's own memory: they hold until the next row begins. */
  take(): PackedRows {
    const taken = {
      rows: this.#rows.subarray(0, 2 * this.#rowCount),
      cells: this.cells.subarray(0, this.#base),
      known: Uint32Array.from(this.#known),
      narrow: this.narrow.subarray(0, this.narrowUsed),
      wide: this.wide.subarray(0, this.wideUsed),
    };
    this.#rowCount = this.#base = this.#width = this.narrowUsed = this.wideUsed = 0;
    this.#known = [];
    this.serial++;
    return taken;
  }

  #leaveEmpty(from: number, to: number): void {
    this.cells.fill(0, from, to);
    this.#emptyCount += (to - from) / 2;
    if (this.#emptyCount - EMPTY_PER_CELL * (this.#cellCount - this.#emptyCount) > this.#maxEmpty) {
      throw new WorkbookError('file_bomb', { limit: 'empty_cells' });
    }
  }

  #grownSize(needed: number): number {
    if (needed > MAX_CHARS) throw new WorkbookError('file_too_large', { limit: 'row', max: MAX_CHARS });
    return Math.min(MAX_CHARS, 2 * needed);
  }
}
