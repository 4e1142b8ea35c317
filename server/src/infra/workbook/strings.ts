import type { FileHandle } from 'node:fs/promises';
import { WorkbookError } from './errors.ts';
import { readPart, type PartOptions } from './inflate.ts';
import { StringTable } from './string-table.ts';
import { utf8Chunks } from './utf8.ts';
import { decodeText } from './xml-text.ts';
import { tagKey, XmlScanner } from './xml-scan.ts';
import type { ZipEntry } from './zip.ts';

const SI = tagKey('si');
const T = tagKey('t');
const PHONETIC = tagKey('rPh');
const GT = 0x3e;
const SI_T = Buffer.from('<si><t');
const SPACE_PRESERVE = Buffer.from(' xml:space="preserve"');
const T_SI = Buffer.from('</t></si>');
/** What Chinese and Japanese programs put behind every string that was typed. */
const T_PHONETIC = Buffer.from('</t><phoneticPr ');
const END_SI = Buffer.from('/></si>');

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
    let pos = at;
    while (!this.#inString && matches(buf, pos, SI_T)) {
      let from = pos + SI_T.length;
      if (buf[from] !== GT && matches(buf, from, SPACE_PRESERVE)) from += SPACE_PRESERVE.length;
      if (buf[from] !== GT) break;
      const close = this.#table.read(buf, from + 1, length);
      if (close < 0) break;
      const end = endOfString(buf, close);
      if (end < 0 || end > length) break;
      this.#table.add();
      pos = end;
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

/** Where a string ends whose text ended at `close`; -1: it goes on with something else. */
function endOfString(buf: Buffer, close: number): number {
  if (matches(buf, close, T_SI)) return close + T_SI.length;
  if (!matches(buf, close, T_PHONETIC)) return -1;
  const end = buf.indexOf(GT, close + T_PHONETIC.length);
  return end > 0 && matches(buf, end - 1, END_SI) ? end - 1 + END_SI.length : -1;
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
