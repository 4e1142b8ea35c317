import { KNOWN, type RowBatch } from './batch.ts';

/** Places to look a key up in, for shared strings, days and short numbers, one after another. */
const STRING_BITS = 18;
const DAY_BITS = 15;
const NUMBER_BITS = 12;
const FIRST_DAY = 1 << STRING_BITS;
const FIRST_NUMBER = FIRST_DAY + (1 << DAY_BITS);
const PLACES = FIRST_NUMBER + (1 << NUMBER_BITS);

export const stringPlace = (index: number): number => index & ((1 << STRING_BITS) - 1);
export const dayPlace = (serial: number): number => FIRST_DAY + (serial & ((1 << DAY_BITS) - 1));
/** @param bytes the number's text as stored, of at most four bytes */
export const numberPlace = (bytes: number): number =>
  FIRST_NUMBER + (Math.imul(bytes, 0x9e37_79b1) >>> (32 - NUMBER_BITS));

/**
 * Cells that come again and again (options, regions, names, days) are sent once, to be kept in a slot, and from then on by
 * that slot alone, so they are decoded once, not a million times. This side remembers what the other side keeps. What is
 * to be kept takes its slot when its batch ends, so within a batch a slot has one meaning.
 */
export class KnownCells {
  readonly #batch: RowBatch;
  /**
   * By place, in pairs that lie together in memory: one more than the key whose cell is kept, and one more than its slot.
   * Memory of zeros costs nothing before it is written to.
   */
  readonly #kept = new Int32Array(2 * PLACES);
  /** By place: the batch in which a cell was last sent to be kept. */
  readonly #sentIn = new Int32Array(PLACES);
  /** Place and key of what this batch sends. */
  #sent: number[] = [];
  #slotCount = 0;

  constructor(batch: RowBatch) {
    this.#batch = batch;
  }

  /** Puts a cell if it is kept. */
  put(column: number, place: number, key: number, type: number): boolean {
    if (this.#kept[2 * place] !== key + 1) return false;
    this.#batch.put(column, KNOWN | type, (this.#kept[2 * place + 1] as number) - 1);
    return true;
  }

  /** Has a cell kept whose text was just added to the batch. */
  keep(place: number, key: number, code: number, start: number): void {
    const batch = this.#batch;
    if (this.#sentIn[place] === batch.serial) return;
    this.#sentIn[place] = batch.serial;
    if (this.#kept[2 * place + 1] === 0) this.#kept[2 * place + 1] = ++this.#slotCount;
    this.#sent.push(place, key);
    batch.keep((this.#kept[2 * place + 1] as number) - 1, code, start);
  }

  /** To be called when the batch is taken. */
  endBatch(): void {
    const sent = this.#sent;
    for (let i = 0; i < sent.length; i += 2) this.#kept[2 * (sent[i] as number)] = (sent[i + 1] as number) + 1;
    if (sent.length > 0) this.#sent = [];
  }
}
