/** Every way in which a file can be refused. The texts for people live with the other messages, by these codes. */
export const WORKBOOK_ERROR_CODES = [
  'file_encrypted',
  'file_old_xls',
  'file_html',
  'file_not_workbook',
  'file_truncated',
  'file_bomb',
  'file_corrupt',
  'file_too_large',
] as const;
export type WorkbookErrorCode = (typeof WORKBOOK_ERROR_CODES)[number];

/**
 * What the refusal is about: `reason`, `limit` or `kind` says what exactly, in a word that has its sentence among the
 * messages; the rest places it (part, row, max).
 */
export type WorkbookErrorParams = Record<string, string | number>;

/** A file that cannot be read as a table, or that is refused for safety. It never holds text of the file's cells. */
export class WorkbookError extends Error {
  override readonly name = 'WorkbookError';
  readonly code: WorkbookErrorCode;
  readonly params: WorkbookErrorParams;

  constructor(code: WorkbookErrorCode, params: WorkbookErrorParams = {}, options?: ErrorOptions) {
    super(`${code} ${JSON.stringify(params)}`, options);
    this.code = code;
    this.params = params;
  }
}

type CorruptReason =
  | 'checksum'
  | 'duplicate_part'
  | 'string_index'
  | 'doctype'
  | 'entity'
  | 'encoding'
  | 'text_encoding'
  | 'xml'
  | 'zip_directory'
  | 'zip_header'
  | 'zip_sizes'
  | 'zip_method'
  | 'zip_split'
  | 'part_name'
  | 'deflate'
  | 'missing_sheet'
  | 'no_sheet'
  | 'row_number'
  | 'cell_reference'
  | 'number';

/** A file whose structure breaks the format's own rules. */
export function corrupt(reason: CorruptReason, params: WorkbookErrorParams = {}): WorkbookError {
  return new WorkbookError('file_corrupt', { reason, ...params });
}
