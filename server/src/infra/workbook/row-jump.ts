const LT = 0x3c;
const GT = 0x3e;
const SLASH = 0x2f;
const R = 0x72;
const COLON = 0x3a;
const O = 0x6f;
const W = 0x77;
const BANG = 0x21;
const QUESTION = 0x3f;

/**
 * Finds the end of a row that is passed over, by looking for single bytes, which costs next to nothing. Only comments,
 * CDATA and processing instructions may hold a text that looks like the end; where there is one, nothing is jumped.
 */
export class RowJump {
  /** Before this place there is nothing to find in this piece. */
  #from = 0;
  /** The next place from there on that such a section begins. */
  #section = -1;

  /** To be called with every new piece. */
  reset(): void {
    this.#from = 0;
    this.#section = -1;
  }

  /** @returns the place of the row's `</row>`, or `at`: go on tag by tag */
  jump(buf: Buffer, at: number, limit: number): number {
    if (at < this.#from) return at;
    const end = rowEnd(buf, at, limit);
    this.#from = end < 0 ? limit : end;
    if (end < 0) return at;
    if (this.#section < at) this.#section = Math.min(sectionFrom(buf, at, BANG), sectionFrom(buf, at, QUESTION));
    return this.#section < end ? at : end;
  }
}

/** The place of `</row>`; -1 when there is none, or a tag of a row that is spelt in another way. */
function rowEnd(buf: Buffer, at: number, limit: number): number {
  for (let w = buf.indexOf(W, at); w >= 0 && w + 1 < limit; w = buf.indexOf(W, w + 1)) {
    if (buf[w - 1] !== O || buf[w - 2] !== R || w - 4 < at) continue;
    const before = buf[w - 3];
    if (before === SLASH && buf[w - 4] === LT && buf[w + 1] === GT) return w - 4;
    if (before === SLASH || before === LT || before === COLON) return -1;
  }
  return -1;
}

/** Where `<` and the mark stand next; at the end of all when they don't. */
function sectionFrom(buf: Buffer, at: number, mark: number): number {
  let found = buf.indexOf(mark, at);
  while (found >= 0 && buf[found - 1] !== LT) found = buf.indexOf(mark, found + 1);
  return found < 0 ? Number.POSITIVE_INFINITY : found - 1;
}
