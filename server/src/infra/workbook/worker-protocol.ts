import { WorkbookError, type WorkbookErrorCode, type WorkbookErrorParams } from './errors.ts';
import type { Limits } from './limits.ts';
import { EMPTY_CELL, type Cell, type CellType, type Row, type SheetInfo } from './types.ts';

/** What a reading thread is started with. */
export interface WorkerStart {
  path: string;
  limits: Partial<Limits>;
}

/** What it is asked: one task at a time, answered under its id. `more` allows one batch beyond those allowed before. */
export type WorkerRequest =
  | { id: number; do: 'rows' | 'verify'; sheet: number | string; window: number }
  | { id: number; do: 'more' | 'stop' }
  | { id: number; do: 'close' };

export type WorkerAnswer =
  | { id: 0; opened: { kind: 'xlsx' | 'csv'; sheets: SheetInfo[] } }
  | { id: number; rows: PackedRows }
  | { id: number; done: true }
  | { id: number; error: PackedError };

/** A batch in a form that is cheap to copy between threads. */
export interface PackedRows {
  /** Row number and number of cells, in turn. */
  rows: Uint32Array;
  types: Uint8Array;
  texts: string[];
}

export interface PackedError {
  code?: WorkbookErrorCode;
  params?: WorkbookErrorParams;
  range?: boolean;
  message: string;
}

const TYPES: readonly CellType[] = ['empty', 'text', 'number', 'date', 'boolean', 'error'];
const CODE_OF = new Map(TYPES.map((type, i) => [type, i]));
const LOSSY = 0x80;

export function packRows(rows: Row[]): PackedRows {
  const heads = new Uint32Array(rows.length * 2);
  const types = new Uint8Array(rows.reduce((sum, row) => sum + row.cells.length, 0));
  const texts: string[] = [];
  let at = 0;
  rows.forEach((row, i) => {
    heads[i * 2] = row.number;
    heads[i * 2 + 1] = row.cells.length;
    for (const cell of row.cells) {
      types[at++] = (CODE_OF.get(cell.type) ?? 0) | (cell.lossy ? LOSSY : 0);
      if (cell !== EMPTY_CELL) texts.push(cell.text);
    }
  });
  return { rows: heads, types, texts };
}

export function unpackRows({ rows: heads, types, texts }: PackedRows): Row[] {
  const rows: Row[] = [];
  let at = 0;
  let text = 0;
  for (let i = 0; i < heads.length; i += 2) {
    const cells: Cell[] = [];
    for (let left = heads[i + 1] as number; left > 0; left--) {
      const code = types[at++] as number;
      if (code === 0) cells.push(EMPTY_CELL);
      else {
        const cell: Cell = { type: TYPES[code & ~LOSSY] as CellType, text: texts[text++] as string };
        if ((code & LOSSY) !== 0) cell.lossy = true;
        cells.push(cell);
      }
    }
    rows.push({ number: heads[i] as number, cells });
  }
  return rows;
}

export function packError(error: unknown): PackedError {
  if (error instanceof WorkbookError) return { code: error.code, params: error.params, message: error.message };
  return { message: error instanceof Error ? error.message : String(error), range: error instanceof RangeError };
}

export function unpackError({ code, params, range, message }: PackedError): Error {
  if (code) return new WorkbookError(code, params);
  return range ? new RangeError(message) : new Error(message);
}
