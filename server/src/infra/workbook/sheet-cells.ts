import { DATE, ERROR, LENGTH_SHIFT, NUMBER, TEXT, WIDE, type RowBatch } from './batch.ts';
import { DAY_CHARS, dayOfSerial, writeDay } from './dates.ts';
import { WorkbookError } from './errors.ts';
import { MAX_COLUMNS } from './limits.ts';
import type { SharedCells } from './shared-cells.ts';
import type { Styles } from './styles.ts';
import { TextRun } from './text-run.ts';

const LT = 0x3c;
const GT = 0x3e;
const SLASH = 0x2f;
const EQUALS = 0x3d;
const QUOTE = 0x22;
const SPACE = 0x20;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const UPPER_A = 0x41;
const UPPER_Z = 0x5a;
const C = 0x63;
const R = 0x72;
const S = 0x73;
const T = 0x74;
const V = 0x76;
/** The `t` of a cell that has more than one letter; one of one letter is that letter, none is `n`. */
const STR = 1;
const INLINE = 2;
const NUMERIC = 0x6e;
const ERROR_TYPE = 0x65;

const INLINE_STR = Buffer.from('inlineStr"');
const IS_T = Buffer.from('<is><t');
const T_IS_C = Buffer.from('</t></is></c>');
const SPACE_PRESERVE = Buffer.from(' xml:space="preserve"');
/** Digits that every spreadsheet program keeps. */
const EXACT_DIGITS = 15;
const MAX_INDEX_DIGITS = 9;
const MAX_SERIAL_DIGITS = 7;

export interface CellContext {
  batch: RowBatch;
  shared: SharedCells;
  styles: Styles;
  epoch1904: boolean;
  cellChars: number;
}

/**
 * Reads runs of cells as spreadsheet programs write them, byte by byte into a batch, without an object or a string a
 * cell. Whatever is not quite usual (a formula, rich text, an entity, other white space, a cell that the piece cuts) it
 * leaves alone: the scanner takes that cell the long way and comes back.
 */
export class SheetCells {
  /** The column of the last cell of the open row, -1 before the first. */
  column = -1;
  readonly #batch: RowBatch;
  readonly #shared: SharedCells;
  readonly #styles: Styles;
  readonly #epoch1904: boolean;
  readonly #cellChars: number;
  readonly #run = new TextRun();
  /** Of the cell being read. */
  #style = 0;
  #type = NUMERIC;
  #next = 0;

  constructor({ batch, shared, styles, epoch1904, cellChars }: CellContext) {
    this.#batch = batch;
    this.#shared = shared;
    this.#styles = styles;
    this.#epoch1904 = epoch1904;
    this.#cellChars = cellChars;
  }

  /** Reads cells from `at`, where a `<` stands. @returns the place after the last one that it read */
  read(buf: Buffer, at: number, limit: number): number {
    let pos = at;
    while (buf[pos] === LT && buf[pos + 1] === C) {
      const body = this.#tag(buf, pos + 2);
      if (body < 0) break;
      let end: number;
      if (buf[body - 1] === SLASH) end = body + 1;
      else if (buf[body] !== LT) break;
      else if (buf[body + 1] === V && buf[body + 2] === GT) end = this.#value(buf, body + 3, limit);
      else if (this.#type === INLINE) end = this.#inline(buf, body, limit);
      else end = isCellEnd(buf, body) ? body + 4 : -1;
      if (end < 0 || end > limit) break;
      pos = end;
      this.column = this.#next;
    }
    return pos;
  }

  /** Reads the attributes. @returns the place behind the `>`, or on it after a `/`; -1 when they are unusual */
  #tag(buf: Buffer, from: number): number {
    let i = from;
    let column = this.column + 1;
    this.#style = 0;
    this.#type = NUMERIC;
    while (buf[i] === SPACE) {
      const name = buf[i + 1];
      if (buf[i + 2] !== EQUALS || buf[i + 3] !== QUOTE) return -1;
      i += 4;
      let byte = buf[i] as number;
      if (name === R) {
        column = 0;
        for (; byte >= UPPER_A && byte <= UPPER_Z; byte = buf[++i] as number) column = column * 26 + (byte - 64);
        if (column === 0 || column > MAX_COLUMNS) return -1;
        column--;
        while (byte >= ZERO && byte <= NINE) byte = buf[++i] as number;
      } else if (name === S) {
        let style = 0;
        for (; byte >= ZERO && byte <= NINE; byte = buf[++i] as number) style = style * 10 + (byte - ZERO);
        this.#style = style;
      } else if (name === T) {
        if (buf[i + 1] === QUOTE) {
          this.#type = byte;
          i++;
        } else if (byte === S && buf[i + 3] === QUOTE && buf[i + 1] === T && buf[i + 2] === R) {
          this.#type = STR;
          i += 3;
        } else if (matches(buf, i, INLINE_STR)) {
          this.#type = INLINE;
          i += 9;
        } else return -1;
      } else return -1;
      if (buf[i] !== QUOTE) return -1;
      i++;
    }
    if (column >= MAX_COLUMNS) return -1;
    this.#next = column;
    if (buf[i] === GT) return i + 1;
    return buf[i] === SLASH && buf[i + 1] === GT ? i + 1 : -1;
  }

  #value(buf: Buffer, from: number, limit: number): number {
    if (this.#type === S) return this.#sharedIndex(buf, from, limit);
    if (this.#type === NUMERIC) return this.#number(buf, from, limit);
    if (this.#type !== STR && this.#type !== ERROR_TYPE) return -1;
    const end = this.#text(buf, from, limit);
    if (end < 0 || !isValueEnd(buf, end) || end + 8 > limit) return -1;
    this.#putRun(this.#type === STR ? TEXT : ERROR);
    return end + 8;
  }

  #sharedIndex(buf: Buffer, from: number, limit: number): number {
    let i = from;
    let index = 0;
    for (let byte = buf[i] as number; byte >= ZERO && byte <= NINE; byte = buf[++i] as number) {
      index = index * 10 + (byte - ZERO);
    }
    const digits = i - from;
    if (digits === 0 || digits > MAX_INDEX_DIGITS || !isValueEnd(buf, i) || i + 8 > limit) return -1;
    this.#shared.put(this.#next, index);
    return i + 8;
  }

  /** A plain number of few digits is its own shortest text. */
  #number(buf: Buffer, from: number, limit: number): number {
    const first = buf[from] === MINUS ? from + 1 : from;
    let i = first;
    let value = 0;
    let byte = buf[i] as number;
    for (; byte >= ZERO && byte <= NINE; byte = buf[++i] as number) value = value * 10 + (byte - ZERO);
    let digits = i - first;
    if (digits === 0 || (digits > 1 && buf[first] === ZERO)) return -1;
    const whole = byte !== DOT;
    if (!whole) {
      do byte = buf[++i] as number;
      while (byte >= ZERO && byte <= NINE);
      if (buf[i - 1] === ZERO || buf[i - 1] === DOT) return -1;
      digits = i - first - 1;
    }
    if (digits > EXACT_DIGITS || !isValueEnd(buf, i) || i + 8 > limit) return -1;
    const format = this.#styles.of(this.#style);
    if (format !== 'none') {
      if (!whole || first !== from || digits > MAX_SERIAL_DIGITS || format === 'elapsed') return -1;
      return this.#day(value) ? i + 8 : -1;
    }
    if (value === 0 && whole && first !== from) return -1;
    const batch = this.#batch;
    const length = i - from;
    batch.roomFor(length);
    const { narrow, narrowUsed } = batch;
    for (let k = 0; k < length; k++) narrow[narrowUsed + k] = buf[from + k] as number;
    batch.narrowUsed += length;
    batch.put(this.#next, NUMBER | (length << LENGTH_SHIFT), narrowUsed);
    return i + 8;
  }

  #day(serial: number): boolean {
    const day = dayOfSerial(serial, this.#epoch1904);
    if (day === undefined) return false;
    const batch = this.#batch;
    batch.roomFor(DAY_CHARS);
    writeDay(day, batch.narrow, batch.narrowUsed);
    batch.put(this.#next, DATE | (DAY_CHARS << LENGTH_SHIFT), batch.narrowUsed);
    batch.narrowUsed += DAY_CHARS;
    return true;
  }

  #inline(buf: Buffer, from: number, limit: number): number {
    if (!matches(buf, from, IS_T)) return -1;
    let i = from + IS_T.length;
    if (buf[i] === SPACE && matches(buf, i, SPACE_PRESERVE)) i += SPACE_PRESERVE.length;
    if (buf[i] !== GT) return -1;
    const end = this.#text(buf, i + 1, limit);
    if (end < 0 || !matches(buf, end, T_IS_C) || end + T_IS_C.length > limit) return -1;
    this.#putRun(TEXT);
    return end + T_IS_C.length;
  }

  #text(buf: Buffer, from: number, limit: number): number {
    const batch = this.#batch;
    batch.roomFor(this.#cellChars);
    const { narrow, narrowUsed, wide, wideUsed } = batch;
    return this.#run.read(buf, from, limit, narrow, narrowUsed, wide, wideUsed) ? this.#run.end : -1;
  }

  #putRun(type: number): void {
    const { length, wide } = this.#run;
    if (length > this.#cellChars) throw new WorkbookError('file_bomb', { limit: 'cell', max: this.#cellChars });
    if (length === 0) return;
    const batch = this.#batch;
    if (wide) {
      batch.put(this.#next, type | WIDE | (length << LENGTH_SHIFT), batch.wideUsed);
      batch.wideUsed += length;
    } else {
      batch.put(this.#next, type | (length << LENGTH_SHIFT), batch.narrowUsed);
      batch.narrowUsed += length;
    }
  }
}

/** `</v></c>` */
function isValueEnd(buf: Buffer, at: number): boolean {
  return buf[at] === LT && buf[at + 1] === SLASH && buf[at + 2] === V && buf[at + 3] === GT && isCellEnd(buf, at + 4);
}

/** `</c>` */
function isCellEnd(buf: Buffer, at: number): boolean {
  return buf[at] === LT && buf[at + 1] === SLASH && buf[at + 2] === C && buf[at + 3] === GT;
}

function matches(buf: Buffer, at: number, bytes: Buffer): boolean {
  for (let i = 0; i < bytes.length; i++) if (buf[at + i] !== bytes[i]) return false;
  return true;
}
