import type { FileHandle } from 'node:fs/promises';
import { corrupt, WorkbookError } from './errors.ts';
import type { Limits } from './limits.ts';
import { readAt } from './sniff.ts';

const EOCD = 0x06054b50;
const EOCD64_LOCATOR = 0x07064b50;
const EOCD64 = 0x06064b50;
const CENTRAL = 0x02014b50;
const EOCD_BYTES = 22;
const MAX_COMMENT = 65_535;
const MAX_DIRECTORY_BYTES = 16 * 1024 * 1024;
const NO32 = 0xffff_ffff;
const NO16 = 0xffff;

/** One part of the zip, as its central directory tells. */
export interface ZipEntry {
  /** With forward slashes and without a leading one. */
  name: string;
  /** The name's bytes as they also stand in the local header. */
  rawName: Buffer;
  method: 0 | 8;
  packedSize: number;
  size: number;
  crc: number;
  offset: number;
}

interface Directory {
  count: number;
  size: number;
  offset: number;
}

/**
 * Reads the central directory and refuses what no honest program writes. Nothing is inflated.
 * @returns entries by lower-case name (names in this format are case-insensitive)
 */
export async function readDirectory(
  file: FileHandle,
  fileSize: number,
  limits: Limits,
): Promise<Map<string, ZipEntry>> {
  const directory = await findDirectory(file, fileSize);
  if (directory.count > limits.entries) throw new WorkbookError('file_bomb', { limit: 'entries', max: limits.entries });
  if (directory.size > MAX_DIRECTORY_BYTES) throw new WorkbookError('file_bomb', { limit: 'directory' });
  const bytes = await readAt(file, directory.offset, directory.size);
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let i = 0; i < directory.count; i++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== CENTRAL) throw corrupt('zip_directory');
    const nameLength = bytes.readUInt16LE(at + 28);
    const extraLength = bytes.readUInt16LE(at + 30);
    const end = at + 46 + nameLength + extraLength + bytes.readUInt16LE(at + 32);
    if (end > bytes.length) throw corrupt('zip_directory');
    const entry = readEntry(bytes.subarray(at, end), nameLength, extraLength);
    at = end;
    if (entry.name.endsWith('/')) continue;
    const key = entry.name.toLowerCase();
    if (entries.has(key)) throw corrupt('duplicate_part', { part: entry.name });
    checkRatio(entry, limits);
    entries.set(key, entry);
  }
  checkOverlap([...entries.values()], directory.offset);
  return entries;
}

async function findDirectory(file: FileHandle, fileSize: number): Promise<Directory> {
  const tailLength = Math.min(fileSize, EOCD_BYTES + MAX_COMMENT);
  const tail = await readAt(file, fileSize - tailLength, tailLength);
  for (let at = tailLength - EOCD_BYTES; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== EOCD) continue;
    const position = fileSize - tailLength + at;
    const directory = (await findDirectory64(file, position)) ?? {
      count: tail.readUInt16LE(at + 10),
      size: tail.readUInt32LE(at + 12),
      offset: tail.readUInt32LE(at + 16),
    };
    if (directory.offset + directory.size <= position) return directory;
  }
  throw new WorkbookError('file_truncated', { reason: 'zip_end' });
}

async function findDirectory64(file: FileHandle, eocd: number): Promise<Directory | null> {
  if (eocd < 20) return null;
  const locator = await readAt(file, eocd - 20, 20);
  if (locator.readUInt32LE(0) !== EOCD64_LOCATOR) return null;
  const position = Number(locator.readBigUInt64LE(8));
  if (position + 56 > eocd) throw corrupt('zip_directory');
  const record = await readAt(file, position, 56);
  if (record.readUInt32LE(0) !== EOCD64) throw corrupt('zip_directory');
  return {
    count: Number(record.readBigUInt64LE(32)),
    size: Number(record.readBigUInt64LE(40)),
    offset: Number(record.readBigUInt64LE(48)),
  };
}

function readEntry(bytes: Buffer, nameLength: number, extraLength: number): ZipEntry {
  const flags = bytes.readUInt16LE(8);
  const method = bytes.readUInt16LE(10);
  const rawName = Buffer.from(bytes.subarray(46, 46 + nameLength));
  const name = rawName.toString('utf8').replaceAll('\\', '/').replace(/^\/+/, '');
  if (name === '' || name.includes('\0') || /(?:^|\/)\.\.(?:\/|$)/.test(name) || /^[a-z]:/i.test(name)) {
    throw corrupt('part_name');
  }
  if ((flags & 0x2041) !== 0) throw new WorkbookError('file_encrypted', { part: name });
  if (method !== 0 && method !== 8) throw corrupt('zip_method', { part: name });
  const entry: ZipEntry = {
    name,
    rawName,
    method,
    crc: bytes.readUInt32LE(16),
    packedSize: bytes.readUInt32LE(20),
    size: bytes.readUInt32LE(24),
    offset: bytes.readUInt32LE(42),
  };
  readExtra64(entry, bytes.subarray(46 + nameLength, 46 + nameLength + extraLength));
  if (bytes.readUInt16LE(34) !== 0 && bytes.readUInt16LE(34) !== NO16) throw corrupt('zip_split');
  return entry;
}

/** Sizes that don't fit 32 bits stand in the extra field, only those that are marked, in this order. */
function readExtra64(entry: ZipEntry, extra: Buffer): void {
  if (entry.size !== NO32 && entry.packedSize !== NO32 && entry.offset !== NO32) return;
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let from = at + 4;
    const next = (): number => {
      if (from + 8 > extra.length) throw corrupt('zip_directory');
      from += 8;
      return Number(extra.readBigUInt64LE(from - 8));
    };
    if (entry.size === NO32) entry.size = next();
    if (entry.packedSize === NO32) entry.packedSize = next();
    if (entry.offset === NO32) entry.offset = next();
    return;
  }
}

/** Pictures are never read here and may be packed very well; every other part keeps the ratio. */
function checkRatio(entry: ZipEntry, limits: Limits): void {
  if (entry.method === 0 && entry.size !== entry.packedSize) throw corrupt('zip_sizes', { part: entry.name });
  if (/(?:^|\/)media\//i.test(entry.name)) return;
  if (entry.size > limits.ratioFromBytes && entry.size > entry.packedSize * limits.ratio) {
    throw new WorkbookError('file_bomb', { limit: 'ratio', max: limits.ratio, part: entry.name });
  }
}

/** Parts that share bytes are how small zips unfold into huge ones. */
function checkOverlap(entries: ZipEntry[], directoryOffset: number): void {
  const sorted = entries.toSorted((a, b) => a.offset - b.offset);
  sorted.forEach((entry, i) => {
    const next = sorted[i + 1]?.offset ?? directoryOffset;
    if (entry.offset + 30 + entry.rawName.length + entry.packedSize > next) {
      throw new WorkbookError('file_bomb', { limit: 'overlap', part: entry.name });
    }
  });
}
