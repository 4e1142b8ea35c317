import { open, type FileHandle } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { CsvParser, sniffSeparator } from './csv-parse.ts';
import { decodeFile, detectEncoding } from './csv-text.ts';
import { WorkbookError } from './errors.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { sniff } from './sniff.ts';
import type { Row, RowsOptions, SheetInfo, TableReader } from './types.ts';

/** An opened CSV file: one sheet, every cell text. */
export class CsvReader implements TableReader {
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
    let parser: CsvParser | undefined;
    for await (const text of decodeFile(this.#file, this.encoding, this.#limits.chunkBytes, options.signal)) {
      parser ??= new CsvParser(sniffSeparator(text), this.#limits.cellChars);
      for (const rows of parser.push(text)) {
        yield rows;
        options.signal?.throwIfAborted();
      }
    }
    const last = parser?.finish() ?? [];
    if (last.length > 0) yield last;
  }

  async verify(sheet: number | string, options: RowsOptions = {}): Promise<void> {
    for await (const rows of this.rows(sheet, options)) void rows;
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
export async function openCsv(path: string, limits: Partial<Limits> = {}): Promise<TableReader> {
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
