import { Transform } from 'node:stream';
import type { ByteRange } from './types.ts';

/** Lets the bytes of a range pass, counted from the first that comes. */
export function cutTo({ start, end }: ByteRange): Transform {
  let at = 0;
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      const from = Math.max(0, start - at);
      const to = Math.min(piece.length, end - at);
      at += piece.length;
      done(null, from < to ? piece.subarray(from, to) : undefined);
    },
  });
}
