import { crc32, deflateRawSync } from 'node:zlib';

/** One part of a zip to build; everything beside name and data exists to lie with. */
export interface ZipPart {
  name: string;
  data: string | Buffer;
  stored?: boolean;
  flags?: number;
  method?: number;
  crc?: number;
  size?: number;
  packed?: Buffer;
  localName?: string;
  /** Sizes and checksum stand behind the data, as programs write that cannot go back. */
  descriptor?: boolean;
  /** Points at the bytes of the part with this index instead of having its own. */
  sharesWith?: number;
}

export interface ZipOptions {
  /** Writes sizes as ZIP64 does, even where they would fit. */
  zip64?: boolean;
  comment?: string;
}

/** Builds a zip by hand, well formed or not. */
export function buildZip(parts: ZipPart[], options: ZipOptions = {}): Buffer {
  const bodies: Buffer[] = [];
  const central: Buffer[] = [];
  const offsets: number[] = [];
  let offset = 0;
  for (const part of parts) {
    const data = Buffer.from(part.data as Buffer);
    const packed = part.packed ?? (part.stored ? data : deflateRawSync(data));
    const fields = {
      flags: part.flags ?? (part.descriptor ? 0x808 : 0x800),
      method: part.method ?? (part.stored ? 0 : 8),
      crc: part.crc ?? crc32(data),
      packedSize: packed.length,
      size: part.size ?? data.length,
    };
    const at = part.sharesWith === undefined ? offset : (offsets[part.sharesWith] as number);
    offsets.push(at);
    central.push(centralHeader(part.name, fields, at, options.zip64 ?? false));
    if (part.sharesWith !== undefined) continue;
    const local = part.descriptor ? { ...fields, crc: 0, packedSize: 0, size: 0 } : fields;
    const behind = part.descriptor ? [descriptor(fields)] : [];
    const body = Buffer.concat([localHeader(part.localName ?? part.name, local), packed, ...behind]);
    bodies.push(body);
    offset += body.length;
  }
  const directory = Buffer.concat(central);
  return Buffer.concat([...bodies, directory, ending(parts.length, directory.length, offset, options)]);
}

interface Fields {
  flags: number;
  method: number;
  crc: number;
  packedSize: number;
  size: number;
}

function localHeader(name: string, fields: Fields): Buffer {
  const bytes = Buffer.from(name);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(fields.flags, 6);
  header.writeUInt16LE(fields.method, 8);
  header.writeUInt32LE(fields.crc, 14);
  header.writeUInt32LE(fields.packedSize, 18);
  header.writeUInt32LE(fields.size, 22);
  header.writeUInt16LE(bytes.length, 26);
  return Buffer.concat([header, bytes]);
}

function descriptor(fields: Fields): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(0x08074b50, 0);
  bytes.writeUInt32LE(fields.crc, 4);
  bytes.writeUInt32LE(fields.packedSize, 8);
  bytes.writeUInt32LE(fields.size, 12);
  return bytes;
}

function centralHeader(name: string, fields: Fields, offset: number, zip64: boolean): Buffer {
  const bytes = Buffer.from(name);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(20, 6);
  header.writeUInt16LE(fields.flags, 8);
  header.writeUInt16LE(fields.method, 10);
  header.writeUInt32LE(fields.crc, 16);
  header.writeUInt32LE(zip64 ? 0xffffffff : fields.packedSize, 20);
  header.writeUInt32LE(zip64 ? 0xffffffff : fields.size, 24);
  header.writeUInt16LE(bytes.length, 28);
  header.writeUInt32LE(zip64 ? 0xffffffff : offset, 42);
  if (!zip64) return Buffer.concat([header, bytes]);
  const extra = Buffer.alloc(28);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(24, 2);
  extra.writeBigUInt64LE(BigInt(fields.size), 4);
  extra.writeBigUInt64LE(BigInt(fields.packedSize), 12);
  extra.writeBigUInt64LE(BigInt(offset), 20);
  header.writeUInt16LE(extra.length, 30);
  return Buffer.concat([header, bytes, extra]);
}

function ending(count: number, size: number, offset: number, { zip64 = false, comment = '' }: ZipOptions): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(zip64 ? 0xffff : count, 8);
  end.writeUInt16LE(zip64 ? 0xffff : count, 10);
  end.writeUInt32LE(zip64 ? 0xffffffff : size, 12);
  end.writeUInt32LE(zip64 ? 0xffffffff : offset, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  const plain = Buffer.concat([end, Buffer.from(comment)]);
  if (!zip64) return plain;
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(size), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(offset + size), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([record, locator, plain]);
}
