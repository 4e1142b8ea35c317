import type { FileHandle } from 'node:fs/promises';
import { readPart, type PartOptions } from './inflate.ts';
import { utf8Chunks } from './utf8.ts';
import { decodeEntities } from './xml-text.ts';
import { XmlScanner } from './xml-scan.ts';
import type { ZipEntry } from './zip.ts';

export interface XmlTag {
  /** Local name, without a namespace prefix. */
  name: string;
  /** By local name, except that the prefix of `r:id` and its like is kept apart: `id` and `:id`. */
  attribute(name: string): string | undefined;
}

export interface XmlHandler {
  open(tag: XmlTag): void;
  close?(name: string): void;
}

/** For small parts (workbook, relations, styles): whole tags with readable names. */
class TagScanner extends XmlScanner {
  readonly #handler: XmlHandler;

  constructor(part: string, handler: XmlHandler) {
    super(part);
    this.#handler = handler;
  }

  protected open(buf: Buffer): void {
    const found = new Map<string, string>();
    for (let i = 0; i < this.attributeCount; i++) {
      const [from, to, start, end] = this.attributes.subarray(i * 4, i * 4 + 4) as unknown as [
        number,
        number,
        number,
        number,
      ];
      const name = buf.toString('utf8', from, to);
      const colon = name.indexOf(':');
      found.set(colon < 0 ? name : name.slice(colon), decodeEntities(buf.toString('utf8', start, end)));
    }
    const name = buf.toString('utf8', this.nameStart, this.nameEnd);
    this.#handler.open({ name, attribute: (key) => found.get(key) });
  }

  protected close(buf: Buffer): void {
    this.#handler.close?.(buf.toString('utf8', this.nameStart, this.nameEnd));
  }

  protected text(): void {}
}

/** Runs a handler over every tag of a small part. */
export async function scanXmlPart(
  file: FileHandle,
  entry: ZipEntry,
  options: PartOptions,
  handler: XmlHandler,
): Promise<void> {
  const scanner = new TagScanner(entry.name, handler);
  for await (const chunk of utf8Chunks(readPart(file, entry, options), entry.name)) {
    scanner.feed(chunk);
    scanner.run();
  }
  scanner.finish();
}
