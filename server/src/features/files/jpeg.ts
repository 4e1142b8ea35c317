import { Problem } from '../../http/index.ts';
import { assertSize } from './picture-size.ts';
import type { Source } from './source.ts';

const MARKER = 0xff;
const EOI = 0xd9;
const SOS = 0xda;
const COMMENT = 0xfe;
/** Start of frame, but for the codes among them that are something else (tables, reserved, arithmetic conditioning). */
const isFrame = (code: number): boolean => code >= 0xc0 && code <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(code);
/** Within the picture's own data: a stuffed 0xff, or a restart. */
const isData = (code: number): boolean => code === 0 || (code >= 0xd0 && code <= 0xd7);

/** An application's segment that the picture can't be shown without: JFIF, colour profile, Adobe's colour transform. */
function isNeeded(code: number, body: Buffer): boolean {
  const name = body.toString('latin1', 0, 12);
  return (
    (code === 0xe0 && name.startsWith('JFIF\0')) ||
    (code === 0xe2 && name.startsWith('ICC_PROFILE\0')) ||
    (code === 0xee && name.startsWith('Adobe'))
  );
}

/** The Exif tag that says how to turn the picture, 1 to 8; 1 for none. */
function orientationOf(body: Buffer): number {
  if (body.toString('latin1', 0, 6) !== 'Exif\0\0' || body.length < 14) return 1;
  const tiff = body.subarray(6);
  const little = tiff.toString('latin1', 0, 2) === 'II';
  const u16 = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const first = little ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (first + 2 > tiff.length) return 1;
  const count = Math.min(u16(first), 200);
  for (let at = first + 2, n = 0; n < count && at + 12 <= tiff.length; at += 12, n += 1) {
    if (u16(at) !== 0x0112) continue;
    const value = u16(at + 8);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** Exif that says nothing but how to turn the picture. */
function onlyOrientation(value: number): Buffer {
  const exif = Buffer.from('ffe100224578696600004d4d002a00000008000101120003000000010001000000000000', 'hex');
  exif.writeUInt16BE(value, 28);
  return exif;
}

/**
 * A JPEG without what it says beside the picture: where and by whom it was taken, comments, small copies, whatever follows its end.
 * Method: ISO/IEC 10918-1 Annex B, segment by segment; Exif 2.32 §4.6 for the orientation, which stays.
 * @throws Problem file_truncated, file_type_refused for what is none, payload_too_large for too many pixels
 */
export async function* cleanJpeg(source: Source): AsyncGenerator<Buffer> {
  yield await source.take(2);
  let [hasSize, hasData] = [false, false];
  for (;;) {
    if ((await source.take(1))[0] !== MARKER) throw new Problem('file_type_refused');
    let code = MARKER;
    while (code === MARKER) code = (await source.take(1))[0]!;
    if (code === EOI) break;
    // Below are no markers, and those between are none that a segment follows.
    if (code < 0xc0 || (code >= 0xd0 && code <= 0xd8)) throw new Problem('file_type_refused');
    const head = await source.take(2);
    const length = head.readUInt16BE() - 2;
    if (length < 0) throw new Problem('file_type_refused');
    const body = await source.take(length);
    if (isFrame(code)) {
      if (length < 6) throw new Problem('file_type_refused');
      assertSize(body.readUInt16BE(3), body.readUInt16BE(1));
      hasSize = true;
    }
    const beside = code === COMMENT || (code >= 0xe0 && code <= 0xef);
    if (!beside || isNeeded(code, body)) yield Buffer.concat([Buffer.of(MARKER, code), head, body]);
    else if (code === 0xe1 && orientationOf(body) > 1) yield onlyOrientation(orientationOf(body));
    if (code !== SOS) continue;
    hasData = true;
    yield* scan(source);
  }
  if (!hasSize || !hasData) throw new Problem('file_truncated');
  yield Buffer.of(MARKER, EOI);
  await source.drain();
}

/** The data of a scan, up to the next marker, which stays. */
async function* scan(source: Source): AsyncGenerator<Buffer> {
  for (;;) {
    const piece = await source.piece();
    if (!piece) throw new Problem('file_truncated');
    let at = piece.indexOf(MARKER);
    while (at >= 0 && at + 1 < piece.length && isData(piece[at + 1]!)) at = piece.indexOf(MARKER, at + 2);
    if (at < 0) {
      yield piece;
      continue;
    }
    if (at > 0) yield piece.subarray(0, at);
    source.unread(piece.subarray(at));
    const [, next] = await source.look(2);
    if (next === undefined) throw new Problem('file_truncated');
    if (!isData(next)) return;
    yield await source.take(2);
  }
}
