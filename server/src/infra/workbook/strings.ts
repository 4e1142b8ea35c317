import type { FileHandle } from 'node:fs/promises';
import { readPart, type PartOptions } from './inflate.ts';
import { StringTable } from './string-table.ts';
import { utf8Chunks } from './utf8.ts';
import { decodeText, isPlain } from './xml-text.ts';
import { tagKey, XmlScanner } from './xml-scan.ts';
import type { ZipEntry } from './zip.ts';

const SI = tagKey('si');
const T = tagKey('t');
const PHONETIC = tagKey('rPh');

/** Fills a table: the runs of rich text are joined, phonetic guides are left out. */
class StringScanner extends XmlScanner {
  readonly #table: StringTable;
  #inString = false;
  #inPhonetic = false;

  constructor(part: string, table: StringTable) {
    super(part);
    this.#table = table;
  }

  protected open(_buf: Buffer, key: number): void {
    if (key === T) {
      this.wantText = this.#inString && !this.#inPhonetic;
    } else if (key === SI) {
      this.#inString = true;
      this.#table.begin();
    } else if (key === PHONETIC) {
      this.#inPhonetic = true;
    }
  }

  protected close(_buf: Buffer, key: number): void {
    if (key === T) {
      this.wantText = false;
    } else if (key === SI && this.#inString) {
      this.#inString = false;
      this.#table.finish();
    } else if (key === PHONETIC) {
      this.#inPhonetic = false;
    }
  }

  protected text(buf: Buffer, from: number, to: number, raw: boolean): void {
    if (raw || isPlain(buf, from, to)) {
      this.#table.append(buf, from, to);
    } else {
      const text = Buffer.from(decodeText(buf, from, to));
      this.#table.append(text, 0, text.length);
    }
  }
}

/** Reads the shared strings part; without one the table is empty. */
export async function readStrings(
  file: FileHandle,
  entry: ZipEntry | undefined,
  options: PartOptions,
): Promise<StringTable> {
  const table = new StringTable(entry?.name ?? '', options.limits);
  if (entry === undefined) return table;
  const scanner = new StringScanner(entry.name, table);
  for await (const chunk of utf8Chunks(readPart(file, entry, options), entry.name)) {
    scanner.feed(chunk);
    scanner.run();
  }
  scanner.finish();
  return table;
}
