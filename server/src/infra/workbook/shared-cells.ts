import { LENGTH_SHIFT, TEXT, type RowBatch } from './batch.ts';
import { stringPlace, type KnownCells } from './known-cells.ts';
import type { StringTable } from './string-table.ts';

/** A longer text is sent each time: what is kept must stay small. */
const KNOWN_CHARS = 40;

/**
 * Puts cells of shared strings into a batch. A string is kept when it comes for the second time: most of a million
 * people's strings come once and never take a place.
 */
export class SharedCells {
  readonly #strings: StringTable;
  readonly #batch: RowBatch;
  readonly #known: KnownCells;
  /** One bit a string: it has come before. */
  readonly #seen: Uint32Array;

  constructor(strings: StringTable, batch: RowBatch, known: KnownCells) {
    this.#strings = strings;
    this.#batch = batch;
    this.#known = known;
    this.#seen = new Uint32Array((strings.count >>> 5) + 1);
  }

  /** @throws WorkbookError file_corrupt when the file has no such string */
  put(column: number, index: number): void {
    const place = stringPlace(index);
    if (this.#known.put(column, place, index, TEXT)) return;
    const batch = this.#batch;
    const code = this.#strings.copy(index, batch) | TEXT;
    if (code === TEXT) return;
    const start = batch.add(column, code);
    const seen = this.#seen[index >>> 5] as number;
    const bit = 1 << (index & 31);
    if ((seen & bit) === 0) this.#seen[index >>> 5] = seen | bit;
    else if (code >>> LENGTH_SHIFT <= KNOWN_CHARS) this.#known.keep(place, index, code, start);
  }
}
