import { isUtf8 } from 'node:buffer';
import { corrupt, WorkbookError } from './errors.ts';
import { wholeCharacters } from './utf8.ts';

const LT = 0x3c;
const GT = 0x3e;
const SLASH = 0x2f;
const EQUALS = 0x3d;
const COLON = 0x3a;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const MAX_ATTRIBUTES = 32;
/** Longer than any tag or cell text of an honest file: 32,767 characters of ten bytes each and some room. */
const MAX_TOKEN = 1024 * 1024;
const NOTHING = Buffer.alloc(0);
/**
 * Zeros behind every piece: readers may look so far ahead without asking where the piece ends, which matters, because an
 * engine that has once seen a read behind the end of an array makes all reads there slow.
 */
const PADDING = 64;

/** An element's local name of up to four letters packed into a number; longer names are 0. */
export function tagKey(name: string): number {
  return name.length > 4 ? 0 : [...name].reduce((key, letter) => (key << 8) | letter.charCodeAt(0), 0);
}

/** Four ASCII characters as a view reads them at once, `getInt32(place, true)`. */
export function word(text: string): number {
  return Buffer.from(text, 'latin1').readInt32LE(0);
}

/**
 * A scanner over the UTF-8 bytes of an XML part that arrives in pieces, cut anywhere. A tag or text that a piece cuts is
 * kept and joined with the next piece, so handlers always see whole tokens. It checks the little that matters: valid
 * UTF-8, no DOCTYPE, no foreign entity, and that the root element is closed.
 */
export abstract class XmlScanner {
  protected readonly part: string;
  /** Handlers set it while the text between tags matters to them. */
  protected wantText = false;
  /** A handler sets it to leave `run` after its token. */
  protected paused = false;
  protected attributeCount = 0;
  /** Four numbers an attribute: start and end of its name, start and end of its value. */
  protected readonly attributes = new Int32Array(MAX_ATTRIBUTES * 4);
  protected nameStart = 0;
  protected nameEnd = 0;
  /** On the bytes that `fast` gets, at the same places: several are looked at in one step. */
  protected view: DataView<ArrayBufferLike> = new DataView(NOTHING.buffer);
  /** What is being scanned: `#pos` to `#length`; up to `#filled` there may be the first bytes of a character. */
  #buf: Buffer = NOTHING;
  #pos = 0;
  #length = 0;
  #filled = 0;
  /** Where pieces are joined, used again and again. */
  #joint: Buffer = NOTHING;
  #depth = 0;
  #rootSeen = false;
  #selfClosing = false;

  constructor(part: string) {
    this.part = part;
  }

  protected abstract open(buf: Buffer, key: number): void;
  protected abstract close(buf: Buffer, key: number): void;
  /** `raw` marks a CDATA section, whose text has no entities. */
  protected abstract text(buf: Buffer, from: number, to: number, raw: boolean): void;

  /** How many elements are open. */
  protected get depth(): number {
    return this.#depth;
  }

  /** Reads at once what needs no token by token scan. @returns where it stopped: `at` when it could do nothing */
  protected fast(_buf: Buffer, at: number, _length: number): number {
    return at;
  }

  /** Adds a piece. Call `run` until it returns true before adding the next one. */
  feed(chunk: Buffer): void {
    const rest = this.#filled - this.#pos;
    const checked = this.#length - this.#pos;
    if (rest > MAX_TOKEN) throw new WorkbookError('file_bomb', { limit: 'token', part: this.part });
    const filled = rest + chunk.length;
    const needed = filled + PADDING;
    const joint = needed > this.#joint.length ? Buffer.allocUnsafeSlow(needed + chunk.length) : this.#joint;
    this.#buf.copy(joint, 0, this.#pos, this.#filled);
    chunk.copy(joint, rest);
    if (joint !== this.#joint) this.view = new DataView(joint.buffer, joint.byteOffset, joint.length);
    this.#joint = joint;
    this.#buf = joint.subarray(0, needed).fill(0, filled);
    this.#filled = filled;
    this.#pos = 0;
    this.#length = wholeCharacters(this.#buf, this.#filled);
    if (!isUtf8(this.#buf.subarray(checked, this.#length))) throw corrupt('encoding', { part: this.part });
  }

  /** Scans what is there. @returns true when it needs more input, false when a handler paused it */
  run(): boolean {
    const buf = this.#buf;
    const length = this.#length;
    let at = this.#pos;
    this.paused = false;
    while (at < length && !this.paused) {
      let end: number;
      if (buf[at] === LT) {
        end = this.fast(buf, at, length);
        if (end > at) {
          at = end;
          continue;
        }
      }
      if (buf[at] !== LT) {
        end = at + 1;
        while (end < length && buf[end] !== LT) end++;
        if (this.wantText) {
          if (end === length) break;
          this.text(buf, at, end, false);
        }
      } else if (buf[at + 1] === SLASH) {
        end = this.#closeTag(buf, at, length);
      } else if (buf[at + 1] === 0x21 || buf[at + 1] === 0x3f) {
        end = this.#special(buf, at);
      } else {
        end = this.#openTag(buf, at, length);
      }
      if (end < 0) break;
      at = end;
    }
    this.#pos = at;
    return !this.paused;
  }

  /** To be called after the last piece. @throws WorkbookError file_truncated when the XML ends early */
  finish(): void {
    if (this.#filled > this.#length) throw corrupt('encoding', { part: this.part });
    const inTag = this.#length > this.#pos && this.#buf[this.#pos] === LT;
    if (!this.#rootSeen || this.#depth !== 0 || inTag)
      throw new WorkbookError('file_truncated', { reason: 'part', part: this.part });
  }

  #closeTag(buf: Buffer, at: number, length: number): number {
    let key = 0;
    let letters = 0;
    let i = at + 2;
    this.nameStart = i;
    for (; ; i++) {
      if (i >= length) return -1;
      const byte = buf[i] as number;
      if (byte === GT || byte <= 0x20) break;
      if (byte === COLON) {
        key = letters = 0;
        this.nameStart = i + 1;
      } else {
        key = (key << 8) | byte;
        letters++;
      }
    }
    this.nameEnd = i;
    while (i < length && buf[i] !== GT) i++;
    if (i >= length) return -1;
    if (--this.#depth < 0) throw corrupt('xml', { part: this.part });
    this.close(buf, letters > 4 ? 0 : key);
    return i + 1;
  }

  #openTag(buf: Buffer, at: number, length: number): number {
    let key = 0;
    let letters = 0;
    let i = at + 1;
    let nameStart = i;
    for (; ; i++) {
      if (i >= length) return -1;
      const byte = buf[i] as number;
      if (byte === GT || byte === SLASH || byte <= 0x20) break;
      if (byte === COLON) {
        key = letters = 0;
        nameStart = i + 1;
      } else {
        key = (key << 8) | byte;
        letters++;
      }
    }
    const nameEnd = i;
    const end = this.#attributesFrom(buf, i, length);
    if (end < 0) return -1;
    if (letters === 0) throw corrupt('xml', { part: this.part });
    if (this.#depth === 0) {
      if (this.#rootSeen) throw corrupt('xml', { part: this.part });
      this.#rootSeen = true;
    }
    this.nameStart = nameStart;
    this.nameEnd = nameEnd;
    if (letters > 4) key = 0;
    this.open(buf, key);
    if (this.#selfClosing) this.close(buf, key);
    else this.#depth++;
    return end;
  }

  #attributesFrom(buf: Buffer, from: number, length: number): number {
    const slots = this.attributes;
    let count = 0;
    let i = from;
    for (;;) {
      while (i < length && (buf[i] as number) <= 0x20) i++;
      if (i + 1 >= length && buf[i] !== GT) return -1;
      if (buf[i] === GT || buf[i] === SLASH) {
        this.#selfClosing = buf[i] === SLASH;
        if (this.#selfClosing && buf[++i] !== GT) throw corrupt('xml', { part: this.part });
        this.attributeCount = count;
        return i + 1;
      }
      const nameStart = i;
      while (i < length && buf[i] !== EQUALS && (buf[i] as number) > 0x20 && buf[i] !== GT && buf[i] !== LT) i++;
      const nameEnd = i;
      while (i < length && (buf[i] as number) <= 0x20) i++;
      if (i >= length) return -1;
      if (buf[i++] !== EQUALS) throw corrupt('xml', { part: this.part });
      while (i < length && (buf[i] as number) <= 0x20) i++;
      if (i >= length) return -1;
      const quote = buf[i++];
      if (quote !== QUOTE && quote !== APOSTROPHE) throw corrupt('xml', { part: this.part });
      const valueStart = i;
      while (i < length && buf[i] !== quote) i++;
      if (i >= length) return -1;
      if (count < MAX_ATTRIBUTES) {
        const slot = count++ * 4;
        slots[slot] = nameStart;
        slots[slot + 1] = nameEnd;
        slots[slot + 2] = valueStart;
        slots[slot + 3] = i;
      }
      i++;
    }
  }

  /** Comments, processing instructions and CDATA; a DOCTYPE is refused: entities could be declared there. */
  #special(buf: Buffer, at: number): number {
    if (buf[at + 1] === 0x3f) return after(buf, '?>', at + 2);
    if (this.#length < at + 9) return -1;
    if (buf[at + 2] === 0x2d && buf[at + 3] === 0x2d) return after(buf, '-->', at + 4);
    if (buf.toString('latin1', at, at + 9) !== '<![CDATA[') throw corrupt('doctype', { part: this.part });
    const end = after(buf, ']]>', at + 9);
    if (end > 0 && this.wantText) this.text(buf, at + 9, end - 3, true);
    return end;
  }
}

function after(buf: Buffer, mark: string, from: number): number {
  const found = buf.indexOf(mark, from, 'latin1');
  return found < 0 ? -1 : found + mark.length;
}
