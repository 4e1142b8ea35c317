const LT = 0x3c;
const AMPERSAND = 0x26;
const CARRIAGE_RETURN = 0x0d;
const UNDERSCORE = 0x5f;
const X = 0x78;

/** Reads the usual text between tags, straight from UTF-8 bytes into wherever texts are kept, without a string. */
export class TextRun {
  /** Of the last text: where its `<` stands, how many UTF-16 units it has, and whether any of them is above 127. */
  end = 0;
  length = 0;
  wide = false;

  /**
   * Writes the text as bytes to `narrow` from `narrowAt`, or, when it has other characters, as UTF-16 units to `wide`
   * from `wideAt`. There must be room; what doesn't fit is lost, so compare `length`.
   * @returns false when the text is cut by `limit` or has something to resolve (entity, line end, `_xHHHH_`)
   */
  read(
    buf: Buffer,
    from: number,
    limit: number,
    narrow: Uint8Array,
    narrowAt: number,
    wide: Uint16Array,
    wideAt: number,
  ): boolean {
    for (let i = from, to = narrowAt; i < limit; i++, to++) {
      const byte = buf[i] as number;
      if (byte >= 0x80) return this.#readWide(buf, from, limit, wide, wideAt);
      if (byte === LT) {
        this.end = i;
        this.length = i - from;
        this.wide = false;
        return true;
      }
      if (byte === AMPERSAND || byte === CARRIAGE_RETURN || (byte === UNDERSCORE && buf[i + 1] === X)) return false;
      narrow[to] = byte;
    }
    return false;
  }

  #readWide(buf: Buffer, from: number, limit: number, wide: Uint16Array, wideAt: number): boolean {
    let to = wideAt;
    for (let i = from; i < limit;) {
      const byte = buf[i] as number;
      if (byte >= 0xe0) {
        if (byte < 0xf0) {
          wide[to++] = ((byte & 0x0f) << 12) | (((buf[i + 1] as number) & 0x3f) << 6) | ((buf[i + 2] as number) & 0x3f);
          i += 3;
        } else {
          const point =
            ((byte & 0x07) << 18) |
            (((buf[i + 1] as number) & 0x3f) << 12) |
            (((buf[i + 2] as number) & 0x3f) << 6) |
            ((buf[i + 3] as number) & 0x3f);
          wide[to++] = 0xd7c0 + (point >> 10);
          wide[to++] = 0xdc00 | (point & 0x3ff);
          i += 4;
        }
      } else if (byte >= 0x80) {
        wide[to++] = ((byte & 0x1f) << 6) | ((buf[i + 1] as number) & 0x3f);
        i += 2;
      } else {
        if (byte === LT) {
          this.end = i;
          this.length = to - wideAt;
          this.wide = true;
          return true;
        }
        if (byte === AMPERSAND || byte === CARRIAGE_RETURN || (byte === UNDERSCORE && buf[i + 1] === X)) return false;
        wide[to++] = byte;
        i++;
      }
    }
    return false;
  }
}
