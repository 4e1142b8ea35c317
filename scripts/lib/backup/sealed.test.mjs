import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { backupKey, open, seal } from './sealed.mjs';

const folder = mkdtempSync(join(tmpdir(), 'dengji-sealed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const key = backupKey(randomBytes(32));
const FRAME = 1024 * 1024;
/** Header, then of every frame its length and its tag. */
const HEADER = 52;
const AROUND = 20;

async function sealed(clear, chunk = 100_000) {
  const chunks = [];
  for (let at = 0; at < clear.length; at += chunk) chunks.push(clear.subarray(at, at + chunk));
  return Buffer.concat(await collect(seal(chunks, key)));
}
async function opened(bytes, under = key) {
  const path = join(folder, 'file');
  writeFileSync(path, bytes);
  return Buffer.concat(await collect(open(path, under)));
}
const collect = (source) => Readable.from(source).toArray();
/** What opening a file says. */
const verdict = (bytes, under) =>
  opened(bytes, under).then(
    () => 'opens',
    (error) => error.message,
  );

describe('a sealed file', () => {
  it('opens to what it was, whatever its length', async () => {
    for (const length of [0, 1, FRAME - 1, FRAME, FRAME + 1, 2 * FRAME, 3 * FRAME + 17]) {
      const clear = randomBytes(length);
      for (const chunk of [7_001, FRAME, 5 * FRAME]) {
        const bytes = await sealed(clear, chunk);
        expect((await opened(bytes)).equals(clear), `${length} bytes in chunks of ${chunk}`).toBe(true);
        expect(bytes.length).toBe(HEADER + length + AROUND * Math.max(1, Math.ceil(length / FRAME)));
      }
    }
  });

  it('is another one every time, and holds no clear byte', async () => {
    const clear = Buffer.from('310101199001011234'.repeat(1_000));
    const [one, other] = [await sealed(clear), await sealed(clear)];
    expect(one.subarray(HEADER).equals(other.subarray(HEADER))).toBe(false);
    expect(one.includes('19900101')).toBe(false);
  });

  it('does not open with any one bit flipped', async () => {
    const bytes = await sealed(Buffer.from('known text'));
    const open = [];
    for (let at = 0; at < bytes.length; at += 1) {
      const spoilt = Buffer.from(bytes);
      spoilt[at] ^= 1 << (at % 8);
      if ((await verdict(spoilt)) === 'opens') open.push(at);
    }
    expect(open).toEqual([]);
  });

  it('says where it is damaged', async () => {
    const bytes = await sealed(randomBytes(3 * FRAME));
    bytes[HEADER + (FRAME + AROUND) + 500] ^= 1;
    expect(await verdict(bytes)).toBe('file is damaged: frame 1 is not what was sealed.');
  });

  it('does not open when it is cut off, at the end of a frame too', async () => {
    const bytes = await sealed(randomBytes(3 * FRAME));
    const frames = [1, 2].map((count) => HEADER + count * (FRAME + AROUND));
    for (const length of [...frames, HEADER, HEADER + 2, frames[0] + 1, bytes.length - 1])
      expect(await verdict(bytes.subarray(0, length)), `${length} bytes`).toMatch('is cut off');
    for (const length of [0, 8, HEADER - 1])
      expect(await verdict(bytes.subarray(0, length)), `${length} bytes`).toBe('file is no sealed backup.');
  });

  it('does not open with frames swapped, left out, doubled, or of another file', async () => {
    const bytes = await sealed(randomBytes(3 * FRAME));
    const other = await sealed(randomBytes(3 * FRAME));
    const [head, a, b, c] = partsOf(bytes);
    const [, , foreign] = partsOf(other);
    for (const parts of [
      [head, b, a, c],
      [head, a, c],
      [head, a, a, b, c],
      [head, a, foreign, c],
      [head, a, b, c, c],
    ])
      expect(await verdict(Buffer.concat(parts))).toMatch('is damaged');
    expect(await verdict(Buffer.concat([bytes, Buffer.from([0])]))).toMatch('something follows');
  });

  it('names the key that it needs', async () => {
    const other = backupKey(randomBytes(32));
    expect(other.id).not.toBe(key.id);
    expect(await verdict(await sealed(Buffer.from('x')), other)).toBe(
      `file was sealed under the key ${key.id}, and BACKUP_KEY is ${other.id}: give it the key of that time.`,
    );
    expect(await verdict(Buffer.from('something else that is long enough to be a header of a backup'))).toBe(
      'file is no sealed backup.',
    );
  });
});

/** Header and frames of three full frames. */
function partsOf(bytes) {
  const frame = (n) => bytes.subarray(HEADER + n * (FRAME + AROUND), HEADER + (n + 1) * (FRAME + AROUND));
  return [bytes.subarray(0, HEADER), frame(0), frame(1), frame(2)];
}
