/**
 * Takes one file out of a zip archive (a wheel is one) with node:zlib alone: bare machines have no unzip.
 * Reads the central directory, as every careful reader does, and checks size and CRC of what comes out.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;

/**
 * @param {string} archive path of the zip
 * @param {string} suffix how the wanted entry's name ends
 * @param {string} target file to write
 */
export async function extractFile(archive, suffix, target) {
  const file = await open(archive, 'r');
  let entry;
  let start;
  try {
    entry = (await readDirectory(file)).find((one) => one.name.endsWith(suffix));
    if (!entry) throw new Error(`${archive} holds no file that ends with ${suffix}`);
    const local = await read(file, entry.offset, 30);
    if (local.readUInt32LE(0) !== LOCAL) throw new Error(`${archive}: broken entry ${entry.name}`);
    start = entry.offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  } finally {
    await file.close();
  }
  if (entry.method !== 0 && entry.method !== 8) throw new Error(`${entry.name}: unknown packing ${entry.method}`);
  let crc = 0;
  let size = 0;
  const check = new Transform({
    transform(chunk, _encoding, done) {
      crc = crc32(chunk, crc);
      size += chunk.length;
      done(null, chunk);
    },
  });
  const packed = entry.packed === 0 ? 0 : entry.packed - 1;
  const parts = [createReadStream(archive, { start, end: start + packed })];
  if (entry.method === 8) parts.push(createInflateRaw({ chunkSize: 256 * 1024 }));
  await pipeline([...parts, check, createWriteStream(target)]);
  if (size !== entry.size || crc >>> 0 !== entry.crc) throw new Error(`${entry.name}: the archive is damaged`);
}

/** Entries of the central directory, in their order. */
async function readDirectory(file) {
  const { size } = await file.stat();
  const tail = await read(file, Math.max(0, size - 65_557), Math.min(size, 65_557));
  let at = tail.length - 22;
  while (at >= 0 && tail.readUInt32LE(at) !== END) at -= 1;
  if (at < 0) throw new Error('not a zip archive');
  const directory = await read(file, tail.readUInt32LE(at + 16), tail.readUInt32LE(at + 12));
  const entries = [];
  for (let from = 0; from + 46 <= directory.length && directory.readUInt32LE(from) === ENTRY;) {
    const nameLength = directory.readUInt16LE(from + 28);
    entries.push({
      method: directory.readUInt16LE(from + 10),
      crc: directory.readUInt32LE(from + 16),
      packed: directory.readUInt32LE(from + 20),
      size: directory.readUInt32LE(from + 24),
      offset: directory.readUInt32LE(from + 42),
      name: directory.toString('utf8', from + 46, from + 46 + nameLength),
    });
    from += 46 + nameLength + directory.readUInt16LE(from + 30) + directory.readUInt16LE(from + 32);
  }
  return entries;
}

async function read(file, position, length) {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead !== length) throw new Error('the archive ends early');
  return buffer;
}
