import { isDigit } from './cell-tag.ts';
import { MAX_ROWS } from './limits.ts';
import { word } from './xml-scan.ts';

const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const SLASH = 0x2f;
const ZERO = 0x30;
const LT = 0x3c;
const GT = 0x3e;
/** `</row><row r="` */
const [ROW_CLOSE, W_GT_LT_R, OW_R, IS_QUOTE] = [word('</ro'), word('w><r'), word('ow r'), word('="\0\0')];
const LENGTH = 14;

/** The way from a row to the next one, where nothing stands between them. */
export class RowTag {
  /** Of the row that was found. */
  number = 0;

  /** Reads `</row><row r="2" …>`. @returns the place behind it, -1: something else stands there, or not all of it */
  read(view: DataView, at: number, limit: number): number {
    if (view.getInt32(at, true) !== ROW_CLOSE || view.getInt32(at + 4, true) !== W_GT_LT_R) return -1;
    if (view.getInt32(at + 8, true) !== OW_R || (view.getInt32(at + 12, true) & 0xffff) !== IS_QUOTE) return -1;
    let i = at + LENGTH;
    let number = 0;
    let byte = view.getUint8(i);
    for (; isDigit(byte) && number <= MAX_ROWS; byte = view.getUint8(++i)) number = number * 10 + (byte - ZERO);
    if (byte !== QUOTE) return -1;
    this.number = number;
    let quoted = false;
    for (byte = view.getUint8(++i); byte !== GT || quoted; byte = view.getUint8(++i)) {
      if (byte === QUOTE) quoted = !quoted;
      else if (byte === APOSTROPHE || byte === LT || byte === 0) return -1;
    }
    return i < limit && view.getUint8(i - 1) !== SLASH ? i + 1 : -1;
  }
}
