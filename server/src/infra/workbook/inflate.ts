import type { FileHandle } from 'node:fs/promises';
import { Readable, pipeline } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { corrupt, WorkbookError } from './errors.ts';
import type { Limits } from './limits.ts';
import { readAt } from './sniff.ts';
import type { ZipEntry } from './zip.ts';

const LOCAL = 0x04034b50;
const READ_BYTES = 128 * 1024;
/** zlib takes no smaller output buffer. */
const MIN_CHUNK = 64;

export interface PartOptions {
  limits: Limits;
  /** The most that this part may unfold to. */
  maxBytes: number;
  signal?: AbortSignal | undefined;
}

/**
 * The unpacked bytes of one part in pieces of at most `limits.chunkBytes`. Size and checksum are checked while it
 * streams, so a directory that lies is found out before its bytes pile up.
 */
export async function* readPart(file: FileHandle, entry: ZipEntry, options: PartOptions): AsyncGenerator<Buffer> {
  const { limits, maxBytes, signal } = options;
  if (entry.size > maxBytes) throw new WorkbookError('file_bomb', { limit: 'part', max: maxBytes, part: entry.name });
  const start = await findData(file, entry);
  const packed = readRange(file, start, entry.packedSize);
  const chunks = entry.method === 0 ? packed : inflate(packed, entry, limits.chunkBytes);
  let size = 0;
  let crc = 0;
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    size += chunk.length;
    if (size > entry.size) throw new WorkbookError('file_bomb', { limit: 'declared_size', part: entry.name });
    crc = crc32(chunk, crc);
    if (chunk.length <= limits.chunkBytes) yield chunk;
    else for (let at = 0; at < chunk.length; at += limits.chunkBytes) yield chunk.subarray(at, at + limits.chunkBytes);
  }
  if (size < entry.size) throw new WorkbookError('file_truncated', { reason: 'part', part: entry.name });
  if (crc !== entry.crc) throw corrupt('checksum', { part: entry.name });
}

/** The local header repeats the name; one that differs would show another program another file. */
async function findData(file: FileHandle, entry: ZipEntry): Promise<number> {
  const header = await readAt(file, entry.offset, 30 + entry.rawName.length);
  const sameName = header.readUInt16LE(26) === entry.rawName.length && header.subarray(30).equals(entry.rawName);
  if (header.readUInt32LE(0) !== LOCAL || !sameName) {
    throw corrupt('zip_header', { part: entry.name });
  }
  return entry.offset + 30 + entry.rawName.length + header.readUInt16LE(28);
}

async function* readRange(file: FileHandle, start: number, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < length; at += READ_BYTES) yield readAt(file, start + at, Math.min(READ_BYTES, length - at));
}

async function* inflate(packed: AsyncGenerator<Buffer>, entry: ZipEntry, chunkBytes: number): AsyncGenerator<Buffer> {
  const inflater = createInflateRaw({ chunkSize: Math.max(MIN_CHUNK, chunkBytes) });
  // The callback is needed, its error is not: it also arrives through the inflater that is iterated here.
  pipeline(Readable.from(packed, { highWaterMark: 1 }), inflater, () => undefined);
  try {
    for await (const chunk of inflater) yield chunk as Buffer;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'Z_BUF_ERROR')
      throw new WorkbookError('file_truncated', { reason: 'part', part: entry.name }, { cause: error });
    if (code.startsWith('Z_')) {
      throw new WorkbookError('file_corrupt', { reason: 'deflate', part: entry.name }, { cause: error });
    }
    throw error;
  }
}
