import { crc32, deflateSync } from 'node:zlib';

const segment = (code: number, body: Buffer): Buffer => {
  const head = Buffer.from([0xff, code, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
};

/** Exif in the order of bytes of most phones, with the picture's orientation and a text as where it was taken. */
function exif(orientation: number, place: string): Buffer {
  const entry = Buffer.alloc(12);
  entry.writeUInt16LE(0x0112, 0);
  entry.writeUInt16LE(3, 2);
  entry.writeUInt32LE(1, 4);
  entry.writeUInt16LE(orientation, 8);
  const tiff = Buffer.from([0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0]);
  return Buffer.concat([Buffer.from('Exif\0\0'), tiff, entry, Buffer.alloc(4), Buffer.from(place)]);
}

/** The segments of a JPEG of a phone, without a picture that could be shown: what follows its end is a second one, as some phones have it. */
export function jpeg({ orientation = 1, place = 'GPS 22.5333N', width = 40, height = 30, data = 600 } = {}): Buffer {
  const size = Buffer.from([8, 0, 0, 0, 0, 1, 1, 0x11, 0]);
  size.writeUInt16BE(height, 1);
  size.writeUInt16BE(width, 3);
  const scan = Buffer.alloc(data, 0x5a);
  // A stuffed byte and a restart within the data.
  if (data > 4) Buffer.from([0xff, 0, 0xff, 0xd0]).copy(scan, data - 4);
  return Buffer.concat([
    Buffer.from('ffd8', 'hex'),
    segment(0xe0, Buffer.from('JFIF\0\x01\x01\0\0\x01\0\x01\0\0', 'latin1')),
    segment(0xe1, exif(orientation, place)),
    segment(0xe2, Buffer.from(`MPF\0${place}`)),
    segment(0xfe, Buffer.from(`comment ${place}`)),
    segment(0xdb, Buffer.alloc(65, 1)),
    segment(0xc0, size),
    segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    scan,
    Buffer.from('ffd9', 'hex'),
    Buffer.from(`after the end ${place}`),
  ]);
}

const chunk = (type: string, body: Buffer): Buffer => {
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
};

/** A whole PNG of one colour, with a text beside the picture. */
export function png({ place = 'GPS 22.5333N', width = 8, height = 8, shade = 90 } = {}): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc(Math.min(height, 64) * (Math.min(width, 64) + 1), shade);
  for (let at = 0; at < rows.length; at += Math.min(width, 64) + 1) rows[at] = 0;
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    chunk('tEXt', Buffer.from(`Comment\0${place}`)),
    chunk('eXIf', exif(1, place).subarray(6)),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
    Buffer.from(`after the end ${place}`),
  ]);
}

export const pdf = (text = 'proof'): Buffer =>
  Buffer.from(`%PDF-1.4\n1 0 obj <<>> endobj % ${text}\ntrailer <<>>\n%%EOF\n`);
