import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { jpeg, pdf, png } from '../../../test/pictures.ts';
import { FILE_TYPES } from '../../../shared/fields/kinds/attachment.ts';
import { contentOf } from './content.ts';
import { nameOf } from './file-name.ts';

/** An upload in pieces of a size. */
function pieces(content: Buffer, size: number): Readable {
  const parts: Buffer[] = [];
  for (let at = 0; at < content.length; at += size) parts.push(content.subarray(at, at + size));
  return Readable.from(parts);
}
const SIZES = [1, 2, 3, 7, 64, 1_000_000];
const ALL = [...FILE_TYPES.file];

async function kept(content: Buffer, size = 1_000_000, types: readonly string[] = ALL) {
  const { type, pieces: clean } = await contentOf(pieces(content, size), types);
  return { type, bytes: await buffer(Readable.from(clean, { objectMode: false })) };
}
const refusalOf = (content: Buffer, types?: readonly string[]) =>
  kept(content, 1_000_000, types).then(
    () => 'taken',
    (error: { code: string }) => error.code,
  );

describe('what is kept of an upload', () => {
  it.each(SIZES)('is the picture without place, comments and what follows its end, in pieces of %i', async (size) => {
    for (const picture of [jpeg(), jpeg({ data: 70_000 }), png()]) {
      const { bytes } = await kept(picture, size);
      expect(bytes.includes('GPS')).toBe(false);
      expect(bytes.includes('after')).toBe(false);
      // Cleaning again changes nothing: what is left is a whole picture.
      expect((await kept(bytes, size)).bytes.equals(bytes)).toBe(true);
    }
    expect((await kept(jpeg(), size)).bytes.includes(Buffer.alloc(596, 0x5a))).toBe(true);
    expect((await kept(pdf(), size)).bytes.equals(pdf())).toBe(true);
  });

  it('keeps how a photo is turned', async () => {
    const { bytes } = await kept(jpeg({ orientation: 6 }));
    const at = bytes.indexOf('Exif');
    expect(at).toBeGreaterThan(0);
    expect(bytes.subarray(at + 6, at + 32).toString('hex')).toBe(
      '4d4d002a0000000800010112000300000001000600000000' + '0000',
    );
    expect((await kept(bytes)).bytes.equals(bytes)).toBe(true);
    expect((await kept(jpeg({ orientation: 99 }))).bytes.includes('Exif')).toBe(false);
  });

  it('is nothing of what only calls itself a picture or a PDF (34)', async () => {
    const html = '<html><script>alert(1)</script></html>';
    const mismatched: Record<string, Buffer> = {
      html: Buffer.from(html),
      svg: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
      xml: Buffer.from('<?xml version="1.0"?><a/>'),
      gif: Buffer.from('GIF89a\x01\0\x01\0'),
      webp: Buffer.from('RIFF\x10\0\0\0WEBPVP8 '),
      heic: Buffer.from('\0\0\0\x18ftypheic'),
      bmp: Buffer.from('BM\x10\0\0\0\0\0'),
      tiff: Buffer.from('II*\0\x08\0\0\0'),
      zip: Buffer.from('PK\x03\x04\x14\0\0\0'),
      exe: Buffer.from('MZ\x90\0\x03\0\0\0'),
      elf: Buffer.from('\x7fELF\x02\x01\x01\0'),
      script: Buffer.from('#!/bin/sh\nrm -rf /'),
      doc: Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      rtf: Buffer.from('{\\rtf1 hello}'),
      mp4: Buffer.from('\0\0\0\x18ftypmp42'),
      empty: Buffer.alloc(0),
      short: Buffer.from('ffd8', 'hex'),
      'html in the jacket of a photo': Buffer.concat([Buffer.from('ffd8ff', 'hex'), Buffer.from(html)]),
      'html in the jacket of a picture': Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from(html)]),
      'a PDF that begins later': Buffer.concat([Buffer.from('\n'), pdf()]),
    };
    const found = await Promise.all(
      Object.entries(mismatched).map(async ([name, content]) => [name, await refusalOf(content)]),
    );
    expect(found.filter(([, code]) => code !== 'file_type_refused')).toEqual([]);
    expect(found).toHaveLength(20);
    expect(await refusalOf(pdf(), FILE_TYPES.photo)).toBe('file_type_refused');
  });

  it('is nothing of a file that is cut short, wherever', async () => {
    const [photo, picture] = [jpeg(), png()];
    const wrong: string[] = [];
    const cut = async (name: string, whole: Buffer, end: number) => {
      for (let at = 9; at < end; at += 5) {
        const code = await refusalOf(whole.subarray(0, at));
        if (code === 'taken') wrong.push(`${name} ${at}`);
      }
    };
    await cut('jpeg', photo, photo.indexOf('after') - 2);
    await cut('png', picture, picture.indexOf('after') - 4);
    await cut('pdf', pdf(), pdf().length - 6);
    expect(wrong).toEqual([]);
  });

  it('is nothing of a picture that would fill a browser’s memory', async () => {
    expect(await refusalOf(png({ width: 60_000, height: 60_000 }))).toBe('payload_too_large');
    expect(await refusalOf(jpeg({ width: 65_000, height: 65_000 }))).toBe('payload_too_large');
    expect(await refusalOf(png({ width: 0 }))).toBe('file_type_refused');
  });
});

it('names files by what they are', () => {
  expect(nameOf('身份证.JPEG', 'jpg')).toBe('身份证.jpg');
  expect(nameOf('photo.heic', 'jpg')).toBe('photo.jpg');
  expect(nameOf('run.exe', 'pdf')).toBe('run.exe.pdf');
  expect(nameOf('../../etc/pass\u202ewd', 'png')).toBe('....etcpasswd.png');
  expect(nameOf('.png', 'png')).toBe('file.png');
  expect(nameOf('长'.repeat(200), 'pdf')).toHaveLength(54);
});
