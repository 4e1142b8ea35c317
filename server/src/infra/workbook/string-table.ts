import { LENGTH_SHIFT, WIDE, type RowBatch } from './batch.ts';
import { corrupt, WorkbookError } from './errors.ts';
import type { Limits } from './limits.ts';
import { Spill } from './spill.ts';
import { TextRun } from './text-run.ts';

/** Starts of strings are kept in blocks of so many. */
const BLOCK_SHIFT = 16;
const BLOCK = 1 << BLOCK_SHIFT;
/** What the two low bits of a start say; the others are its position in pairs of bytes. */
const NARROW = 1;
const ODD = 2;
const MAX_BYTES = 2 ** 31;
/** Below this a loop beats a call into native code. */
const SHORT = 64;

/**
 * A workbook's shared strings, outside the JS heap and, beyond a bound, on disk: texts of characters below 128 as bytes,
 * others as UTF-16 units, and four bytes a string that tell where it begins.
 */
export class StringTable {
  readonly #spill: Spill;
  readonly #starts: Uint32Array[] = [];
  readonly #limits: Pick<Limits, 'cellChars' | 'strings'>;
  readonly #part: string;
  readonly #run = new TextRun();
  #count = 0;

  constructor(part: string, limits: Pick<Limits, 'cellChars' | 'strings' | 'stringMemory'>) {
    this.#part = part;
    this.#limits = limits;
    this.#spill = new Spill(limits.stringMemory, 2 * limits.cellChars + 2);
  }

  get count(): number {
    return this.#count;
  }

  /**
   * Reads a string's XML text up to its `<`; `add` takes it.
   * @returns where the `<` stands, or -1: it is cut by `limit` or must be `put`
   */
  read(buf: Buffer, from: number, limit: number): number {
    const { bytes, units, place } = this.#spill;
    return this.#run.read(buf, from, limit, bytes, place, units, place >>> 1) ? this.#run.end : -1;
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
    this.#mark((this.#spill.position >>> 1) << 2);
    this.#spill.finish();
  }

  /**
   * Copies a string to the end of a batch's texts, without taking the room.
   * @returns its cell's first word, without a type; 0 for the empty text
   * @throws WorkbookError file_corrupt when the file has no such string
   */
  copy(index: number, batch: RowBatch): number {
    if (!(index >= 0 && index < this.#count)) throw corrupt('string_index', { index, count: this.#count });
    const start = this.#startOf(index);
    const position = (start >>> 2) * 2;
    const size = (this.#startOf(index + 1) >>> 2) * 2 - position;
    if (size === 0) return 0;
    const place = this.#spill.find(position, size);
    if ((start & NARROW) === 0) {
      const length = size >>> 1;
      batch.roomFor(length);
      copyUnits(this.#spill.units, place >>> 1, length, batch.wide, batch.wideUsed);
      return WIDE | (length << LENGTH_SHIFT);
    }
    const length = (start & ODD) === 0 ? size : size - 1;
    batch.roomFor(length);
    copyBytes(this.#spill.bytes, place, length, batch.narrow, batch.narrowUsed);
    return length << LENGTH_SHIFT;
  }

  close(): void {
    this.#spill.close();
  }

  #add(length: number, wide: boolean): void {
    if (length > this.#limits.cellChars) throw this.#tooLong();
    if (this.#count >= this.#limits.strings) throw this.#tooMany();
    const pair = (this.#spill.position >>> 1) << 2;
    if (wide) {
      this.#mark(pair);
      this.#spill.advance(2 * length);
    } else {
      this.#mark(pair | NARROW | ((length & 1) === 0 ? 0 : ODD));
      this.#spill.advance(length + (length & 1));
    }
    this.#count++;
    if (this.#spill.position >= MAX_BYTES) throw this.#tooMany();
  }

  #mark(start: number): void {
    const at = this.#count & (BLOCK - 1);
    if (at === 0) this.#starts.push(new Uint32Array(BLOCK));
    (this.#starts[this.#count >>> BLOCK_SHIFT] as Uint32Array)[at] = start;
  }

  #startOf(index: number): number {
    return (this.#starts[index >>> BLOCK_SHIFT] as Uint32Array)[index & (BLOCK - 1)] as number;
  }

  #tooLong(): WorkbookError {
    return new WorkbookError('file_bomb', { limit: 'cell', max: this.#limits.cellChars, part: this.#part });
  }

  #tooMany(): WorkbookError {
    return new WorkbookError('file_too_large', { limit: 'strings', max: this.#limits.strings });
  }
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
