export { WORKBOOK_ERROR_CODES, WorkbookError, type WorkbookErrorCode, type WorkbookErrorParams } from './errors.ts';
export { DEFAULT_LIMITS, MAX_CELL_CHARS, MAX_ROWS, type Limits } from './limits.ts';
export type { Cell, CellType, Row, RowsOptions, SheetInfo, TableReader } from './types.ts';
export { openWorkbook } from './workbook-reader.ts';
export { openCsv } from './csv-reader.ts';
export { openTable } from './table.ts';
export { cleanText, CUT_MARK, sheetName } from './clean.ts';
export { createWorkbookWriter, type WorkbookWriter, type WorkbookWriterOptions } from './writer.ts';
export type { CellInput, SheetColumn, SheetOptions, SheetWriter } from './sheet-writer.ts';
