import type { FileHandle } from 'node:fs/promises';
import { TextDecoder } from 'node:util';
import { corrupt, WorkbookError } from './errors.ts';

const READ_BYTES = 256 * 1024;

/** The raw bytes of a file, piece by piece. */
export async function* fileChunks(
  file: FileHandle,
  chunkBytes = READ_BYTES,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  for (let position = 0; ;) {
    signal?.throwIfAborted();
    const buffer = Buffer.allocUnsafe(chunkBytes);
    const { bytesRead } = await file.read(buffer, 0, chunkBytes, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/**
 * The encoding of a text file: its byte order mark, else UTF-8 when every byte fits, else GB 18030 (which holds GBK).
 * Reads the whole file once when there is no mark.
 * @throws WorkbookError when it is neither
 */
export async function detectEncoding(file: FileHandle, signal?: AbortSignal): Promise<string> {
  for await (const head of fileChunks(file, 3, signal)) {
    if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
    if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
    break;
  }
  if (await fits(file, 'utf-8', signal)) return 'utf-8';
  if (await fits(file, 'gb18030', signal)) return 'gb18030';
  throw corrupt('text_encoding');
}

/** The decoded text, piece by piece, never cut inside a character; without the byte order mark. */
export async function* decodeFile(
  file: FileHandle,
  encoding: string,
  chunkBytes?: number,
  signal?: AbortSignal,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  for await (const chunk of fileChunks(file, chunkBytes, signal)) {
    const text = decoded(() => decoder.decode(chunk, { stream: true }));
    if (text.includes('\0')) throw new WorkbookError('file_not_workbook', { kind: 'binary' });
    yield text;
  }
  yield decoded(() => decoder.decode());
}

async function fits(file: FileHandle, encoding: string, signal?: AbortSignal): Promise<boolean> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const chunk of fileChunks(file, READ_BYTES, signal)) decoder.decode(chunk, { stream: true });
    decoder.decode();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

function decoded(decode: () => string): string {
  try {
    return decode();
  } catch {
    throw corrupt('text_encoding');
  }
}
