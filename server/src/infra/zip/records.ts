/**
 * The records of a zip file, as APPNOTE.TXT 6.3.10 describes them. A part that is streamed has its sizes behind it (a
 * data descriptor); ZIP64 fields stand only where a number needs them, so that an ordinary file is an ordinary zip.
 */
const LOCAL = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END64 = 0x06064b50;
const END64_LOCATOR = 0x07064b50;
const ENCRYPTED = 0x0001;
const SIZES_BEHIND = 0x0008;
const UTF8_NAME = 0x0800;
const DEFLATED = 8;
const AES = 99;
const VERSION = 20;
const VERSION64 = 45;
const VERSION_AES = 51;
const NO16 = 0xffff;
const NO32 = 0xffff_ffff;
const NOTHING = Buffer.alloc(0);
/** The kind of encryption: AE-2 of vendor "AE", keys of 256 bits, and what is inside is stored. */
const AES_EXTRA = Buffer.from([0x01, 0x99, 7, 0, 2, 0, 0x41, 0x45, 3, 0, 0]);
/** The first day of the format, for parts without a time: the same content gives the same file, byte by byte. */
const FIRST_DAY = new Date('1980-01-01T00:00:00Z');

/** A part: deflated, or sealed, which is stored and encrypted. Sizes and offset in bytes. */
export interface ZipPartInfo {
  name: string;
  /** Where its local header begins. */
  offset: number;
  /** 0 in a sealed part: its authentication code says more. */
  crc: number;
  packed: number;
  size: number;
  /** Whether the sizes were unknown when it began. */
  streamed: boolean;
  sealed?: boolean;
  /** Shown as its time, by the clock of UTC that this date shows: zips know no time zones. */
  date?: Date;
}

/** What stands before a part. */
export function localHeader(part: ZipPartInfo): Buffer {
  const name = Buffer.from(part.name);
  const extra = part.sealed ? AES_EXTRA : NOTHING;
  const header = Buffer.alloc(30);
  header.writeUInt32LE(LOCAL, 0);
  header.writeUInt16LE(part.sealed ? VERSION_AES : VERSION, 4);
  writeKind(header, 6, part);
  if (!part.streamed) writeSizes(header, 14, part);
  header.writeUInt16LE(name.length, 26);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, name, extra]);
}

/** What stands behind a streamed part; its sizes take 8 bytes each when they don't fit 4. */
export function dataDescriptor({ crc, packed, size }: ZipPartInfo): Buffer {
  const wide = packed >= NO32 || size >= NO32;
  const record = Buffer.alloc(wide ? 24 : 16);
  record.writeUInt32LE(DESCRIPTOR, 0);
  record.writeUInt32LE(crc, 4);
  if (wide) {
    record.writeBigUInt64LE(BigInt(packed), 8);
    record.writeBigUInt64LE(BigInt(size), 16);
  } else {
    record.writeUInt32LE(packed, 8);
    record.writeUInt32LE(size, 12);
  }
  return record;
}

/** The directory of all parts and the end of the file. @param offset bytes written so far */
export function centralDirectory(parts: readonly ZipPartInfo[], offset: number): Buffer {
  const directory = Buffer.concat(parts.map(centralHeader));
  return Buffer.concat([directory, ending(parts.length, directory.length, offset)]);
}

function centralHeader(part: ZipPartInfo): Buffer {
  const name = Buffer.from(part.name);
  const extra64 = wideNumbers([part.size, part.packed, part.offset]);
  const extra = part.sealed ? Buffer.concat([extra64, AES_EXTRA]) : extra64;
  const version = Math.max(part.sealed ? VERSION_AES : VERSION, extra64.length > 0 ? VERSION64 : 0);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(CENTRAL, 0);
  header.writeUInt16LE(version, 4);
  header.writeUInt16LE(version, 6);
  writeKind(header, 8, part);
  writeSizes(header, 16, part);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE(Math.min(part.offset, NO32), 42);
  return Buffer.concat([header, name, extra]);
}

/** The ZIP64 field of the numbers that don't fit 32 bits. */
function wideNumbers(numbers: readonly number[]): Buffer {
  const wide = numbers.filter((value) => value >= NO32);
  if (wide.length === 0) return NOTHING;
  const extra = Buffer.alloc(4 + 8 * wide.length);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(8 * wide.length, 2);
  wide.forEach((value, i) => extra.writeBigUInt64LE(BigInt(value), 4 + 8 * i));
  return extra;
}

/** Flags, method and time: the same in both headers. */
function writeKind(header: Buffer, at: number, { streamed, sealed, date = FIRST_DAY }: ZipPartInfo): void {
  header.writeUInt16LE(UTF8_NAME | (streamed ? SIZES_BEHIND : 0) | (sealed ? ENCRYPTED : 0), at);
  header.writeUInt16LE(sealed ? AES : DEFLATED, at + 2);
  header.writeUInt16LE((date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1), at + 4);
  const year = date.getUTCFullYear() - 1980;
  header.writeUInt16LE((year << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate(), at + 6);
}

/** Checksum and sizes: the same in both headers, where they are known. */
function writeSizes(header: Buffer, at: number, { crc, packed, size }: ZipPartInfo): void {
  header.writeUInt32LE(crc, at);
  header.writeUInt32LE(Math.min(packed, NO32), at + 4);
  header.writeUInt32LE(Math.min(size, NO32), at + 8);
}

function ending(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(Math.min(count, NO16), 8);
  end.writeUInt16LE(Math.min(count, NO16), 10);
  end.writeUInt32LE(Math.min(size, NO32), 12);
  end.writeUInt32LE(Math.min(offset, NO32), 16);
  if (count < NO16 && size < NO32 && offset < NO32) return end;
  const record = Buffer.alloc(56);
  record.writeUInt32LE(END64, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(VERSION64, 12);
  record.writeUInt16LE(VERSION64, 14);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(size), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(END64_LOCATOR, 0);
  locator.writeBigUInt64LE(BigInt(offset + size), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([record, locator, end]);
}
