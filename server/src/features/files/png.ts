import { Problem } from '../../http/index.ts';
import { assertSize } from './picture-size.ts';
import type { Source } from './source.ts';

/** Without these a picture can't be shown as it is; all others (texts, Exif, times, animation) stay behind. */
const NEEDED = new Set([
  'IHDR',
  'PLTE',
  'IDAT',
  'IEND',
  'tRNS',
  'gAMA',
  'cHRM',
  'sRGB',
  'iCCP',
  'sBIT',
  'pHYs',
  'bKGD',
]);
const CRC = 4;

/**
 * A PNG without what it says beside the picture. Method: W3C PNG (third edition) §5, chunk by chunk.
 * @throws Problem file_truncated, file_type_refused for what is none, payload_too_large for too many pixels
 */
export async function* cleanPng(source: Source): AsyncGenerator<Buffer> {
  yield await source.take(8);
  let [first, hasData] = [true, false];
  for (;;) {
    const head = await source.take(8);
    const length = head.readUInt32BE();
    const type = head.toString('latin1', 4);
    if (first !== (type === 'IHDR') || !/^[A-Za-z]{4}$/.test(type)) throw new Problem('file_type_refused');
    if (first) {
      const size = await source.look(8);
      if (length !== 13 || size.length < 8) throw new Problem('file_type_refused');
      assertSize(size.readUInt32BE(0), size.readUInt32BE(4));
      first = false;
    }
    hasData ||= type === 'IDAT' && length > 0;
    if (NEEDED.has(type)) {
      yield head;
      yield* source.through(length + CRC);
    } else for await (const _piece of source.through(length + CRC));
    if (type === 'IEND') break;
  }
  if (!hasData) throw new Problem('file_truncated');
  await source.drain();
}
