import type { Cell, Row } from '../../infra/workbook/index.ts';
import { isBlankRow } from './judge.ts';

/** Rows kept of a sheet's beginning: enough for a header with notes above it, and a preview below. */
const HEAD_ROWS = 45;
const HEAD_CHARS = 200_000;
const HEAD_CELL_CHARS = 2_000;
/** More columns than any form has fields. */
export const MAX_COLUMNS = 500;

/** A column with more different texts, or longer ones, holds no options. */
const TEXTS_A_COLUMN = 300;
const TEXT_CHARS = 100;
const TEXTS_A_SHEET = 5_000;

/** What the mapping needs of a sheet; small whatever the sheet's size. */
export interface SheetHead {
  rows: Row[];
  /** By column: each text of the whole sheet with how often it occurs, also in the head; null for a column of no options. */
  texts: ([text: string, count: number][] | null)[];
}

/** Looks through a sheet as it is read, in memory that does not grow with it. */
export class SheetScan {
  /** Rows that hold something. */
  rows = 0;
  readonly #head: Row[] = [];
  #headChars = 0;
  readonly #texts: (Map<string, number> | null)[] = [];
  #different = 0;

  /** The beginning is known: whoever needs no more may stop. */
  get hasHead(): boolean {
    return this.#head.length >= HEAD_ROWS || this.#headChars >= HEAD_CHARS;
  }

  add(rows: readonly Row[]): void {
    for (const row of rows) {
      if (isBlankRow(row)) continue;
      this.rows += 1;
      if (!this.hasHead) this.#keep(row);
      this.#count(row);
    }
  }

  result(): SheetHead {
    return { rows: this.#head, texts: this.#texts.map((texts) => texts && [...texts]) };
  }

  #keep({ number, cells }: Row): void {
    const cut = cells
      .slice(0, MAX_COLUMNS)
      .map((cell): Cell =>
        cell.text.length > HEAD_CELL_CHARS ? { ...cell, text: cell.text.slice(0, HEAD_CELL_CHARS) } : cell,
      );
    this.#head.push({ number, cells: cut });
    this.#headChars += cut.reduce((sum, { text }) => sum + text.length, 0);
  }

  #count({ cells }: Row): void {
    for (let at = 0; at < cells.length && at < MAX_COLUMNS; at += 1) {
      const known = this.#texts[at];
      const { text } = cells[at] as Cell;
      if (known === null || text === '') continue;
      const texts = known ?? (this.#texts[at] = new Map<string, number>());
      const before = texts.get(text);
      if (before === undefined && !this.#isRoomFor(texts, text)) {
        this.#different -= texts.size;
        this.#texts[at] = null;
        continue;
      }
      if (before === undefined) this.#different += 1;
      texts.set(text, (before ?? 0) + 1);
    }
  }

  #isRoomFor(texts: ReadonlyMap<string, number>, text: string): boolean {
    return text.length <= TEXT_CHARS && texts.size < TEXTS_A_COLUMN && this.#different < TEXTS_A_SHEET;
  }
}
