import type { Readable } from 'node:stream';
import { Problem } from '../../http/index.ts';
import { cleanJpeg } from './jpeg.ts';
import { cleanPng } from './png.ts';
import { Source } from './source.ts';

interface Format {
  type: string;
  extension: string;
  /** The first bytes. */
  begin: Buffer;
  clean: (source: Source) => AsyncGenerator<Buffer>;
}

/** A reader finds the end of a PDF by this sign, within its last kilobyte (ISO 32000-1 annex H.3). */
const PDF_END = '%%EOF';

async function* wholePdf(source: Source): AsyncGenerator<Buffer> {
  let tail = Buffer.alloc(0);
  for (let piece = await source.piece(); piece; piece = await source.piece()) {
    tail = Buffer.concat([tail, piece.subarray(-1024)]).subarray(-1024);
    yield piece;
  }
  if (!tail.includes(PDF_END)) throw new Problem('file_truncated');
}

const FORMATS: readonly Format[] = [
  { type: 'image/jpeg', extension: 'jpg', begin: Buffer.from('ffd8ff', 'hex'), clean: cleanJpeg },
  { type: 'image/png', extension: 'png', begin: Buffer.from('89504e470d0a1a0a', 'hex'), clean: cleanPng },
  { type: 'application/pdf', extension: 'pdf', begin: Buffer.from('%PDF-'), clean: wholePdf },
];

/** An upload as it is to be kept. */
export interface Content {
  type: string;
  extension: string;
  /** Pictures without what they say of place, time and device; read to its end it is whole, or has thrown. */
  pieces: AsyncGenerator<Buffer>;
}

/** What an upload is, by its content. @throws Problem file_type_refused for a type that is not one of these */
export async function contentOf(stream: Readable, types: readonly string[]): Promise<Content> {
  const source = new Source(stream);
  const begin = await source.look(8);
  const format = FORMATS.find((one) => begin.subarray(0, one.begin.length).equals(one.begin));
  if (!format || !types.includes(format.type))
    throw new Problem('file_type_refused', { params: { types: types.join(', ') } });
  return { type: format.type, extension: format.extension, pieces: format.clean(source) };
}
