import { DATE, ERROR, LENGTH_SHIFT, NUMBER, TEXT, WIDE, type RowBatch } from './batch.ts';
import { BOOLEAN, CellTag, ERRONEOUS, INLINE, isDigit, NUMERIC, SHARED } from './cell-tag.ts';
import { DAY_CHARS, dayOfSerial, writeDay } from './dates.ts';
import { WorkbookError } from './errors.ts';
import { dayPlace, numberPlace, type KnownCells } from './known-cells.ts';
import type { SharedCells } from './shared-cells.ts';
import type { Styles } from './styles.ts';
import { TextRun } from './text-run.ts';
import type { Cell } from './types.ts';
import { word } from './xml-scan.ts';

const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const GT = 0x3e;
/** Two bytes of a word. */
const TWO = 0xffff;
const C_OPEN = word('<c\0\0');
const [EMPTY, GT_C_CLOSE, GT_V, V_CLOSE, C_CLOSE] = [
  word('/>\0\0'),
  word('></c'),
  word('><v>'),
  word('</v>'),
  word('</c>'),
];
const [GT_IS, GT_T, GT_T_SPACE, T_CLOSE, IS_CLOSE] = [
  word('><is'),
  word('><t>'),
  word('><t '),
  word('</t>'),
  word('</is'),
];
const PRESERVE = Buffer.from('xml:space="preserve">');

/** Digits that every spreadsheet program keeps. */
const EXACT_DIGITS = 15;
const MAX_INDEX_DIGITS = 9;
const MAX_SERIAL_DIGITS = 7;
/** There are few numbers of so few bytes: they are kept. */
const SHORT_NUMBER = 4;
const TRUE: Cell = { type: 'boolean', text: 'TRUE' };
const FALSE: Cell = { type: 'boolean', text: 'FALSE' };

export interface CellContext {
  batch: RowBatch;
  known: KnownCells;
  shared: SharedCells;
  styles: Styles;
  epoch1904: boolean;
  cellChars: number;
}

/**
 * Reads runs of cells as spreadsheet programs write them, into a batch, without an object or a string a cell, and four
 * bytes at a time where it can. Whatever is not quite usual (a formula, rich text, an entity, other white space, a cell
 * that the piece cuts) it leaves alone: the scanner takes that cell the long way and comes back.
 */
export class SheetCells {
  /** The column of the last cell of the open row, -1 before the first. */
  column = -1;
  readonly #context: CellContext;
  readonly #batch: RowBatch;
  readonly #run = new TextRun();
  readonly #tag = new CellTag();

  constructor(context: CellContext) {
    this.#context = context;
    this.#batch = context.batch;
  }

  openRow(number: number): void {
    this.column = -1;
    this.#tag.openRow(number);
  }

  /**
   * Reads cells from `at`, where a `<` stands.
   * @param view must reach some words beyond `limit`, with zeros
   * @returns the place after the last cell that it read
   */
  read(view: DataView, at: number, limit: number): number {
    let pos = at;
    while ((view.getInt32(pos, true) & TWO) === C_OPEN) {
      const i = this.#tag.read(view, pos + 2, this.column + 1);
      if (i < 0) break;
      const four = view.getInt32(i, true);
      let end: number;
      if (four === GT_V) end = this.#value(view, i + 4, limit);
      else if ((four & TWO) === EMPTY) end = i + 2;
      else if (four === GT_IS && this.#tag.type === INLINE) end = this.#inline(view, i + 4, limit);
      else end = four === GT_C_CLOSE && view.getUint8(i + 4) === GT ? i + 5 : -1;
      if (end < 0 || end > limit) break;
      pos = end;
      this.column = this.#tag.column;
    }
    return pos;
  }

  #value(view: DataView, from: number, limit: number): number {
    const type = this.#tag.type;
    if (type === SHARED) return this.#sharedIndex(view, from, limit);
    if (type === NUMERIC) return this.#number(view, from, limit);
    if (type === BOOLEAN) {
      const digit = view.getUint8(from) - ZERO;
      if ((digit !== 0 && digit !== 1) || !isClosed(view, from + 1, limit)) return -1;
      this.#batch.putCell(this.#tag.column, digit === 1 ? TRUE : FALSE);
      return from + 9;
    }
    const end = this.#text(view, from, limit);
    if (end < 0 || !isClosed(view, end, limit)) return -1;
    this.#putRun(type === ERRONEOUS ? ERROR : TEXT);
    return end + 8;
  }

  #sharedIndex(view: DataView, from: number, limit: number): number {
    let i = from;
    let index = 0;
    const four = view.getInt32(i, true);
    if (areDigits(four)) {
      index = fourDigits(four);
      i += 4;
    }
    for (let byte = view.getUint8(i); isDigit(byte); byte = view.getUint8(++i)) index = index * 10 + (byte - ZERO);
    if (i === from || i - from > MAX_INDEX_DIGITS || !isClosed(view, i, limit)) return -1;
    this.#context.shared.put(this.#tag.column, index);
    return i + 8;
  }

  /** A plain number of few digits is its own shortest text. */
  #number(view: DataView, from: number, limit: number): number {
    const first = view.getUint8(from) === MINUS ? from + 1 : from;
    let i = first;
    let value = 0;
    let byte = view.getUint8(i);
    for (; isDigit(byte); byte = view.getUint8(++i)) value = value * 10 + (byte - ZERO);
    let digits = i - first;
    if (digits === 0 || (digits > 1 && view.getUint8(first) === ZERO)) return -1;
    const whole = byte !== DOT;
    if (!whole) {
      do byte = view.getUint8(++i);
      while (isDigit(byte));
      digits = i - first - 1;
      const last = view.getUint8(i - 1);
      if (last === ZERO || last === DOT) return -1;
    }
    if (digits > EXACT_DIGITS || !isClosed(view, i, limit)) return -1;
    const { styles } = this.#context;
    const format = styles.of(this.#tag.style);
    if (format === 'none') {
      if (value === 0 && whole && first !== from) return -1;
      this.#putNumber(view, from, i - from);
      return i + 8;
    }
    if (!whole || first !== from || digits > MAX_SERIAL_DIGITS || format === 'elapsed') return -1;
    return this.#putDay(value) ? i + 8 : -1;
  }

  #putNumber(view: DataView, from: number, length: number): void {
    const batch = this.#batch;
    const { known } = this.#context;
    const bytes = view.getInt32(from, true) & (length >= SHORT_NUMBER ? -1 : (1 << (8 * length)) - 1);
    const place = numberPlace(bytes);
    if (length <= SHORT_NUMBER && known.put(this.#tag.column, place, bytes, NUMBER)) return;
    batch.roomFor(length);
    const { narrow, narrowUsed } = batch;
    for (let i = 0; i < length; i++) narrow[narrowUsed + i] = view.getUint8(from + i);
    const code = NUMBER | (length << LENGTH_SHIFT);
    const start = batch.add(this.#tag.column, code);
    if (length <= SHORT_NUMBER) known.keep(place, bytes, code, start);
  }

  #putDay(serial: number): boolean {
    const { epoch1904, known } = this.#context;
    const day = dayOfSerial(serial, epoch1904);
    if (day === undefined) return false;
    const place = dayPlace(serial);
    if (known.put(this.#tag.column, place, serial, DATE)) return true;
    const batch = this.#batch;
    batch.roomFor(DAY_CHARS);
    writeDay(day, batch.narrow, batch.narrowUsed);
    const code = DATE | (DAY_CHARS << LENGTH_SHIFT);
    known.keep(place, serial, code, batch.add(this.#tag.column, code));
    return true;
  }

  /** From the `>` of `<is>` on. */
  #inline(view: DataView, at: number, limit: number): number {
    const four = view.getInt32(at, true);
    let from = at + 4;
    if (four === GT_T_SPACE && matches(view, from, PRESERVE)) from += PRESERVE.length;
    else if (four !== GT_T) return -1;
    const end = this.#text(view, from, limit);
    if (end < 0 || view.getInt32(end, true) !== T_CLOSE || view.getInt32(end + 4, true) !== IS_CLOSE) return -1;
    if (view.getInt32(end + 8, true) !== GT_C_CLOSE || view.getUint8(end + 12) !== GT || end + 13 > limit) return -1;
    this.#putRun(TEXT);
    return end + 13;
  }

  #text(view: DataView, from: number, limit: number): number {
    const batch = this.#batch;
    batch.roomFor(this.#context.cellChars);
    const { narrow, narrowUsed, wide, wideUsed } = batch;
    return this.#run.read(view, from, limit, narrow, narrowUsed, wide, wideUsed) ? this.#run.end : -1;
  }

  #putRun(type: number): void {
    const { length, wide } = this.#run;
    const { cellChars } = this.#context;
    if (length > cellChars) throw new WorkbookError('file_bomb', { limit: 'cell', max: cellChars });
    if (length > 0) this.#batch.add(this.#tag.column, type | (wide ? WIDE : 0) | (length << LENGTH_SHIFT));
  }
}

/** Whether `</v></c>` stands there whole. */
function isClosed(view: DataView, at: number, limit: number): boolean {
  return view.getInt32(at, true) === V_CLOSE && view.getInt32(at + 4, true) === C_CLOSE && at + 8 <= limit;
}

/** Whether all four bytes are digits, and the number that they are. */
function areDigits(four: number): boolean {
  return (four & 0xf0f0_f0f0) === 0x3030_3030 && ((four + 0x0606_0606) & 0xf0f0_f0f0) === 0x3030_3030;
}

function fourDigits(four: number): number {
  const digits = four & 0x0f0f_0f0f;
  const pairs = Math.imul(digits, 10) + (digits >>> 8);
  return (pairs & 0xff) * 100 + ((pairs >>> 16) & 0xff);
}

function matches(view: DataView, at: number, bytes: Buffer): boolean {
  for (let i = 0; i < bytes.length; i++) if (view.getUint8(at + i) !== bytes[i]) return false;
  return true;
}
