import type { Writable } from 'node:stream';
import zlib from 'node:zlib';
import { Outlet } from './outlet.ts';
import { centralDirectory, dataDescriptor, localHeader, type ZipPartInfo } from './records.ts';

export interface ZipWriterOptions {
  /** Ends the writing at once: pending calls reject with the signal's reason and `out` is destroyed. */
  signal?: AbortSignal | undefined;
  /** zlib level; 1 is fast, 6 the default. */
  level?: number;
}

/** Bytes that zlib packs at a time; it allocates one such piece for each. */
const PACKED_CHUNK = 64 * 1024;

/**
 * Writes a zip file to a stream in constant memory, one part after another. Packing runs in the thread pool.
 * When the output fails or closes early, every pending call rejects with the reason and zlib's memory is freed.
 */
export class ZipWriter {
  readonly #outlet: Outlet;
  readonly #level: number;
  readonly #parts: ZipPartInfo[] = [];

  /** @throws the signal's reason when it has been aborted already */
  constructor(out: Writable, { signal, level = 6 }: ZipWriterOptions = {}) {
    this.#outlet = new Outlet(out, signal);
    this.#level = level;
  }

  /** Aborted as soon as nothing more can be written, with the reason. */
  get signal(): AbortSignal {
    return this.#outlet.signal;
  }

  /** Writes a small part that is in memory. Does not wait for the output. */
  add(name: string, text: string): void {
    const data = Buffer.from(text);
    const packed = zlib.deflateRawSync(data);
    const part = this.#begin(name, {
      crc: zlib.crc32(data),
      packed: packed.length,
      size: data.length,
      streamed: false,
    });
    this.#outlet.write(localHeader(part));
    this.#outlet.write(packed);
  }

  /** Begins a part of unknown size; it must be closed before the next one. */
  open(name: string): ZipPartWriter {
    const part = this.#begin(name, { crc: 0, packed: 0, size: 0, streamed: true });
    this.#outlet.write(localHeader(part));
    return new ZipPartWriter(this.#outlet, part, this.#level);
  }

  /** Writes the directory and ends the output. Resolves when the output has taken everything. */
  async close(): Promise<void> {
    this.#outlet.write(centralDirectory(this.#parts, this.#outlet.written));
    await this.#outlet.end();
  }

  #begin(name: string, rest: Omit<ZipPartInfo, 'name' | 'offset'>): ZipPartInfo {
    const part = { name, offset: this.#outlet.written, ...rest };
    this.#parts.push(part);
    return part;
  }
}

/** A part that is being written. */
export class ZipPartWriter {
  readonly #outlet: Outlet;
  readonly #part: ZipPartInfo;
  readonly #deflate: zlib.DeflateRaw;

  constructor(outlet: Outlet, part: ZipPartInfo, level: number) {
    this.#outlet = outlet;
    this.#part = part;
    // The largest hash table: faster and a little smaller for 128 KiB more.
    const deflate = zlib.createDeflateRaw({ level, memLevel: 9, chunkSize: PACKED_CHUNK });
    this.#deflate = deflate;
    const free = (): unknown => deflate.destroy();
    outlet.signal.addEventListener('abort', free, { once: true });
    deflate.once('close', () => outlet.signal.removeEventListener('abort', free));
    deflate.on('error', (error) => outlet.fail(error));
    deflate.on('data', (packed: Buffer) => {
      // What had been packed before an abort may still come by.
      if (outlet.signal.aborted) return;
      part.packed += packed.length;
      if (outlet.write(packed)) return;
      deflate.pause();
      outlet.onDrain(() => deflate.resume());
    });
  }

  /** Bytes given so far. */
  get size(): number {
    return this.#part.size;
  }

  /** Resolves when the bytes have been packed and the output wants more; the buffer may then be used again. */
  write(bytes: Buffer): Promise<void> {
    this.#part.crc = zlib.crc32(bytes, this.#part.crc);
    this.#part.size += bytes.length;
    return this.#outlet.wait((done) => this.#deflate.write(bytes, done));
  }

  /** Packs the rest and ends the part. */
  async close(): Promise<void> {
    await this.#outlet.wait((done) => this.#deflate.once('end', done).end());
    this.#outlet.write(dataDescriptor(this.#part));
  }
}
