import { Transform, type TransformCallback } from 'node:stream';
import { CipherError, type Cipher } from '../crypto/index.ts';

/** Plain bytes of a frame; the last one of a file may be shorter (or empty). */
export const FRAME = 256 * 1024;
/** A frame is its plain bytes plus key id, nonce and tag; anything longer is not ours. */
const MOST = FRAME + 64;

/**
 * What a frame is authenticated with: the file, its place and whether it is the last. So frames can't be swapped,
 * repeated, taken from another file, or left off at the end.
 */
const context = (id: string, frame: number, last: boolean) => `file:${id}:${frame}:${last ? 'last' : 'more'}`;

/** Collects pieces and hands them out in bigger ones, copying each byte once. */
class Pile {
  #pieces: Buffer[] = [];
  length = 0;

  add(piece: Buffer): void {
    this.#pieces.push(piece);
    this.length += piece.length;
  }

  take(count: number): Buffer {
    const whole = this.#pieces.length === 1 ? (this.#pieces[0] as Buffer) : Buffer.concat(this.#pieces);
    const rest = whole.subarray(count);
    this.#pieces = rest.length > 0 ? [rest] : [];
    this.length = rest.length;
    return whole.subarray(0, count);
  }
}

/** Plain bytes → sealed frames, each behind its length (4 bytes, big-endian). */
export function sealFrames(cipher: Cipher, id: string): Transform {
  const pile = new Pile();
  let frame = 0;
  const seal = (plain: Buffer, last: boolean) => {
    const sealed = cipher.sealBytes(plain, context(id, frame, last));
    frame += 1;
    const head = Buffer.alloc(4);
    head.writeUInt32BE(sealed.length);
    return Buffer.concat([head, sealed]);
  };
  return new Transform({
    transform(piece: Buffer, _encoding, done: TransformCallback) {
      pile.add(piece);
      // One frame stays back: only at the end is it known which one is the last.
      while (pile.length > FRAME) this.push(seal(pile.take(FRAME), false));
      done();
    },
    flush(done) {
      this.push(seal(pile.take(pile.length), true));
      done();
    },
  });
}

/** How many bytes a frame takes when it is stored: all of a file the same, but the last. */
export const storedFrame = (storedBytes: number, plainBytes: number): number => {
  const frames = Math.max(1, Math.ceil(plainBytes / FRAME));
  return FRAME + (storedBytes - plainBytes) / frames;
};

export interface OpenOptions {
  /** The number of the first frame that comes; 0 unless told. */
  first?: number;
  /** Whether the last frame that comes is the last of the file; true unless told. */
  toEnd?: boolean;
}

/** Sealed frames → plain bytes. Fails with CipherError on any change, and when the last frame is missing. */
export function openFrames(cipher: Cipher, id: string, { first = 0, toEnd = true }: OpenOptions = {}): Transform {
  const pile = new Pile();
  let frame = first;
  let want: number | null = null;
  let held: Buffer | null = null;
  const open = (sealed: Buffer, last: boolean) => {
    const plain = cipher.openBytes(sealed, context(id, frame, last));
    frame += 1;
    return plain;
  };
  return new Transform({
    transform(piece: Buffer, _encoding, done: TransformCallback) {
      try {
        pile.add(piece);
        while (pile.length >= (want ?? 4)) {
          if (want === null) {
            want = pile.take(4).readUInt32BE();
            if (want > MOST) throw new CipherError('not a stored file');
            continue;
          }
          if (held) this.push(open(held, false));
          held = pile.take(want);
          want = null;
        }
        done();
      } catch (error) {
        done(error as Error);
      }
    },
    flush(done) {
      try {
        if (!held || pile.length > 0 || want !== null) throw new CipherError('the stored file is cut short');
        this.push(open(held, toEnd));
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
}
