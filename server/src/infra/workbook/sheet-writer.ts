import { once } from 'node:events';
import type ExcelJS from 'exceljs';
import { storedText } from './clean.ts';
import { plainDecimal } from './numbers.ts';

/** What a cell may be given. Anything else that slips through the types is written as text. */
export type CellInput = string | number | null | undefined;

export interface SheetColumn {
  header: string;
  /** In characters. */
  width?: number;
  /** Cells are text to spreadsheet programs, so that a typed ID number keeps its digits. */
  textFormat?: boolean;
}

export interface SheetOptions {
  /** With at least one column a bold header row is written first. */
  columns: SheetColumn[];
  /** Rows that stay in view; 1 unless told. */
  frozenRows?: number;
}

interface OpenSheet {
  sheet: ExcelJS.Worksheet;
  /** Settles when the zip has taken the sheet. */
  written: Promise<unknown>;
}

interface Pipe extends NodeJS.EventEmitter {
  _writableState: { needDrain: boolean };
}

/** One sheet, or as many as its rows need: past 1,048,576 rows it goes on in a next one, headers again on top. */
export class SheetWriter {
  readonly #options: SheetOptions & { maxRows: number };
  readonly #signal: AbortSignal;
  readonly #openNext: () => OpenSheet;
  #open: OpenSheet;
  #rows = 0;
  #closed = false;

  constructor(options: SheetOptions & { maxRows: number }, signal: AbortSignal, openNext: () => OpenSheet) {
    this.#options = options;
    this.#signal = signal;
    this.#openNext = openNext;
    this.#open = this.#start();
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Writes one row and waits until the output takes more. Texts are cleaned (`cleanText`) and are never formulas;
   * numbers of 16 digits and more are written as text, numbers that are not finite as empty cells.
   */
  async row(values: readonly CellInput[]): Promise<void> {
    if (this.#closed) throw new Error('the sheet is closed');
    this.#signal.throwIfAborted();
    if (this.#rows >= this.#options.maxRows) {
      await this.#finish();
      this.#open = this.#start();
    }
    this.#add(values);
    const pipe = pipeOf(this.#open.sheet);
    if (pipe._writableState.needDrain) await this.#drained(pipe);
  }

  /** Ends the sheet and waits until the zip has taken it. May be called twice. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#finish();
  }

  #start(): OpenSheet {
    const open = this.#openNext();
    // Its failure is thrown where it is awaited; until then nobody listens.
    open.written.catch(() => undefined);
    const { columns } = this.#options;
    open.sheet.columns = columns.map(({ width, textFormat }) => ({
      width: width ?? 16,
      style: textFormat ? { numFmt: '@' } : {},
    }));
    this.#open = open;
    this.#rows = 0;
    if (columns.length > 0)
      this.#add(
        columns.map(({ header }) => header),
        true,
      );
    return open;
  }

  #add(values: readonly CellInput[], header = false): void {
    const row = this.#open.sheet.addRow(values.map(cellValue));
    if (header) row.font = { bold: true };
    row.commit();
    this.#rows++;
  }

  async #finish(): Promise<void> {
    this.#open.sheet.commit();
    await this.#open.written;
  }

  async #drained(pipe: Pipe): Promise<void> {
    try {
      await once(pipe, 'drain', { signal: this.#signal });
    } catch (error) {
      throw this.#signal.aborted ? this.#signal.reason : error;
    }
  }
}

/** Text as a single run is written as an inline string: data by form, whatever it begins with. */
export function cellValue(value: unknown): ExcelJS.CellValue {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return null;
    return Math.abs(value) < 1e15 ? value : textValue(plainDecimal(value));
  }
  if (typeof value === 'string') return textValue(value);
  return textValue(value instanceof Date ? value.toISOString() : (JSON.stringify(value) ?? ''));
}

function textValue(text: string): ExcelJS.CellValue {
  const stored = storedText(text);
  return stored === '' ? null : { richText: [{ text: stored }] };
}

/** Where exceljs hands the sheet's bytes to the zip: private, and the only place that knows when it is full. */
function pipeOf(sheet: ExcelJS.Worksheet): Pipe {
  return (sheet as unknown as { stream: { pipes: [Pipe] } }).stream.pipes[0];
}
