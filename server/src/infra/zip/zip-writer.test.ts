import { once } from 'node:events';
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import zlib from 'node:zlib';
import { Reader, TextWriter, Uint8ArrayReader, ZipReader, type FileEntry } from '@zip.js/zip.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { centralDirectory, dataDescriptor, type ZipPartInfo } from './records.ts';
import { ZipWriter } from './zip-writer.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Takes everything. */
class Sink extends Writable {
  readonly chunks: Buffer[] = [];
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.chunks.push(chunk);
    done();
  }
  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }
}

/** An open file, for the reading library. */
class HandleReader extends Reader<FileHandle> {
  readonly #file: FileHandle;
  constructor(file: FileHandle, size: number) {
    super(file);
    this.#file = file;
    this.size = size;
  }
  override async readUint8Array(position: number, length: number): Promise<Uint8Array> {
    const { buffer } = await this.#file.read(Buffer.alloc(length), 0, length, position);
    return buffer;
  }
}

/** The parts of a zip as another program reads them, checksums checked. */
async function partsOf(bytes: Buffer): Promise<Record<string, string>> {
  const reader = new ZipReader(new Uint8ArrayReader(bytes), { useWebWorkers: false, checkSignature: true });
  const entries = (await reader.getEntries()) as FileEntry[];
  const texts = await Promise.all(entries.map((entry) => entry.getData(new TextWriter())));
  await reader.close();
  return Object.fromEntries(entries.map(({ filename }, i) => [filename, texts[i] as string]));
}

const noise = (bytes: number): Buffer => {
  const data = Buffer.alloc(bytes);
  for (let i = 0, x = 1; i < bytes; i++) data[i] = (x = (Math.imul(x, 1_103_515_245) + 12_345) >>> 0) >>> 16;
  return data;
};

describe('the zip writer', () => {
  it('writes small and streamed parts that another program reads, the same bytes each time', async () => {
    const long = '登记<&>😀'.repeat(50_000);
    const written: Buffer[] = [];
    for (const level of [6, 6, 1, 0]) {
      const out = new Sink();
      const zip = new ZipWriter(out, { level });
      zip.add('说明.txt', '你好');
      const part = zip.open('long.txt');
      const bytes = Buffer.from(long);
      for (let at = 0; at < bytes.length; at += 100_001) await part.write(bytes.subarray(at, at + 100_001));
      expect(part.size).toBe(bytes.length);
      await part.close();
      await zip.open('empty.txt').close();
      await zip.close();
      expect(await partsOf(out.bytes)).toEqual({ '说明.txt': '你好', 'long.txt': long, 'empty.txt': '' });
      written.push(out.bytes);
    }
    expect(written[0]).toEqual(written[1]);
  });

  it('writes sizes and places past 4 GiB as ZIP64, and only those', async () => {
    const big = 5 * 2 ** 30;
    const part: ZipPartInfo = { name: 'big', offset: 0, crc: 1, packed: big, size: big * 3, streamed: true };
    const small: ZipPartInfo = { name: 'small', offset: big + 100, crc: 2, packed: 3, size: 4, streamed: true };
    expect(dataDescriptor(part).readBigUInt64LE(16)).toBe(BigInt(big * 3));
    expect(dataDescriptor(part).length).toBe(24);
    expect(dataDescriptor(small).length).toBe(16);
    const folder = await mkdtemp(join(tmpdir(), 'zip64-'));
    const file = await open(join(folder, 'sparse.zip'), 'w+');
    const directory = centralDirectory([part, small], small.offset + 100);
    await file.write(directory, 0, directory.length, small.offset + 100);
    const reader = new ZipReader(new HandleReader(file, small.offset + 100 + directory.length));
    const entries = await reader.getEntries();
    expect(
      entries.map(({ filename, offset, compressedSize, uncompressedSize, zip64 }) => [
        filename,
        offset,
        compressedSize,
        uncompressedSize,
        zip64,
      ]),
    ).toEqual([
      ['big', 0, big, big * 3, true],
      ['small', small.offset, 3, 4, true],
    ]);
    await file.close();
    await rm(folder, { recursive: true });
    const plain = centralDirectory([{ ...small, offset: 0 }], 200);
    expect(plain.length).toBe(46 + 5 + 22);
  });

  it('counts more parts than 16 bits can', () => {
    const part = { offset: 0, crc: 0, packed: 0, size: 0, streamed: false };
    const parts = Array.from({ length: 65_600 }, (_, i) => ({ ...part, name: `${i}` }));
    const directory = centralDirectory(parts, 0);
    const end = directory.subarray(-22);
    expect([end.readUInt16LE(8), end.readUInt16LE(10)]).toEqual([0xffff, 0xffff]);
    const record = directory.subarray(-22 - 20 - 56);
    expect(record.toString('latin1', 0, 4)).toBe('PK\x06\x06');
    expect(record.readBigUInt64LE(32)).toBe(65_600n);
    expect(record.readBigUInt64LE(40)).toBe(BigInt(directory.length - 22 - 20 - 56));
  });
});

describe('an output that does not take everything', () => {
  it('is waited for: what lies in between is bounded', async () => {
    const stuck = new PassThrough({ highWaterMark: 1024 });
    const zip = new ZipWriter(stuck, { level: 1 });
    const part = zip.open('x');
    const chunk = noise(64 * 1024);
    let written = 0;
    const produce = (async () => {
      for (let i = 0; i < 100; i++) {
        await part.write(chunk);
        written += chunk.length;
      }
    })();
    // Nobody reads: it stands still, however often the loop turns.
    for (let still = 0, before = -1; still < 200; still = written === before ? still + 1 : 0) {
      before = written;
      await turn();
    }
    expect(written).toBeLessThanOrEqual(4 * chunk.length);
    let read = 0;
    stuck.on('data', (packed: Buffer) => (read += packed.length));
    await produce;
    await part.close();
    await zip.close();
    expect(read).toBeGreaterThan(100 * chunk.length);
  });

  it.each([
    ['is destroyed', (out: Writable) => out.destroy(), 'closed before'],
    ['fails', (out: Writable) => out.destroy(new Error('disk full')), 'disk full'],
  ])('that %s ends every call and frees the memory of zlib', async (_name, end, message) => {
    const deflates = vi.spyOn(zlib, 'createDeflateRaw');
    const stuck = new PassThrough({ highWaterMark: 1024 });
    const zip = new ZipWriter(stuck, { level: 0 });
    const part = zip.open('x');
    const produce = (async () => {
      for (;;) await part.write(noise(64 * 1024));
    })();
    produce.catch(() => undefined);
    await once(stuck, 'readable');
    end(stuck);
    await expect(produce).rejects.toThrow(message);
    await expect(part.write(noise(1))).rejects.toThrow(message);
    await expect(part.close()).rejects.toThrow(message);
    await expect(zip.close()).rejects.toThrow(message);
    expect(() => zip.open('y')).toThrow(message);
    const [deflate] = deflates.mock.results.map(({ value }) => value as zlib.DeflateRaw);
    expect(deflate?.destroyed).toBe(true);
    expect(() => deflate?.emit('data', noise(1))).not.toThrow();
  });

  it('an abort ends it with its reason and destroys the output; one that came before leaves the output alone', async () => {
    const out = new PassThrough({ highWaterMark: 1024 });
    const stop = new AbortController();
    const zip = new ZipWriter(out, { signal: stop.signal });
    const part = zip.open('x');
    const reason = new Error('the client has left');
    const pending = part.write(noise(4 * 1024 * 1024));
    stop.abort(reason);
    await expect(pending).rejects.toBe(reason);
    await expect(zip.close()).rejects.toBe(reason);
    expect(out.destroyed).toBe(true);
    const other = new PassThrough();
    expect(() => new ZipWriter(other, { signal: stop.signal })).toThrow('the client has left');
    expect(other.destroyed).toBe(false);
    other.destroy();
    await once(other, 'close');
    expect(() => new ZipWriter(other).add('x', '')).toThrow('closed before');
  });

  it('a complete file is left alone by what comes after', async () => {
    const stop = new AbortController();
    const out = new Sink();
    const zip = new ZipWriter(out, { signal: stop.signal });
    zip.add('x', 'y');
    await zip.close();
    stop.abort(new Error('too late'));
    await turn();
    expect(zip.signal.aborted).toBe(false);
    expect(await partsOf(out.bytes)).toEqual({ x: 'y' });
  });
});
