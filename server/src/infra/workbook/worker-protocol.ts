import type { PackedRows } from './batch.ts';
import { WorkbookError, type WorkbookErrorCode, type WorkbookErrorParams } from './errors.ts';
import type { Limits } from './limits.ts';
import type { SheetInfo } from './types.ts';

/** What a reading thread is started with. */
export interface WorkerStart {
  path: string;
  limits: Partial<Limits>;
  smallHeap: boolean;
}

/** What it is asked: one task at a time, answered under its id. `more` allows one batch beyond those allowed before. */
export type WorkerRequest =
  | { id: number; do: 'rows' | 'verify'; sheet: number | string; from: number; window: number }
  | { id: number; do: 'more' | 'stop' }
  | { id: number; do: 'close' };

export type WorkerAnswer =
  | { id: 0; opened: { kind: 'xlsx' | 'csv'; sheets: SheetInfo[] } }
  | { id: number; rows: PackedRows }
  /** `count`: what `verify` counted. */
  | { id: number; done: true; count: number }
  | { id: number; error: PackedError };

export interface PackedError {
  code?: WorkbookErrorCode;
  params?: WorkbookErrorParams;
  range?: boolean;
  message: string;
}

/** A batch in memory of its own, with what is handed over to the other thread instead of copied. */
export function detach(packed: PackedRows): { rows: PackedRows; transfer: ArrayBuffer[] } {
  const rows: PackedRows = {
    rows: packed.rows.slice(),
    cells: packed.cells.slice(),
    known: packed.known.slice(),
    narrow: packed.narrow.slice(),
    wide: packed.wide.slice(),
  };
  return {
    rows,
    transfer: Object.values(rows).map((part: PackedRows[keyof PackedRows]) => part.buffer as ArrayBuffer),
  };
}

export function packError(error: unknown): PackedError {
  if (error instanceof WorkbookError) return { code: error.code, params: error.params, message: error.message };
  return { message: error instanceof Error ? error.message : String(error), range: error instanceof RangeError };
}

export function unpackError({ code, params, range, message }: PackedError): Error {
  if (code) return new WorkbookError(code, params);
  return range ? new RangeError(message) : new Error(message);
}
