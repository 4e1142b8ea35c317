import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader, type FileEntry } from '@zip.js/zip.js';
import { describe, expect, it } from 'vitest';
import { sealZip } from './sealed-zip.ts';

const AT = new Date('2026-11-21T08:00:00Z');
const NAME = '人员名单 2026.xlsx';
const PASSWORD = '密码 secret';

/** Counts what has been read of it. */
class Source extends Readable {
  given = 0;
  readonly #left: number;
  constructor(bytes: number) {
    super({ highWaterMark: 64 * 1024 });
    this.#left = bytes;
  }
  override _read(size: number): void {
    const length = Math.min(size, this.#left - this.given);
    this.given += length;
    this.push(length > 0 ? Buffer.alloc(length, this.given % 251) : null);
  }
}

const closed = (stream: Readable): Promise<unknown> => new Promise((resolve) => stream.once('close', resolve));

/** What the directory tells of the first part. */
function described(zip: Buffer): {
  name: string;
  flags: number;
  method: number;
  crc: number;
  aes: Buffer;
  time: number[];
} {
  const central = zip.readUInt32LE(zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1')) + 16);
  const nameEnd = central + 46 + zip.readUInt16LE(central + 28);
  const date = zip.readUInt16LE(central + 14);
  return {
    name: zip.toString('utf8', central + 46, nameEnd),
    flags: zip.readUInt16LE(central + 8),
    method: zip.readUInt16LE(central + 10),
    crc: zip.readUInt32LE(central + 16),
    aes: zip.subarray(nameEnd, nameEnd + zip.readUInt16LE(central + 30)),
    time: [(date >> 9) + 1980, (date >> 5) & 15, date & 31, zip.readUInt16LE(central + 12) >> 11],
  };
}

/** As an implementation that is not ours reads it. */
async function opened(zip: Buffer, password: string): Promise<[string, Buffer]> {
  const reader = new ZipReader(new Uint8ArrayReader(zip), { useWebWorkers: false });
  const [entry] = (await reader.getEntries()) as FileEntry[];
  const content = await entry!.getData(new Uint8ArrayWriter(), { password, checkSignature: true });
  return [entry!.filename, Buffer.from(content)];
}

describe('a sealed zip', () => {
  it('is AE-2 with AES-256 and opens with its password only', async () => {
    const content = await buffer(new Source(100_001));
    const zip = await buffer(sealZip(Readable.from([content]), { name: NAME, password: PASSWORD, at: AT }));
    expect(described(zip)).toEqual({
      name: NAME,
      // Encrypted, sizes behind, name in UTF-8.
      flags: 0x809,
      method: 99,
      crc: 0,
      // AE-2, vendor AE, 256 bits, stored.
      aes: Buffer.from('0199070002004145030000', 'hex'),
      time: [2026, 11, 21, 16],
    });
    expect(await opened(zip, PASSWORD)).toEqual([NAME, content]);
    await expect(opened(zip, 'secret')).rejects.toThrow('password');
    const spoilt = Buffer.from(zip);
    spoilt[1000]! ^= 1;
    await expect(opened(spoilt, PASSWORD)).rejects.toThrow('authentication');
    expect(zip.includes(content.subarray(0, 64))).toBe(false);
  });

  it('is another one each time, also of an empty file', async () => {
    const seal = (): Promise<Buffer> => buffer(sealZip(new Source(0), { name: NAME, password: PASSWORD, at: AT }));
    const [one, two] = [await seal(), await seal()];
    expect(one.equals(two)).toBe(false);
    expect(await opened(one, PASSWORD)).toEqual([NAME, Buffer.alloc(0)]);
  });

  it('waits for a slow reader: little of the file is in between', async () => {
    const source = new Source(64 * 1024 * 1024);
    const sealed = sealZip(source, { name: NAME, password: PASSWORD, at: AT });
    await once(sealed, 'readable');
    for (let still = 0, before = -1; still < 200; still = source.given === before ? still + 1 : 0) {
      before = source.given;
      await turn();
    }
    expect(source.given).toBeLessThan(1024 * 1024);
    sealed.destroy();
    await closed(source);
  });

  it('a reader that leaves closes the file, a file that breaks off breaks the zip, an abort both', async () => {
    const left = new Source(64 * 1024 * 1024);
    const sealed = sealZip(left, { name: NAME, password: PASSWORD, at: AT });
    await once(sealed, 'readable');
    sealed.destroy();
    await closed(left);

    const broken = new PassThrough();
    const zip = sealZip(broken, { name: NAME, password: PASSWORD, at: AT });
    broken.write(Buffer.alloc(1000));
    setImmediate(() => broken.destroy(new Error('the disk is gone')));
    await expect(buffer(zip)).rejects.toThrow('the disk is gone');

    const stop = new AbortController();
    const source = new Source(64 * 1024 * 1024);
    const stopped = sealZip(source, { name: NAME, password: PASSWORD, at: AT, signal: stop.signal });
    stopped.once('data', () => stop.abort(new Error('cancelled')));
    await expect(buffer(stopped)).rejects.toThrow('cancelled');
    expect(source.destroyed).toBe(true);
    const never = new Source(1);
    const late = sealZip(never, { name: NAME, password: PASSWORD, at: AT, signal: stop.signal });
    await expect(buffer(late)).rejects.toThrow('cancelled');
    expect(never.destroyed).toBe(true);
  });
});
