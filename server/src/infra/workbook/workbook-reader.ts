import type { PackedRows } from './batch.ts';
import { open, type FileHandle } from 'node:fs/promises';
import { WorkbookError } from './errors.ts';
import { readPart, type PartOptions } from './inflate.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { readParts, type WorkbookParts } from './package.ts';
import { SheetScanner } from './sheet.ts';
import { sniff } from './sniff.ts';
import type { StringTable } from './string-table.ts';
import { RowCount } from './row-count.ts';
import { readStrings } from './strings.ts';
import type { PackedReader, Row, RowsOptions, SheetInfo } from './types.ts';
import { Unpacker } from './unpack.ts';
import { utf8Chunks } from './utf8.ts';
import { readDirectory } from './zip.ts';

type Sheet = WorkbookParts['sheets'][number];

/** An opened xlsx file; shared strings are read when the first rows are asked for. */
export class WorkbookReader implements PackedReader {
  readonly kind = 'xlsx';
  readonly sheets: readonly SheetInfo[];
  readonly #file: FileHandle;
  readonly #parts: WorkbookParts;
  readonly #limits: Limits;
  #strings: StringTable | undefined;

  constructor(file: FileHandle, parts: WorkbookParts, limits: Limits) {
    this.#file = file;
    this.#parts = parts;
    this.#limits = limits;
    this.sheets = parts.sheets.map(({ name, hidden }) => ({ name, hidden }));
  }

  async *rows(sheet: number | string, options: RowsOptions = {}): AsyncGenerator<Row[]> {
    const unpacker = new Unpacker();
    for await (const packed of this.packed(sheet, options)) yield unpacker.rows(packed);
  }

  async *packed(sheet: number | string, options: RowsOptions = {}): AsyncGenerator<PackedRows> {
    const { entry } = this.#sheet(sheet);
    const { signal, from = 1 } = options;
    signal?.throwIfAborted();
    this.#strings ??= await readStrings(this.#file, this.#parts.strings, this.#stringOptions(signal));
    const { styles, epoch1904 } = this.#parts;
    const { cellChars, emptyCells } = this.#limits;
    const context = { strings: this.#strings, styles, epoch1904, cellChars, emptyCells, from };
    const scanner = new SheetScanner(entry.name, context);
    for await (const chunk of utf8Chunks(readPart(this.#file, entry, this.#sheetOptions(signal)), entry.name)) {
      scanner.feed(chunk);
      while (!scanner.run()) {
        yield* scanner.take();
        signal?.throwIfAborted();
      }
    }
    scanner.finish();
    yield* scanner.take();
  }

  async verify(sheet: number | string, options: RowsOptions = {}): Promise<number> {
    const { strings } = this.#parts;
    if (strings && !this.#strings) await drain(readPart(this.#file, strings, this.#stringOptions(options.signal)));
    const count = new RowCount();
    const { entry } = this.#sheet(sheet);
    for await (const chunk of readPart(this.#file, entry, this.#sheetOptions(options.signal))) count.feed(chunk);
    return count.rows;
  }

  async close(): Promise<void> {
    this.#strings?.close();
    this.#strings = undefined;
    await this.#file.close();
  }

  #sheet(sheet: number | string): Sheet {
    const { sheets } = this.#parts;
    const found = typeof sheet === 'number' ? sheets[sheet] : sheets.find(({ name }) => name === sheet);
    if (!found) throw new RangeError(`no sheet ${sheet}`);
    return found;
  }

  #sheetOptions(signal?: AbortSignal): PartOptions {
    return { limits: this.#limits, maxBytes: this.#limits.sheetBytes, signal };
  }

  #stringOptions(signal?: AbortSignal): PartOptions {
    return { limits: this.#limits, maxBytes: this.#limits.stringsBytes, signal };
  }
}

async function drain(chunks: AsyncIterable<Buffer>): Promise<void> {
  for await (const chunk of chunks) void chunk;
}

/**
 * Opens an xlsx file from disk: its directory, workbook, relations and styles are read and judged, no sheet yet.
 * @param limits bounds that differ from DEFAULT_LIMITS
 * @throws WorkbookError saying why the file is refused
 */
export async function openWorkbook(path: string, limits: Partial<Limits> = {}): Promise<PackedReader> {
  const bounds = { ...DEFAULT_LIMITS, ...limits };
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size > bounds.fileBytes) throw new WorkbookError('file_too_large', { max: bounds.fileBytes });
    if ((await sniff(file, size)) !== 'zip') throw new WorkbookError('file_not_workbook', { kind: 'text' });
    const parts = await readParts(file, await readDirectory(file, size, bounds), bounds);
    return new WorkbookReader(file, parts, bounds);
  } catch (error) {
    await file.close();
    throw error;
  }
}
