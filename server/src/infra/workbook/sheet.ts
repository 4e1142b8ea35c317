import { RowBatch, type PackedRows } from './batch.ts';
import { storedType, valueCell, type StoredType } from './cell-value.ts';
import { corrupt, WorkbookError } from './errors.ts';
import { KnownCells } from './known-cells.ts';
import { MAX_COLUMNS, MAX_ROWS } from './limits.ts';
import { RowJump } from './row-jump.ts';
import { RowTag } from './row-tag.ts';
import { SharedCells } from './shared-cells.ts';
import { SheetCells } from './sheet-cells.ts';
import type { StringTable } from './string-table.ts';
import type { Styles } from './styles.ts';
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

export interface SheetContext {
  strings: StringTable;
  styles: Styles;
  epoch1904: boolean;
  cellChars: number;
  emptyCells: number;
  /** Rows below this number are passed over. */
  from: number;
}

/**
 * Turns a sheet's XML into rows. `run` returns false whenever a batch is full: take it and run again. The usual cells are
 * read by `SheetCells`; what is here takes every cell that the format allows, one token at a time.
 */
export class SheetScanner extends XmlScanner {
  readonly #context: SheetContext;
  readonly #batch: RowBatch;
  readonly #known: KnownCells;
  readonly #shared: SharedCells;
  readonly #cells: SheetCells;
  #row = 0;
  /** Outside of rows, in a row that is wanted, in one that is not. */
  #state: 'out' | 'row' | 'skipped' = 'out';
  readonly #jump = new RowJump();
  readonly #tag = new RowTag();
  /** Elements that are open right inside of a row. */
  #rowDepth = 0;
  #inCell = false;
  #inInline = false;
  #inPhonetic = false;
  #style = 0;
  #type: StoredType = 'number';
  #index = -1;
  #value = '';

  constructor(part: string, context: SheetContext) {
    super(part);
    this.#context = context;
    this.#batch = new RowBatch(context.emptyCells);
    this.#known = new KnownCells(this.#batch);
    this.#shared = new SharedCells(context.strings, this.#batch, this.#known);
    this.#cells = new SheetCells({ ...context, batch: this.#batch, known: this.#known, shared: this.#shared });
  }

  /** The rows since the last call, if any. They hold until `run` is called again. */
  take(): PackedRows[] {
    if (this.#batch.empty) return [];
    this.#known.endBatch();
    return [this.#batch.take()];
  }

  override feed(chunk: Buffer): void {
    super.feed(chunk);
    this.#jump.reset();
  }

  protected override fast(buf: Buffer, at: number, length: number): number {
    // From inside of a cell, where a piece may begin, a jump would leave that cell open.
    if (this.#state === 'skipped') return this.depth === this.#rowDepth ? this.#jump.jump(buf, at, length) : at;
    if (this.#state === 'out' || this.#inCell) return at;
    const { view } = this;
    let pos = this.#cells.read(view, at, length);
    for (let next = this.#nextRow(view, pos, length); next > pos; next = this.#nextRow(view, pos, length)) {
      pos = this.paused ? next : this.#cells.read(view, next, length);
    }
    return pos;
  }

  /** Goes on to the next row, if nothing stands between and none is passed over. The scanner's depth stays the same. */
  #nextRow(view: DataView, at: number, length: number): number {
    if (this.paused) return -1;
    const end = this.#tag.read(view, at, length);
    const { number } = this.#tag;
    if (end < 0 || number <= this.#row || number > MAX_ROWS || number < this.#context.from) return -1;
    this.#closeRow();
    this.#startRow(number);
    return end;
  }

  protected open(buf: Buffer, key: number): void {
    if (key === V) {
      this.wantText = this.#inCell;
    } else if (key === C) {
      if (this.#state === 'row') this.#openCell(buf);
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
    if (this.#state !== 'out') throw corrupt('xml', { part: this.part, row: number });
    if (number > MAX_ROWS) throw new WorkbookError('file_too_large', { limit: 'rows', max: MAX_ROWS });
    if (number <= this.#row) throw corrupt('row_number', { part: this.part, row: number });
    this.#rowDepth = this.depth + 1;
    this.#startRow(number);
  }

  #startRow(number: number): void {
    this.#row = number;
    this.#state = number < this.#context.from ? 'skipped' : 'row';
    this.#cells.openRow(number);
  }

  #openCell(buf: Buffer): void {
    let column = this.#cells.column + 1;
    this.#inCell = true;
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
      if (name === ATTRIBUTE_R) column = this.#columnOf(buf, from, to);
      else if (name === ATTRIBUTE_S) this.#style = this.#integer(buf, from, to);
      else if (name === ATTRIBUTE_T) this.#type = storedType(buf.toString('latin1', from, to));
    }
    if (column >= MAX_COLUMNS) throw corrupt('cell_reference', { part: this.part, row: this.#row });
    this.#cells.column = column;
  }

  #closeCell(): void {
    if (!this.#inCell) return;
    this.#inCell = false;
    const { styles, epoch1904 } = this.#context;
    const { column } = this.#cells;
    if (this.#type !== 'shared') {
      this.#batch.putCell(column, valueCell(this.#type, this.#value, this.#style, styles, epoch1904));
    } else if (this.#index >= 0) {
      this.#shared.put(column, this.#index);
    }
  }

  #closeRow(): void {
    if (this.#state === 'row' && this.#batch.endRow(this.#row)) this.paused = true;
    this.#state = 'out';
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
