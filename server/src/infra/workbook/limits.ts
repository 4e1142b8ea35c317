const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;

/** Bounds that every real file seen so far keeps and that hostile files break. Sizes in bytes. */
export interface Limits {
  /** The file as uploaded. */
  fileBytes: number;
  /** Parts in the zip. */
  entries: number;
  /** A part larger than `ratioFromBytes` may be at most `ratio` times its packed size. */
  ratio: number;
  ratioFromBytes: number;
  /** One sheet's XML. */
  sheetBytes: number;
  /** The shared strings' XML. */
  stringsBytes: number;
  /** Shared strings. Every cell of a million rows of 30 columns may be one. */
  strings: number;
  /** Of the shared strings' texts, so much stays in memory; more go to disk. A power of two, 256 KiB at least. */
  stringMemory: number;
  /** Any other part that is read (workbook, styles, relations). */
  partBytes: number;
  /**
   * Empty cells of one sheet that stand before others of their row, beyond 64 for each cell that holds something: some
   * bytes of XML in the last column would else cost 16,384 cells a row.
   */
  emptyCells: number;
  /** UTF-16 units in a cell: what spreadsheet programs allow. */
  cellChars: number;
  /** Sheets in a workbook. */
  sheets: number;
  /** Bytes inflated at a time. Only tests change it. */
  chunkBytes: number;
}

export const DEFAULT_LIMITS: Readonly<Limits> = Object.freeze({
  fileBytes: GIB,
  entries: 10_000,
  ratio: 200,
  ratioFromBytes: MIB,
  sheetBytes: 4 * GIB,
  stringsBytes: GIB,
  strings: 32 * MIB,
  stringMemory: 8 * MIB,
  partBytes: 32 * MIB,
  emptyCells: 8 * MIB,
  cellChars: 32_767,
  sheets: 1_000,
  chunkBytes: 512 * KIB,
});

/** What the xlsx format itself allows. */
export const MAX_ROWS = 1_048_576;
export const MAX_COLUMNS = 16_384;
export const MAX_CELL_CHARS = 32_767;
