import { KNOWN, LENGTH_SHIFT, LOSSY, TYPE_BITS, TYPES, WIDE, type PackedRows } from './batch.ts';
import { EMPTY_CELL, type Cell, type CellType, type Row } from './types.ts';

/**
 * Makes rows out of packed ones; one of them goes through all batches of a sheet, since they build on each other.
 * The texts of a batch are decoded as two long strings and cut out of these, which costs a fifth of decoding them one by
 * one; a text that someone keeps for long keeps its batch's string (some hundred kilobytes) alive.
 */
export class Unpacker {
  /** Cells that occur again and again, by slot: one object for all places. */
  readonly #known: Cell[] = [];

  rows(packed: PackedRows): Row[] {
    const { rows: heads, cells: words } = packed;
    const narrow = latin1(packed.narrow);
    const wide = utf16(packed.wide);
    const known = this.#known;
    const rows: Row[] = [];
    let at = 0;
    for (let head = 0; head < heads.length; head += 2) {
      const width = heads[head + 1] as number;
      // eslint-disable-next-line unicorn/no-new-array -- of known length, filled at once: half the cost of pushing
      const cells = new Array<Cell>(width);
      for (let column = 0; column < width; column++, at += 2) {
        const code = words[at] as number;
        const start = words[at + 1] as number;
        if (code === 0) cells[column] = EMPTY_CELL;
        else if ((code & KNOWN) !== 0) cells[column] = known[start] as Cell;
        else {
          const end = start + (code >>> LENGTH_SHIFT);
          cells[column] = cellOf(code, (code & WIDE) === 0 ? narrow.slice(start, end) : wide.slice(start, end));
        }
      }
      rows.push({ number: heads[head] as number, cells });
    }
    this.#keep(packed);
    return rows;
  }

  /** These texts live long, so each gets memory of its own. */
  #keep({ known, narrow, wide }: PackedRows): void {
    for (let i = 0; i < known.length; i += 3) {
      const code = known[i + 1] as number;
      const start = known[i + 2] as number;
      const end = start + (code >>> LENGTH_SHIFT);
      const text = (code & WIDE) === 0 ? latin1(narrow.subarray(start, end)) : utf16(wide.subarray(start, end));
      this.#known[known[i] as number] = cellOf(code, text);
    }
  }
}

function cellOf(code: number, text: string): Cell {
  const type = TYPES[code & TYPE_BITS] as CellType;
  return (code & LOSSY) === 0 ? { type, text } : { type, text, lossy: true };
}

const latin1 = ({ buffer, byteOffset, byteLength }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('latin1');

const utf16 = ({ buffer, byteOffset, byteLength }: Uint16Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('utf16le');
