import { MAX_COLUMNS } from './limits.ts';
import { word } from './xml-scan.ts';

const QUOTE = 0x22;
const ZERO = 0x30;
const NINE = 0x39;
const UPPER_A = 0x41;
const UPPER_Z = 0x5a;
const LETTERS = 26;
const MAX_STYLE_DIGITS = 9;
/** Two bytes of a word. */
const TWO = 0xffff;
const [R_IS, S_IS, T_IS] = [word(' r="'), word(' s="'), word(' t="')];
const [S_TYPE, N_TYPE, B_TYPE, E_TYPE] = [word('s"\0\0'), word('n"\0\0'), word('b"\0\0'), word('e"\0\0')];
const [STR_TYPE, INLI, NEST, R_END] = [word('str"'), word('inli'), word('neSt'), word('r"\0\0')];

/** What a cell's `t` says. Types beside these are left to the scanner. */
export const NUMERIC = 0;
export const SHARED = 1;
export const STR = 2;
export const INLINE = 3;
export const BOOLEAN = 4;
export const ERRONEOUS = 5;

/** The attributes of a `<c …>`, read four bytes at a time. */
export class CellTag {
  /** Of the last tag that was read. */
  column = 0;
  style = 0;
  type = NUMERIC;
  /** How many digits the open row's references have. */
  #rowDigits = 1;

  openRow(number: number): void {
    this.#rowDigits = String(number).length;
  }

  /**
   * @param column the cell's column, if it has no reference
   * @returns the place where the attributes end; -1 when one is unusual
   */
  read(view: DataView, from: number, column: number): number {
    let i = from;
    this.column = column;
    this.style = 0;
    this.type = NUMERIC;
    for (;;) {
      const four = view.getInt32(i, true);
      if (four === R_IS) i = this.#reference(view, i + 4);
      else if (four === T_IS) i = this.#type(view, i + 4);
      else if (four === S_IS) i = this.#style(view, i + 4);
      else return this.column < MAX_COLUMNS ? i : -1;
      if (i < 0) return -1;
    }
  }

  #reference(view: DataView, from: number): number {
    // The next column under this row's number: nearly always. Its digits need not be looked at one by one.
    const quote = from + 1 + this.#rowDigits;
    if (view.getUint8(from) === UPPER_A + this.column && this.column < LETTERS && view.getUint8(quote) === QUOTE) {
      if (isDigit(view.getUint8(from + 1))) return quote + 1;
    }
    let i = from;
    let column = 0;
    let byte = view.getUint8(i);
    for (; byte >= UPPER_A && byte <= UPPER_Z; byte = view.getUint8(++i)) {
      column = column * LETTERS + (byte - UPPER_A + 1);
      if (column > MAX_COLUMNS) return -1;
    }
    if (column === 0) return -1;
    while (isDigit(byte)) byte = view.getUint8(++i);
    this.column = column - 1;
    return byte === QUOTE ? i + 1 : -1;
  }

  #type(view: DataView, from: number): number {
    const four = view.getInt32(from, true);
    const two = four & TWO;
    if (two === S_TYPE) {
      this.type = SHARED;
      return from + 2;
    }
    if (four === INLI) {
      this.type = INLINE;
      const rest = view.getInt32(from + 4, true) === NEST && (view.getInt32(from + 8, true) & TWO) === R_END;
      return rest ? from + 10 : -1;
    }
    if (four === STR_TYPE) {
      this.type = STR;
      return from + 4;
    }
    if (two === N_TYPE) this.type = NUMERIC;
    else if (two === B_TYPE) this.type = BOOLEAN;
    else if (two === E_TYPE) this.type = ERRONEOUS;
    else return -1;
    return from + 2;
  }

  #style(view: DataView, from: number): number {
    let i = from;
    let style = 0;
    let byte = view.getUint8(i);
    for (; isDigit(byte); byte = view.getUint8(++i)) style = style * 10 + (byte - ZERO);
    this.style = style;
    return byte === QUOTE && i > from && i - from <= MAX_STYLE_DIGITS ? i + 1 : -1;
  }
}

export const isDigit = (byte: number): boolean => byte >= ZERO && byte <= NINE;
