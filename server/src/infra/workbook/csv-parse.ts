import { WorkbookError } from './errors.ts';
import { textCell } from './cell-value.ts';
import type { Cell, Row } from './types.ts';
import { MAX_COLUMNS } from './limits.ts';

const QUOTE = '"';
const BATCH_ROWS = 500;

/** The separator of a CSV text: the one that occurs most in the first line, outside quotes. */
export function sniffSeparator(text: string): string {
  const line = /^(?:"(?:[^"]|"")*"|[^"\r\n])*/.exec(text)?.[0] ?? '';
  const bare = line.replace(/"(?:[^"]|"")*"/g, '');
  const counts = [',', '\t', ';'].map((mark) => [mark, bare.split(mark).length] as const);
  return counts.reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}

/**
 * A CSV parser (RFC 4180) for text that arrives in pieces. A row's number counts records, as a spreadsheet program
 * shows them; blank lines are counted and left out.
 */
export class CsvParser {
  readonly #separator: string;
  readonly #cellChars: number;
  #rows: Row[] = [];
  #cells: Cell[] = [];
  #field = '';
  #row = 1;
  /** Inside quotes, or just after a quote that may end them. */
  #state: 'plain' | 'quoted' | 'closing' = 'plain';
  #afterReturn = false;
  #fresh = true;

  constructor(separator: string, cellChars: number) {
    this.#separator = separator;
    this.#cellChars = cellChars;
  }

  /** Parses a piece. @returns batches of whole rows */
  *push(text: string): Generator<Row[]> {
    let at = 0;
    while (at < text.length) {
      at = this.#state === 'quoted' ? this.#quoted(text, at) : this.#unquoted(text, at);
      if (this.#field.length > this.#cellChars) {
        throw new WorkbookError('file_bomb', { limit: 'cell', max: this.#cellChars, row: this.#row });
      }
      if (this.#rows.length >= BATCH_ROWS) yield this.#take();
    }
  }

  /** The rows that are left. @throws WorkbookError file_truncated when a quote is still open */
  finish(): Row[] {
    if (this.#state === 'quoted') throw new WorkbookError('file_truncated', { reason: 'quote', row: this.#row });
    this.#endRow();
    return this.#take();
  }

  #quoted(text: string, at: number): number {
    const end = text.indexOf(QUOTE, at);
    this.#field += text.slice(at, end < 0 ? undefined : end);
    if (end < 0) return text.length;
    this.#state = 'closing';
    return end + 1;
  }

  #unquoted(text: string, at: number): number {
    const char = text[at] as string;
    const afterReturn = this.#afterReturn;
    this.#afterReturn = false;
    if (char === '\n' && afterReturn) return at + 1;
    if (char === QUOTE && this.#state === 'closing') {
      this.#field += QUOTE;
      this.#state = 'quoted';
      return at + 1;
    }
    this.#state = 'plain';
    if (char === QUOTE && this.#fresh) {
      this.#state = 'quoted';
      this.#fresh = false;
      return at + 1;
    }
    if (char === this.#separator) {
      this.#endField();
      return at + 1;
    }
    if (char === '\r' || char === '\n') {
      this.#afterReturn = char === '\r';
      this.#endRow();
      return at + 1;
    }
    return this.#plain(text, at);
  }

  #plain(text: string, at: number): number {
    let end = at + 1;
    for (; end < text.length; end++) {
      const char = text[end] as string;
      if (char === this.#separator || char === '\n' || char === '\r') break;
    }
    this.#field += text.slice(at, end);
    this.#fresh = false;
    return end;
  }

  #endField(): void {
    this.#cells.push(textCell(this.#field));
    if (this.#cells.length > MAX_COLUMNS)
      throw new WorkbookError('file_too_large', { limit: 'columns', max: MAX_COLUMNS });
    this.#field = '';
    this.#fresh = true;
  }

  #endRow(): void {
    this.#endField();
    const cells = this.#cells;
    while (cells.at(-1)?.type === 'empty') cells.pop();
    if (cells.length > 0) this.#rows.push({ number: this.#row, cells });
    this.#cells = [];
    this.#row++;
  }

  #take(): Row[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }
}
