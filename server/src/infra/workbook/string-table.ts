import { corrupt, WorkbookError } from './errors.ts';
import type { Limits } from './limits.ts';

const PAGE_BYTES = 4 * 1024 * 1024;
const LENGTH_BYTES = 4;
/** Strings below this index, if not long, are kept as JS strings too: they are the ones that repeat. */
const CACHED = 65_536;
const CACHED_BYTES = 256;
/** Below this a loop beats a call into native code. */
const SHORT = 48;

/**
 * A workbook's shared strings, kept compactly outside the JS heap: UTF-8 in pages of 4 MiB, one offset a string.
 * Append a string in one or more pieces, then `finish` it.
 */
export class StringTable {
  readonly #pages: Buffer[] = [];
  readonly #cellChars: number;
  readonly #maxPages: number;
  readonly #part: string;
  readonly #cache: (string | undefined)[] = [];
  #offsets = new Uint32Array(1024);
  #count = 0;
  /** Where the page's next string begins, and how far it is filled. */
  #start = PAGE_BYTES;
  #end = PAGE_BYTES;

  /** @param limits the most UTF-16 units of one string and the most bytes of all together */
  constructor(part: string, limits: Pick<Limits, 'cellChars' | 'stringTableBytes'>) {
    this.#part = part;
    this.#cellChars = limits.cellChars;
    this.#maxPages = Math.ceil(limits.stringTableBytes / PAGE_BYTES);
  }

  get count(): number {
    return this.#count;
  }

  /** Opens the next string. */
  begin(): void {
    const room = LENGTH_BYTES + this.#cellChars * 3;
    if (this.#start + room > PAGE_BYTES) {
      if (this.#pages.length >= this.#maxPages) throw new WorkbookError('file_too_large', { limit: 'strings' });
      this.#pages.push(Buffer.allocUnsafeSlow(PAGE_BYTES));
      this.#start = 0;
    }
    this.#end = this.#start + LENGTH_BYTES;
  }

  /** Adds UTF-8 bytes to the open string. */
  append(bytes: Buffer, from: number, to: number): void {
    const length = to - from;
    if (this.#end - this.#start - LENGTH_BYTES + length > this.#cellChars * 3) throw this.#tooLong();
    const page = this.#pages.at(-1) as Buffer;
    if (length > SHORT) bytes.copy(page, this.#end, from, to);
    else for (let i = from, at = this.#end; i < to; i++, at++) page[at] = bytes[i] as number;
    this.#end += length;
  }

  /** Closes the open string, which gets the next index. */
  finish(): void {
    const page = this.#pages.at(-1) as Buffer;
    const length = this.#end - this.#start - LENGTH_BYTES;
    if (length > this.#cellChars && this.#decode(page, this.#start).length > this.#cellChars) throw this.#tooLong();
    page.writeUInt32LE(length, this.#start);
    if (this.#count === this.#offsets.length) {
      const grown = new Uint32Array(this.#count * 2);
      grown.set(this.#offsets);
      this.#offsets = grown;
    }
    this.#offsets[this.#count++] = (this.#pages.length - 1) * PAGE_BYTES + this.#start;
    this.#start = this.#end;
  }

  /** @throws WorkbookError file_corrupt when the file has no such string */
  get(index: number): string {
    const cached = this.#cache[index];
    if (cached !== undefined) return cached;
    if (!(index >= 0 && index < this.#count)) throw corrupt('string_index', { index, count: this.#count });
    const offset = this.#offsets[index] as number;
    const start = offset % PAGE_BYTES;
    const page = this.#pages[(offset - start) / PAGE_BYTES] as Buffer;
    const length = page.readUInt32LE(start);
    const text = page.toString('utf8', start + LENGTH_BYTES, start + LENGTH_BYTES + length);
    if (index < CACHED && length <= CACHED_BYTES) this.#cache[index] = text;
    return text;
  }

  #decode(page: Buffer, start: number): string {
    return page.toString('utf8', start + LENGTH_BYTES, this.#end);
  }

  #tooLong(): WorkbookError {
    return new WorkbookError('file_bomb', { limit: 'cell', max: this.#cellChars, part: this.#part });
  }
}
