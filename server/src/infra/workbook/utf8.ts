import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { corrupt } from './errors.ts';

/** Enough for a byte order mark and the XML declaration. */
const HEAD_BYTES = 256;

/**
 * The bytes of an XML part as valid UTF-8, cut only between characters, whatever encoding the part has and wherever
 * the pieces were cut before. Everything that scans bytes builds on this.
 */
export async function* utf8Chunks(source: AsyncIterable<Buffer>, part: string): AsyncGenerator<Buffer> {
  let head = Buffer.alloc(0);
  let transcode: ((bytes: Buffer, last: boolean) => Buffer) | null = null;
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

function transcoder(head: Buffer, part: string): (bytes: Buffer, last: boolean) => Buffer {
  const label = encodingOf(head);
  if (label === 'utf-8' || label === 'utf8' || label === 'us-ascii') return alignUtf8(part);
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

function alignUtf8(part: string): (bytes: Buffer, last: boolean) => Buffer {
  let rest = Buffer.alloc(0);
  return (bytes, last) => {
    const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const cut = last ? all.length : lastBoundary(all);
    const whole = all.subarray(0, cut);
    if (!isUtf8(whole)) throw corrupt('encoding', { part });
    rest = Buffer.from(all.subarray(cut));
    return whole;
  };
}

/** Where the last whole character ends: at most three bytes before the end. */
function lastBoundary(bytes: Buffer): number {
  const end = bytes.length;
  for (let back = 1; back <= 3 && back <= end; back++) {
    const byte = bytes[end - back] as number;
    if (byte < 0x80) return end;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? end - back : end;
    }
  }
  return end;
}
