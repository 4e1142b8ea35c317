import { KNOWN, LENGTH_SHIFT, TEXT, WIDE, type RowBatch } from './batch.ts';
import type { StringTable } from './string-table.ts';

const SLOTS = 16_384;
/** A longer text is sent each time: what is kept must stay small. */
const KNOWN_CHARS = 64;
const NONE = -1;

/**
 * Puts cells of shared strings into a batch. A string that comes again while its slot still remembers it is sent as one
 * to keep, and after that by its slot alone: options, regions and names are decoded once, not a million times. Strings
 * that come once never take a place.
 */
export class SharedCells {
  readonly #strings: StringTable;
  readonly #batch: RowBatch;
  /** By slot: the string that was last seen, the one that is kept, and the batch in which that was last used. */
  readonly #seen = new Int32Array(SLOTS).fill(NONE);
  readonly #kept = new Int32Array(SLOTS).fill(NONE);
  readonly #usedIn = new Int32Array(SLOTS);

  constructor(strings: StringTable, batch: RowBatch) {
    this.#strings = strings;
    this.#batch = batch;
  }

  /** @throws WorkbookError file_corrupt when the file has no such string */
  put(column: number, index: number): void {
    const batch = this.#batch;
    const slot = index & (SLOTS - 1);
    if (this.#kept[slot] === index) {
      this.#usedIn[slot] = batch.serial;
      batch.put(column, KNOWN | TEXT, slot);
      return;
    }
    const code = this.#strings.copy(index, batch) | TEXT;
    if (code === TEXT) return;
    const wide = (code & WIDE) !== 0;
    const length = code >>> LENGTH_SHIFT;
    const start = wide ? batch.wideUsed : batch.narrowUsed;
    if (wide) batch.wideUsed += length;
    else batch.narrowUsed += length;
    // A slot that this batch has used keeps its meaning to the batch's end.
    if (this.#seen[slot] === index && length <= KNOWN_CHARS && this.#usedIn[slot] !== batch.serial) {
      this.#kept[slot] = index;
      this.#usedIn[slot] = batch.serial;
      batch.keep(slot, code, start);
      batch.put(column, KNOWN | TEXT, slot);
      return;
    }
    this.#seen[slot] = index;
    batch.put(column, code, start);
  }
}
