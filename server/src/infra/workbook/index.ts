/**
 * Excel and CSV behind one small interface; it knows no feature.
 *
 * Reading: `openTable` (or `openInWorker`, the same off the event loop) gives a `TableReader` whose `rows` come in
 * batches. Everything that is wrong with a file is a `WorkbookError` with a code.
 * Writing: `createWorkbookWriter` streams any number of rows, `writeTemplate` makes a small file to fill.
 */
export { WORKBOOK_ERROR_CODES, WorkbookError, type WorkbookErrorCode, type WorkbookErrorParams } from './errors.ts';
export { DEFAULT_LIMITS, MAX_CELL_CHARS, MAX_ROWS, type Limits } from './limits.ts';
export type { Cell, CellType, Row, RowsOptions, SheetInfo, TableReader } from './types.ts';
export { openWorkbook } from './workbook-reader.ts';
export { openCsv } from './csv-reader.ts';
export { openTable } from './table.ts';
export { sniffed } from './sniff-stream.ts';
export { openInWorker, readInWorker, type WorkerOptions } from './worker-reader.ts';
export { cleanText, CUT_MARK, sheetName } from './clean.ts';
export { createWorkbookWriter, type WorkbookWriter, type WorkbookWriterOptions } from './writer.ts';
export type { SheetWriter } from './sheet-writer.ts';
export type { CellInput, MarkedText } from './row-encoder.ts';
export type { SheetColumn, SheetOptions } from './sheet-xml.ts';
export { writeTemplate, type TemplateColumn, type TemplateSpec } from './template.ts';
export { plainHeader, readTemplateKeys, REQUIRED_MARK, TEMPLATE_MARK, type TemplateKeys } from './template-key.ts';
