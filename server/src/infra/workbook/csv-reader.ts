import { open, type FileHandle } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { RowBatch, type PackedRows } from './batch.ts';
import { CsvParser, sniffSeparator } from './csv-parse.ts';
import { decodeFile, detectEncoding } from './csv-text.ts';
import { WorkbookError } from './errors.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { sniff } from './sniff.ts';
import type { PackedReader, Row, RowsOptions, SheetInfo } from './types.ts';

const SEPARATOR_LINE = /^sep=(.)(?:\r\n|\r|\n)/i;

/** An opened CSV file: one sheet, every cell text. */
export class CsvReader implements PackedReader {
  readonly kind = 'csv';
  readonly sheets: readonly SheetInfo[];
  readonly encoding: string;
  readonly #file: FileHandle;
  readonly #limits: Limits;

  constructor(file: FileHandle, name: string, encoding: string, limits: Limits) {
    this.#file = file;
    this.#limits = limits;
    this.encoding = encoding;
    this.sheets = [{ name, hidden: false }];
  }

  async *rows(sheet: number | string, options: RowsOptions = {}): AsyncGenerator<Row[]> {
    this.#check(sheet);
    const { from = 1 } = options;
    const wanted = (rows: Row[]): Row[] => (from > 1 ? rows.filter((row) => row.number >= from) : rows);
    let parser: CsvParser | undefined;
    for await (const text of decodeFile(this.#file, this.encoding, this.#limits.chunkBytes, options.signal)) {
      // Excel's own way to name the separator: a line that it does not show.
      const named = parser ? null : SEPARATOR_LINE.exec(text);
      parser ??= new CsvParser(named?.[1] ?? sniffSeparator(text), this.#limits.cellChars);
      for (const batch of parser.push(named ? text.slice(named[0].length) : text)) {
        const rows = wanted(batch);
        if (rows.length > 0) yield rows;
        options.signal?.throwIfAborted();
      }
    }
    const last = wanted(parser?.finish() ?? []);
    if (last.length > 0) yield last;
  }

  async *packed(sheet: number | string, options: RowsOptions = {}): AsyncGenerator<PackedRows> {
    const batch = new RowBatch(this.#limits.emptyCells);
    for await (const rows of this.rows(sheet, options)) {
      for (const { number, cells } of rows) {
        cells.forEach((cell, column) => batch.putCell(column, cell));
        if (batch.endRow(number)) yield batch.take();
      }
      if (!batch.empty) yield batch.take();
    }
  }

  async verify(sheet: number | string, options: RowsOptions = {}): Promise<number> {
    let count = 0;
    for await (const rows of this.rows(sheet, options)) count += rows.length;
    return count;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  #check(sheet: number | string): void {
    if (sheet !== 0 && sheet !== this.sheets[0]?.name) throw new RangeError(`no sheet ${sheet}`);
  }
}

/**
 * Opens a CSV file from disk: UTF-8 (with or without a mark), UTF-16 with a mark, else GB 18030; separated by comma,
 * tab or semicolon, whichever its first line uses.
 * @throws WorkbookError saying why the file is refused
 */
export async function openCsv(path: string, limits: Partial<Limits> = {}): Promise<PackedReader> {
  const bounds = { ...DEFAULT_LIMITS, ...limits };
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size > bounds.fileBytes) throw new WorkbookError('file_too_large', { max: bounds.fileBytes });
    if ((await sniff(file, size)) !== 'text') throw new WorkbookError('file_not_workbook', { kind: 'zip' });
    return new CsvReader(file, basename(path, extname(path)), await detectEncoding(file), bounds);
  } catch (error) {
    await file.close();
    throw error;
  }
}
