import { STYLE } from './book-xml.ts';
import { columnName } from './column-name.ts';
import { MAX_CELL_CHARS, MAX_COLUMNS } from './limits.ts';
import { plainDecimal } from './numbers.ts';
import { inlineString } from './xml-escape.ts';

/** A text in a cell that stands out, also an empty one: something is wrong with it. */
export interface MarkedText {
  marked: string;
}

/** What a cell may be given. Anything else that slips through the types is written as text. */
export type CellInput = string | number | MarkedText | null | undefined;

/** The bytes before a value, like `<c r="AB12" t="inlineStr"><is><t>`, kept from row to row: only the digits change. */
interface Lead {
  bytes: Buffer;
  /** Where the digits of the row end. */
  digitsEnd: number;
  /** The row that stands in them. */
  row: number;
}

const TEXT_BEGIN = '<is><t>';
const TEXT_END = Buffer.from('</t></is></c>');
const CELL_END = Buffer.from('</c>');
const NUMBER_END = Buffer.from('</v></c>');
const ROW_END = Buffer.from('</row>');
const PRESERVE = Buffer.from(' xml:space="preserve">');
/** More bytes than stand around any value. */
const AROUND = 128;
/** A UTF-16 unit takes at most 3. */
const BYTES_A_UNIT = 3;
/** A whole number from here on may not be what somebody typed: it is an ID number, and stays text. */
const INEXACT = 1e15;
const ZERO = 0x30;
const UNDERSCORE = 0x5f;
const SMALL_X = 0x78;
/** 1 for the ASCII that a cell can't hold as it is; an underscore only before an x. */
const CARE = Uint8Array.from({ length: 128 }, (_, code) =>
  code < 0x20 || '&<>_\u007f'.includes(String.fromCharCode(code)) ? 1 : 0,
);

/**
 * Makes rows the XML of a sheet, straight into a buffer: no strings are put together and nothing is allocated per cell.
 * A text that needs no care, which nearly all are, is checked and encoded in one pass; others go by `inlineString`.
 */
export class RowEncoder {
  /** Bytes used of the buffer. */
  length = 0;
  #buffer: Buffer;
  readonly #styleOf: (column: number) => number;
  #digits = 0;
  #rowLead: Lead = { bytes: Buffer.alloc(0), digitsEnd: 0, row: 0 };
  #textLeads: Lead[] = [];
  #numberLeads: Lead[] = [];

  /** @param styleOf the style of a column's cells, 0 for none */
  constructor(buffer: Buffer, styleOf: (column: number) => number) {
    this.#buffer = buffer;
    this.#styleOf = styleOf;
  }

  /** @returns the buffer with what is in it; encoding goes on in `next` */
  take(next: Buffer): Buffer {
    const taken = this.#buffer.subarray(0, this.length);
    this.#buffer = next;
    this.length = 0;
    return taken;
  }

  /**
   * Adds a row; a buffer that is too small for it is replaced by a larger one.
   * @param row its number, from 1
   * @throws RangeError on more than 16,384 cells, and whatever a value throws that can't be told as text; nothing is added then
   */
  row(values: readonly CellInput[], row: number): void {
    if (values.length > MAX_COLUMNS) throw new RangeError(`a row holds at most ${MAX_COLUMNS} cells`);
    this.#fitLeads(row);
    this.#reserve(this.length, 0);
    let at = this.#put(this.#rowLead, row, this.length);
    for (let column = 0; column < values.length; column++) {
      const value: unknown = values[column];
      if (value === '' || value === null || value === undefined) continue;
      if (typeof value === 'string') at = this.#text(value, column, row, at);
      else if (typeof value === 'number') at = this.#number(value, column, row, at);
      else if (isMarked(value)) at = this.#marked(value.marked, column, row, at);
      else at = this.#text(otherText(value), column, row, at);
    }
    this.#reserve(at, 0);
    this.length = append(this.#buffer, at, ROW_END);
  }

  #text(text: string, column: number, row: number, at: number): number {
    if (text === '') return at;
    const lead = (this.#textLeads[column] ??= this.#cellLead(column, row, ` t="inlineStr">${TEXT_BEGIN}`));
    if (text.length <= MAX_CELL_CHARS) {
      this.#reserve(at, text.length * BYTES_A_UNIT);
      let from = this.#put(lead, row, at);
      if (isSpace(text.charCodeAt(0)) || isSpace(text.charCodeAt(text.length - 1))) from = this.#preserve(from);
      const end = encodePlain(this.#buffer, from, text);
      if (end >= 0) return append(this.#buffer, end, TEXT_END);
    }
    const content = inlineString(text);
    if (content === '') return at;
    this.#reserve(at, Buffer.byteLength(content));
    const from = this.#put(lead, row, at) - TEXT_BEGIN.length;
    return append(this.#buffer, from + this.#buffer.write(content, from), CELL_END);
  }

  #marked(text: string, column: number, row: number, at: number): number {
    const content = inlineString(text);
    const type = content === '' ? '' : ' t="inlineStr"';
    const cell = `<c r="${columnName(column)}${row}" s="${STYLE.marked}"${type}>${content}</c>`;
    this.#reserve(at, Buffer.byteLength(cell));
    return at + this.#buffer.write(cell, at);
  }

  #number(value: number, column: number, row: number, at: number): number {
    if (!Number.isFinite(value)) return at;
    if (Math.abs(value) >= INEXACT) return this.#text(plainDecimal(value), column, row, at);
    const lead = (this.#numberLeads[column] ??= this.#cellLead(column, row, '><v>'));
    this.#reserve(at, 0);
    const end = encodePlain(this.#buffer, this.#put(lead, row, at), String(value));
    return append(this.#buffer, end, NUMBER_END);
  }

  /** Turns the `<t>` that ends at `at` into one that keeps spaces. */
  #preserve(at: number): number {
    return append(this.#buffer, at - 1, PRESERVE);
  }

  #put(lead: Lead, row: number, at: number): number {
    const { bytes } = lead;
    if (lead.row !== row) {
      lead.row = row;
      for (let i = lead.digitsEnd - 1, left = row; left > 0; i--) {
        const rest = Math.floor(left / 10);
        bytes[i] = ZERO + left - rest * 10;
        left = rest;
      }
    }
    this.#buffer.set(bytes, at);
    return at + bytes.length;
  }

  /** Leads are as long as the row's number: one digit more, and they are made anew. */
  #fitLeads(row: number): void {
    const digits = String(row).length;
    if (digits === this.#digits) return;
    this.#digits = digits;
    this.#rowLead = leadOf('<row r="', row, '">');
    this.#textLeads = [];
    this.#numberLeads = [];
  }

  #cellLead(column: number, row: number, rest: string): Lead {
    const style = this.#styleOf(column);
    return leadOf(`<c r="${columnName(column)}`, row, style === 0 ? `"${rest}` : `" s="${style}"${rest}`);
  }

  /** Makes room for a value of so many bytes and what stands around it. */
  #reserve(at: number, bytes: number): void {
    const needed = at + bytes + AROUND;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(needed * 2);
    larger.set(this.#buffer.subarray(0, at));
    this.#buffer = larger;
  }
}

function leadOf(before: string, row: number, behind: string): Lead {
  return { bytes: Buffer.from(`${before}${row}${behind}`), digitsEnd: before.length + String(row).length, row };
}

/** A loop beats `set` for so few bytes. */
function append(buffer: Buffer, at: number, bytes: Buffer): number {
  const { length } = bytes;
  for (let i = 0; i < length; i++) buffer[at + i] = bytes[i] as number;
  return at + length;
}

/** Writes the text as UTF-8. @returns where it ends, or -1 when it holds something that needs care */
function encodePlain(buffer: Buffer, from: number, text: string): number {
  let at = from;
  const { length } = text;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) {
      if (CARE[code] === 1 && (code !== UNDERSCORE || text.charCodeAt(i + 1) === SMALL_X)) return -1;
      buffer[at++] = code;
    } else if (code < 0x800) {
      buffer[at++] = 0xc0 | (code >> 6);
      buffer[at++] = 0x80 | (code & 0x3f);
    } else if (code < 0xd800 || (code > 0xdfff && code < 0xfffe)) {
      buffer[at++] = 0xe0 | (code >> 12);
      buffer[at++] = 0x80 | ((code >> 6) & 0x3f);
      buffer[at++] = 0x80 | (code & 0x3f);
    } else {
      return -1;
    }
  }
  return at;
}

/** Spaces that programs take away from the ends of a text unless told to keep them. Others need care anyway. */
function isSpace(code: number): boolean {
  return code === 0x20 || code === 0xa0 || code === 0x3000;
}

function isMarked(value: unknown): value is MarkedText {
  return typeof value === 'object' && value !== null && typeof (value as MarkedText).marked === 'string';
}

function otherText(value: unknown): string {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString();
  return typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? '');
}
