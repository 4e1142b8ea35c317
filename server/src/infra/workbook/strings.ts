import type { FileHandle } from 'node:fs/promises';
import { WorkbookError } from './errors.ts';
import { readPart, type PartOptions } from './inflate.ts';
import { StringTable } from './string-table.ts';
import { utf8Chunks } from './utf8.ts';
import { decodeText } from './xml-text.ts';
import { tagKey, word, XmlScanner } from './xml-scan.ts';
import type { ZipEntry } from './zip.ts';

const SI = tagKey('si');
const T = tagKey('t');
const PHONETIC = tagKey('rPh');
const GT = 0x3e;
const [SI_OPEN, T_OPEN, T_CLOSE, SI_CLOSE] = [word('<si>'), word('<t>\0'), word('</t>'), word('</si')];
/** Three bytes of a word. */
const THREE = 0xff_ffff;
const T_PRESERVE = Buffer.from('<t xml:space="preserve">');
/** What Chinese and Japanese programs put behind every string that was typed. */
const PHONETIC_PROPERTIES = Buffer.from('<phoneticPr ');

/** Fills a table: the runs of rich text are joined, phonetic guides are left out. */
class StringScanner extends XmlScanner {
  readonly #table: StringTable;
  readonly #cellChars: number;
  #inString = false;
  #inPhonetic = false;
  #value = '';

  constructor(part: string, table: StringTable, cellChars: number) {
    super(part);
    this.#table = table;
    this.#cellChars = cellChars;
  }

  /** Strings in their usual form, without a JS string; any other is left to the tags. */
  protected override fast(buf: Buffer, at: number, length: number): number {
    const { view } = this;
    let pos = at;
    while (!this.#inString && view.getInt32(pos, true) === SI_OPEN) {
      let from = pos + 4;
      if ((view.getInt32(from, true) & THREE) === T_OPEN) from += 3;
      else if (matches(buf, from, T_PRESERVE)) from += T_PRESERVE.length;
      else break;
      const close = this.#table.read(view, from, length);
      if (close < 0 || view.getInt32(close, true) !== T_CLOSE) break;
      const end = view.getInt32(close + 4, true) === SI_CLOSE ? close + 8 : afterPhonetic(buf, close + 4);
      if (end < 0 || end >= length || buf[end] !== GT) break;
      this.#table.add();
      pos = end + 1;
    }
    return pos;
  }

  protected open(_buf: Buffer, key: number): void {
    if (key === T) {
      this.wantText = this.#inString && !this.#inPhonetic;
    } else if (key === SI) {
      this.#inString = true;
      this.#value = '';
    } else if (key === PHONETIC) {
      this.#inPhonetic = true;
    }
  }

  protected close(_buf: Buffer, key: number): void {
    if (key === T) {
      this.wantText = false;
    } else if (key === SI && this.#inString) {
      this.#inString = false;
      this.#table.put(this.#value);
    } else if (key === PHONETIC) {
      this.#inPhonetic = false;
    }
  }

  protected text(buf: Buffer, from: number, to: number, raw: boolean): void {
    this.#value += raw ? buf.toString('utf8', from, to) : decodeText(buf, from, to);
    if (this.#value.length > this.#cellChars) {
      throw new WorkbookError('file_bomb', { limit: 'cell', max: this.#cellChars, part: this.part });
    }
  }
}

/** The place of the last `>` of `<phoneticPr …/></si>`; -1: something else stands there, or not all of it. */
function afterPhonetic(buf: Buffer, at: number): number {
  if (!matches(buf, at, PHONETIC_PROPERTIES)) return -1;
  const end = buf.indexOf('/></si>', at, 'latin1');
  return end > 0 && buf.indexOf(GT, at) === end + 1 ? end + 6 : -1;
}

function matches(buf: Buffer, at: number, bytes: Buffer): boolean {
  for (let i = 0; i < bytes.length; i++) if (buf[at + i] !== bytes[i]) return false;
  return true;
}

/** Reads the shared strings part; without one the table is empty. Close the table. */
export async function readStrings(
  file: FileHandle,
  entry: ZipEntry | undefined,
  options: PartOptions,
): Promise<StringTable> {
  const table = new StringTable(entry?.name ?? '', options.limits);
  try {
    if (entry !== undefined) {
      const scanner = new StringScanner(entry.name, table, options.limits.cellChars);
      for await (const chunk of utf8Chunks(readPart(file, entry, options), entry.name)) {
        scanner.feed(chunk);
        scanner.run();
      }
      scanner.finish();
    }
    table.finish();
    return table;
  } catch (error) {
    table.close();
    throw error;
  }
}
