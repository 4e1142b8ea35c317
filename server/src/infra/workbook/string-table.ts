import { LENGTH_SHIFT, WIDE, type RowBatch } from './batch.ts';
import { corrupt, WorkbookError } from './errors.ts';
import type { Limits } from './limits.ts';
import { Spill } from './spill.ts';
import { TextRun } from './text-run.ts';

/** Lengths of strings are kept in blocks of so many. */
const BLOCK_SHIFT = 16;
const BLOCK = 1 << BLOCK_SHIFT;
/** The place of one in so many is kept; the others' follows from the lengths between. */
const GROUP_SHIFT = 4;
const GROUP = 1 << GROUP_SHIFT;
/** The high bit of a length: its text is one of UTF-16 units. */
const UNITS = 0x8000;
const LENGTH = 0x7fff;
const MAX_BYTES = 2 ** 31;
/** Below this a loop beats a call into native code. */
const SHORT = 64;

/**
 * A workbook's shared strings, outside the JS heap and, beyond a bound, on disk: texts of characters below 128 as bytes,
 * others as UTF-16 units, and a little more than two bytes a string that tell its length and place.
 */
export class StringTable {
  readonly #spill: Spill;
  readonly #lengths: Uint16Array[] = [];
  readonly #places: Uint32Array[] = [];
  readonly #limits: Pick<Limits, 'cellChars' | 'strings'>;
  readonly #part: string;
  readonly #run = new TextRun();
  #count = 0;
  /** The string after the last one that was asked for, and its place: most files use them in their order. */
  #nextIndex = 0;
  #nextPlace = 0;

  /** @param limits strings longer than 32,767 units are refused in any case */
  constructor(part: string, limits: Pick<Limits, 'cellChars' | 'strings' | 'stringMemory'>) {
    this.#part = part;
    this.#limits = { strings: limits.strings, cellChars: Math.min(limits.cellChars, LENGTH) };
    this.#spill = new Spill(limits.stringMemory, 2 * limits.cellChars + 2);
  }

  get count(): number {
    return this.#count;
  }

  /**
   * Reads a string's XML text up to its `<`; `add` takes it.
   * @returns where the `<` stands, or -1: it is cut by `limit` or must be `put`
   */
  read(view: DataView, from: number, limit: number): number {
    const { bytes, units, place } = this.#spill;
    return this.#run.read(view, from, limit, bytes, place, units, place >>> 1) ? this.#run.end : -1;
  }

  /** Adds the string that was just read; it gets the next index. */
  add(): void {
    this.#add(this.#run.length, this.#run.wide);
  }

  /** Adds a string that had to be made the long way. */
  put(text: string): void {
    const { length } = text;
    if (length > this.#limits.cellChars) throw this.#tooLong();
    const { bytes, units, place } = this.#spill;
    let wide = false;
    for (let i = 0; i < length && !wide; i++) {
      const unit = text.charCodeAt(i);
      wide = unit >= 0x80;
      bytes[place + i] = unit;
    }
    if (wide) for (let i = 0, to = place >>> 1; i < length; i++, to++) units[to] = text.charCodeAt(i);
    this.#add(length, wide);
  }

  /** To be called after the last string and before the first is asked for. */
  finish(): void {
    this.#spill.finish();
  }

  /**
   * Copies a string to the end of a batch's texts, without taking the room.
   * @returns its cell's first word, without a type; 0 for the empty text
   * @throws WorkbookError file_corrupt when the file has no such string
   */
  copy(index: number, batch: RowBatch): number {
    if (!(index >= 0 && index < this.#count)) throw corrupt('string_index', { index, count: this.#count });
    const word = this.#lengthOf(index);
    const length = word & LENGTH;
    const size = sizeOf(word);
    const position = index === this.#nextIndex ? this.#nextPlace : this.#placeOf(index);
    this.#nextIndex = index + 1;
    this.#nextPlace = position + size;
    if (length === 0) return 0;
    const place = this.#spill.find(position, size);
    batch.roomFor(length);
    if ((word & UNITS) === 0) copyBytes(this.#spill.bytes, place, length, batch.narrow, batch.narrowUsed);
    else copyUnits(this.#spill.units, place >>> 1, length, batch.wide, batch.wideUsed);
    return ((word & UNITS) === 0 ? 0 : WIDE) | (length << LENGTH_SHIFT);
  }

  close(): void {
    this.#spill.close();
  }

  #add(length: number, wide: boolean): void {
    if (length > this.#limits.cellChars) throw this.#tooLong();
    if (this.#count >= this.#limits.strings) throw this.#tooMany();
    const at = this.#count & (BLOCK - 1);
    if (at === 0) {
      this.#lengths.push(new Uint16Array(BLOCK));
      this.#places.push(new Uint32Array(BLOCK >>> GROUP_SHIFT));
    }
    const block = this.#count >>> BLOCK_SHIFT;
    if ((at & (GROUP - 1)) === 0) (this.#places[block] as Uint32Array)[at >>> GROUP_SHIFT] = this.#spill.position;
    const word = wide ? length | UNITS : length;
    (this.#lengths[block] as Uint16Array)[at] = word;
    this.#spill.advance(sizeOf(word));
    this.#count++;
    if (this.#spill.position >= MAX_BYTES) throw this.#tooMany();
  }

  #lengthOf(index: number): number {
    return (this.#lengths[index >>> BLOCK_SHIFT] as Uint16Array)[index & (BLOCK - 1)] as number;
  }

  #placeOf(index: number): number {
    const lengths = this.#lengths[index >>> BLOCK_SHIFT] as Uint16Array;
    const at = index & (BLOCK - 1);
    let from = at & ~(GROUP - 1);
    let place = (this.#places[index >>> BLOCK_SHIFT] as Uint32Array)[at >>> GROUP_SHIFT] as number;
    while (from < at) place += sizeOf(lengths[from++] as number);
    return place;
  }

  #tooLong(): WorkbookError {
    return new WorkbookError('file_bomb', { limit: 'cell', max: this.#limits.cellChars, part: this.#part });
  }

  #tooMany(): WorkbookError {
    return new WorkbookError('file_too_large', { limit: 'strings', max: this.#limits.strings });
  }
}

/** The bytes that a text takes, always a whole number of units. */
function sizeOf(word: number): number {
  return (word & UNITS) === 0 ? (word + 1) & ~1 : (word & LENGTH) << 1;
}

/** Two functions for one thing: the engine makes each fast for its own kind of array. */
function copyBytes(from: Uint8Array, at: number, length: number, to: Uint8Array, toAt: number): void {
  if (length > SHORT) to.set(from.subarray(at, at + length), toAt);
  else for (let i = 0; i < length; i++) to[toAt + i] = from[at + i] as number;
}

function copyUnits(from: Uint16Array, at: number, length: number, to: Uint16Array, toAt: number): void {
  if (length > SHORT) to.set(from.subarray(at, at + length), toAt);
  else for (let i = 0; i < length; i++) to[toAt + i] = from[at + i] as number;
}
