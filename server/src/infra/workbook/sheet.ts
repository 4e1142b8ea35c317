import { storedType, textCell, valueCell, type StoredType } from './cell-value.ts';
import { corrupt, WorkbookError } from './errors.ts';
import { MAX_COLUMNS, MAX_ROWS } from './limits.ts';
import type { StringTable } from './string-table.ts';
import type { Styles } from './styles.ts';
import { EMPTY_CELL, type Cell, type Row } from './types.ts';
import { decodeText } from './xml-text.ts';
import { tagKey, XmlScanner } from './xml-scan.ts';

const ROW = tagKey('row');
const C = tagKey('c');
const V = tagKey('v');
const IS = tagKey('is');
const T = tagKey('t');
const PHONETIC = tagKey('rPh');
const ATTRIBUTE_R = 0x72;
const ATTRIBUTE_S = 0x73;
const ATTRIBUTE_T = 0x74;
const DIGIT_0 = 0x30;
/** Enough rows or cells for one batch. Cells count too: one row may be 16,384 wide. */
const BATCH_ROWS = 500;
const BATCH_CELLS = 50_000;

export interface SheetContext {
  strings: StringTable;
  styles: Styles;
  epoch1904: boolean;
  cellChars: number;
}

/** Turns a sheet's XML into rows. `run` returns false whenever a batch is full: take it and run again. */
export class SheetScanner extends XmlScanner {
  readonly #context: SheetContext;
  #rows: Row[] = [];
  #weight = 0;
  #row = 0;
  #cells: Cell[] | null = null;
  #inCell = false;
  #inInline = false;
  #inPhonetic = false;
  #column = -1;
  #style = 0;
  #type: StoredType = 'number';
  #index = -1;
  #value = '';

  constructor(part: string, context: SheetContext) {
    super(part);
    this.#context = context;
  }

  /** The rows since the last call. */
  take(): Row[] {
    const rows = this.#rows;
    this.#rows = [];
    this.#weight = 0;
    return rows;
  }

  protected open(buf: Buffer, key: number): void {
    if (key === V) {
      this.wantText = this.#inCell;
    } else if (key === C) {
      if (this.#cells !== null) this.#openCell(buf);
    } else if (key === ROW) {
      this.#openRow(buf);
    } else if (key === T) {
      this.wantText = this.#inInline && !this.#inPhonetic;
    } else if (key === IS) {
      this.#inInline = this.#inCell;
    } else if (key === PHONETIC) {
      this.#inPhonetic = true;
    }
  }

  protected close(_buf: Buffer, key: number): void {
    if (key === V || key === T) this.wantText = false;
    else if (key === C) this.#closeCell();
    else if (key === ROW) this.#closeRow();
    else if (key === IS) this.#inInline = false;
    else if (key === PHONETIC) this.#inPhonetic = false;
  }

  protected text(buf: Buffer, from: number, to: number, raw: boolean): void {
    if (this.#type === 'shared') {
      this.#index = this.#integer(buf, from, to);
    } else {
      this.#value += raw ? buf.toString('utf8', from, to) : decodeText(buf, from, to);
      if (this.#value.length > this.#context.cellChars) {
        throw new WorkbookError('file_bomb', { limit: 'cell', max: this.#context.cellChars, row: this.#row });
      }
    }
  }

  #openRow(buf: Buffer): void {
    let number = this.#row + 1;
    for (let slot = 0; slot < this.attributeCount * 4; slot += 4) {
      const start = this.attributes[slot] as number;
      if (buf[start] !== ATTRIBUTE_R || this.attributes[slot + 1] !== start + 1) continue;
      number = this.#integer(buf, this.attributes[slot + 2] as number, this.attributes[slot + 3] as number);
    }
    if (number <= this.#row || number > MAX_ROWS) throw corrupt('row_number', { part: this.part, row: number });
    this.#row = number;
    this.#cells = [];
    this.#column = -1;
  }

  #openCell(buf: Buffer): void {
    this.#inCell = true;
    this.#column++;
    this.#style = 0;
    this.#type = 'number';
    this.#index = -1;
    this.#value = '';
    for (let slot = 0; slot < this.attributeCount * 4; slot += 4) {
      const start = this.attributes[slot] as number;
      if (this.attributes[slot + 1] !== start + 1) continue;
      const from = this.attributes[slot + 2] as number;
      const to = this.attributes[slot + 3] as number;
      const name = buf[start];
      if (name === ATTRIBUTE_R) this.#column = this.#columnOf(buf, from, to);
      else if (name === ATTRIBUTE_S) this.#style = this.#integer(buf, from, to);
      else if (name === ATTRIBUTE_T) {
        this.#type =
          to - from === 1 && buf[from] === ATTRIBUTE_S ? 'shared' : storedType(buf.toString('latin1', from, to));
      }
    }
    if (this.#column >= MAX_COLUMNS) throw corrupt('cell_reference', { part: this.part, row: this.#row });
  }

  #closeCell(): void {
    if (!this.#inCell || this.#cells === null) return;
    this.#inCell = false;
    const { strings, styles, epoch1904 } = this.#context;
    let cell: Cell;
    if (this.#type === 'shared') cell = this.#index < 0 ? EMPTY_CELL : textCell(strings.get(this.#index));
    else cell = valueCell(this.#type, this.#value, this.#style, styles, epoch1904);
    if (cell === EMPTY_CELL) return;
    while (this.#cells.length < this.#column) this.#cells.push(EMPTY_CELL);
    this.#cells[this.#column] = cell;
  }

  #closeRow(): void {
    const cells = this.#cells;
    this.#cells = null;
    if (cells === null || cells.length === 0) return;
    this.#rows.push({ number: this.#row, cells });
    this.#weight += cells.length;
    if (this.#rows.length >= BATCH_ROWS || this.#weight >= BATCH_CELLS) this.paused = true;
  }

  /** The zero-based column of a reference such as `AB12`. */
  #columnOf(buf: Buffer, from: number, to: number): number {
    let column = 0;
    let i = from;
    for (; i < to && i < from + 4; i++) {
      const letter = (buf[i] as number) | 0x20;
      if (letter < 0x61 || letter > 0x7a) break;
      column = column * 26 + (letter - 0x60);
    }
    if (i === from || column > MAX_COLUMNS) throw corrupt('cell_reference', { part: this.part, row: this.#row });
    return column - 1;
  }

  #integer(buf: Buffer, from: number, to: number): number {
    let value = 0;
    for (let i = from; i < to; i++) {
      const digit = (buf[i] as number) - DIGIT_0;
      if (digit < 0 || digit > 9 || value > 0xffff_ffff) return this.#looseInteger(buf, from, to);
      value = value * 10 + digit;
    }
    return value;
  }

  #looseInteger(buf: Buffer, from: number, to: number): number {
    const value = Number(buf.toString('latin1', from, to));
    if (!Number.isInteger(value) || value < 0) throw corrupt('number', { part: this.part, row: this.#row });
    return value;
  }
}
