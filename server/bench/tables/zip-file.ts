import { open, type FileHandle } from 'node:fs/promises';
import { crc32, createDeflateRaw } from 'node:zlib';
import { once } from 'node:events';

interface Part {
  name: Buffer;
  crc: number;
  packed: number;
  size: number;
  offset: number;
}

/**
 * Writes a zip to disk part by part, with sizes in the local headers as spreadsheet programs do. It owes nothing to the
 * writer under test. Parts under 4 GiB only.
 */
export class ZipFile {
  readonly #file: FileHandle;
  readonly #level: number;
  readonly #parts: Part[] = [];
  #at = 0;

  private constructor(file: FileHandle, level: number) {
    this.#file = file;
    this.#level = level;
  }

  static async create(path: string, level = 6): Promise<ZipFile> {
    return new ZipFile(await open(path, 'w'), level);
  }

  /** Adds a part whose text comes in pieces. */
  async add(name: string, pieces: Iterable<string>): Promise<void> {
    const part: Part = { name: Buffer.from(name), crc: 0, packed: 0, size: 0, offset: this.#at };
    let at = part.offset + 30 + part.name.length;
    const deflate = createDeflateRaw({ level: this.#level, chunkSize: 256 * 1024 });
    const written = (async () => {
      for await (const chunk of deflate) {
        await this.#file.write(chunk as Buffer, 0, (chunk as Buffer).length, at);
        at += (chunk as Buffer).length;
      }
    })();
    for (const piece of pieces) {
      const bytes = Buffer.from(piece);
      part.crc = crc32(bytes, part.crc);
      part.size += bytes.length;
      if (!deflate.write(bytes)) await once(deflate, 'drain');
    }
    deflate.end();
    await written;
    part.packed = at - part.offset - 30 - part.name.length;
    await this.#file.write(localHeader(part), 0, 30 + part.name.length, part.offset);
    this.#at = at;
    this.#parts.push(part);
  }

  async close(): Promise<void> {
    const directory = Buffer.concat(this.#parts.map(centralHeader));
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(this.#parts.length, 8);
    end.writeUInt16LE(this.#parts.length, 10);
    end.writeUInt32LE(directory.length, 12);
    end.writeUInt32LE(this.#at, 16);
    const tail = Buffer.concat([directory, end]);
    await this.#file.write(tail, 0, tail.length, this.#at);
    await this.#file.close();
  }
}

function localHeader(part: Part): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(8, 8);
  header.writeUInt32LE(part.crc, 14);
  header.writeUInt32LE(part.packed, 18);
  header.writeUInt32LE(part.size, 22);
  header.writeUInt16LE(part.name.length, 26);
  return Buffer.concat([header, part.name]);
}

function centralHeader(part: Part): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(20, 6);
  header.writeUInt16LE(8, 10);
  header.writeUInt32LE(part.crc, 16);
  header.writeUInt32LE(part.packed, 20);
  header.writeUInt32LE(part.size, 24);
  header.writeUInt16LE(part.name.length, 28);
  header.writeUInt32LE(part.offset, 42);
  return Buffer.concat([header, part.name]);
}
