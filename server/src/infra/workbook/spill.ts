import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PAGE_SHIFT = 13;
const PAGE_BYTES = 1 << PAGE_SHIFT;
/** Bytes written to the file at a time. */
const FLUSH_BYTES = 1024 * 1024;
const NO_PAGE = -1;

/**
 * Bytes that are written once, in order, and then read anywhere: as many as fit in memory, all of them in a file without
 * a name when they are more. The memory is a ring: the byte at `position` has its place at `position % capacity`, while
 * writing for the newest bytes, while reading for whichever page was asked for last.
 */
export class Spill {
  readonly #capacity: number;
  readonly #margin: number;
  readonly #flushBytes: number;
  readonly #pages: Int32Array;
  #file: number | undefined;
  #written = 0;
  #flushed = 0;
  /** The ring, with `margin` bytes more, so that a piece may be written or read across its end; and the same as units. */
  readonly bytes: Uint8Array;
  readonly units: Uint16Array;

  /**
   * @param capacity bytes in memory, a power of two and more than three times `margin`
   * @param margin the most bytes of one piece
   */
  constructor(capacity: number, margin: number) {
    this.#capacity = capacity;
    this.#margin = margin;
    this.#flushBytes = Math.min(FLUSH_BYTES, capacity - 2 * margin);
    const buffer = new ArrayBuffer(capacity + 2 * margin);
    this.bytes = new Uint8Array(buffer);
    this.units = new Uint16Array(buffer);
    this.#pages = new Int32Array(capacity >>> PAGE_SHIFT).fill(NO_PAGE);
  }

  /** Where the next piece goes: its position, and the place of that in `bytes`. */
  get position(): number {
    return this.#written;
  }

  get place(): number {
    return this.#written & (this.#capacity - 1);
  }

  /** Takes `length` bytes that were written at `place`. */
  advance(length: number): void {
    const place = this.place;
    this.#written += length;
    const over = place + length - this.#capacity;
    if (over > 0) this.bytes.copyWithin(0, this.#capacity, this.#capacity + over);
    const unsaved = this.#written - this.#flushed;
    const most = this.#file === undefined ? this.#capacity - this.#margin : this.#flushBytes;
    if (unsaved > most) this.#flush();
  }

  /** To be called after the last piece and before the first is read. */
  finish(): void {
    if (this.#file === undefined) return;
    this.#flush();
    const first = Math.max(0, Math.ceil((this.#written - this.#capacity) / PAGE_BYTES));
    for (let page = first; page * PAGE_BYTES < this.#written; page++) this.#pages[page % this.#pages.length] = page;
  }

  /**
   * The place in `bytes` where the piece at `position` stands until the next call.
   * @param length at most `margin`
   */
  find(position: number, length: number): number {
    const place = position & (this.#capacity - 1);
    if (this.#file === undefined) return place;
    const pages = this.#pages;
    const last = Math.floor((position + length - 1) / PAGE_BYTES);
    for (let page = Math.floor(position / PAGE_BYTES); page <= last; page++) {
      if (pages[page & (pages.length - 1)] !== page) this.#load(this.#file, page);
    }
    const over = place + length - this.#capacity;
    if (over > 0) this.bytes.copyWithin(this.#capacity, 0, over);
    return place;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #load(file: number, page: number): void {
    const slot = page & (this.#pages.length - 1);
    readSync(file, this.bytes, slot << PAGE_SHIFT, PAGE_BYTES, page * PAGE_BYTES);
    this.#pages[slot] = page;
  }

  #flush(): void {
    this.#file ??= openUnnamed();
    while (this.#flushed < this.#written) {
      const place = this.#flushed & (this.#capacity - 1);
      const length = Math.min(this.#written - this.#flushed, this.#capacity - place);
      this.#flushed += writeSync(this.#file, this.bytes, place, length, this.#flushed);
    }
  }
}

/** A file that has lost its name as soon as it has one: however this process ends, nothing is left behind. */
function openUnnamed(): number {
  const path = join(tmpdir(), `dengji-strings-${randomUUID()}`);
  const file = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  return file;
}
