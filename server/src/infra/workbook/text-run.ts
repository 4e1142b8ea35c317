const LT = 0x3c;
const AMPERSAND = 0x26;
const CARRIAGE_RETURN = 0x0d;
const UNDERSCORE = 0x5f;
const X = 0x78;
/** A character of three bytes, as nearly all Chinese ones are, in one look at four. */
const THREE_MASK = 0xc0c0f0;
const THREE = 0x8080e0;

/** Reads the usual text between tags, straight from UTF-8 bytes into wherever texts are kept, without a string. */
export class TextRun {
  /** Of the last text: where its `<` stands, how many UTF-16 units it has, and whether any of them is above 127. */
  end = 0;
  length = 0;
  wide = false;

  /**
   * Writes the text as bytes to `narrow` from `narrowAt`, or, when it has other characters, as UTF-16 units to `wide`
   * from `wideAt`. There must be room; what doesn't fit is lost, so compare `length`.
   * @param view must reach four bytes beyond `limit`
   * @returns false when the text is cut by `limit` or has something to resolve (entity, line end, `_xHHHH_`)
   */
  read(
    view: DataView,
    from: number,
    limit: number,
    narrow: Uint8Array,
    narrowAt: number,
    wide: Uint16Array,
    wideAt: number,
  ): boolean {
    for (let i = from, to = narrowAt; i < limit; i++, to++) {
      const byte = view.getUint8(i);
      if (byte >= 0x80) return this.#readWide(view, from, limit, wide, wideAt);
      if (byte === LT) {
        this.end = i;
        this.length = i - from;
        this.wide = false;
        return true;
      }
      if (isSpecial(view, i, byte)) return false;
      narrow[to] = byte;
    }
    return false;
  }

  #readWide(view: DataView, from: number, limit: number, wide: Uint16Array, wideAt: number): boolean {
    let to = wideAt;
    for (let i = from; i < limit;) {
      const four = view.getInt32(i, true);
      if ((four & THREE_MASK) === THREE) {
        wide[to++] = ((four & 0x0f) << 12) | ((four >> 2) & 0xfc0) | ((four >> 16) & 0x3f);
        i += 3;
        continue;
      }
      const byte = four & 0xff;
      if (byte < 0x80) {
        if (byte === LT) {
          this.end = i;
          this.length = to - wideAt;
          this.wide = true;
          return true;
        }
        if (isSpecial(view, i, byte)) return false;
        wide[to++] = byte;
        i++;
      } else if (byte < 0xe0) {
        wide[to++] = ((byte & 0x1f) << 6) | ((four >> 8) & 0x3f);
        i += 2;
      } else {
        const point = ((four & 0x07) << 18) | ((four & 0x3f00) << 4) | ((four >> 10) & 0xfc0) | ((four >>> 24) & 0x3f);
        wide[to++] = 0xd7c0 + (point >> 10);
        wide[to++] = 0xdc00 | (point & 0x3ff);
        i += 4;
      }
    }
    return false;
  }
}

function isSpecial(view: DataView, at: number, byte: number): boolean {
  return byte === AMPERSAND || byte === CARRIAGE_RETURN || (byte === UNDERSCORE && view.getUint8(at + 1) === X);
}
