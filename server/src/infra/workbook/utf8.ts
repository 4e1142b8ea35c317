import { TextDecoder } from 'node:util';
import { corrupt } from './errors.ts';

/** Enough for a byte order mark and the XML declaration. */
const HEAD_BYTES = 256;

/**
 * The bytes of an XML part as UTF-8, whatever encoding the part has; UTF-8 passes as it is, unchecked and cut anywhere.
 * @throws WorkbookError file_corrupt for an encoding that is none, or bytes that it does not have
 */
export async function* utf8Chunks(source: AsyncIterable<Buffer>, part: string): AsyncGenerator<Buffer> {
  let head = Buffer.alloc(0);
  let transcode: Transcode | null = null;
  for await (const chunk of source) {
    if (transcode === null) {
      head = Buffer.concat([head, chunk]);
      if (head.length < HEAD_BYTES) continue;
      transcode = transcoder(head, part);
      yield transcode(head, false);
    } else {
      yield transcode(chunk, false);
    }
  }
  if (transcode === null) yield transcoder(head, part)(head, true);
  else yield transcode(Buffer.alloc(0), true);
}

type Transcode = (bytes: Buffer, last: boolean) => Buffer;

function transcoder(head: Buffer, part: string): Transcode {
  const label = encodingOf(head);
  if (label === 'utf-8' || label === 'utf8' || label === 'us-ascii') return (bytes) => bytes;
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(label, { fatal: true });
  } catch {
    throw corrupt('encoding', { part });
  }
  return (bytes, last) => {
    try {
      return Buffer.from(decoder.decode(bytes, { stream: !last }));
    } catch {
      throw corrupt('encoding', { part });
    }
  };
}

function encodingOf(head: Buffer): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const declared = /^(?:\u00ef\u00bb\u00bf)?\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w.-]+)["']/.exec(
    head.toString('latin1'),
  );
  return declared?.[1]?.toLowerCase() ?? 'utf-8';
}

/** How many of the first `length` bytes are whole characters: all, or up to three less. */
export function wholeCharacters(bytes: Uint8Array, length: number): number {
  for (let back = 1; back <= 3 && back <= length; back++) {
    const byte = bytes[length - back] as number;
    if (byte < 0x80) return length;
    if (byte >= 0xc0) {
      const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return size > back ? length - back : length;
    }
  }
  return length;
}
