import type { Readable } from 'node:stream';
import { Problem } from '../../http/index.ts';

/** What is left of an upload, read in the amounts that its format has. Holds no more than it was asked for and one piece. */
export class Source {
  readonly #pieces: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(stream: Readable) {
    this.#pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** What comes next, as much as is there; null at the end. */
  async piece(): Promise<Buffer | null> {
    if (this.#held.length === 0) {
      const { value, done } = await this.#pieces.next();
      if (done) return null;
      return value;
    }
    const held = this.#held;
    this.#held = Buffer.alloc(0);
    return held;
  }

  /** Gives back what was read too far. */
  unread(rest: Buffer): void {
    this.#held = this.#held.length === 0 ? rest : Buffer.concat([rest, this.#held]);
  }

  /** Up to so many bytes, fewer at the end; they stay. */
  async look(count: number): Promise<Buffer> {
    const pieces = [this.#held];
    let length = this.#held.length;
    while (length < count) {
      const { value, done } = await this.#pieces.next();
      if (done) break;
      pieces.push(value);
      length += value.length;
    }
    this.#held = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
    return this.#held.subarray(0, count);
  }

  /** So many bytes. @throws Problem file_truncated */
  async take(count: number): Promise<Buffer> {
    const taken = await this.look(count);
    if (taken.length < count) throw new Problem('file_truncated');
    this.#held = this.#held.subarray(count);
    return taken;
  }

  /** So many bytes, in pieces. @throws Problem file_truncated */
  async *through(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0;) {
      const piece = await this.piece();
      if (!piece) throw new Problem('file_truncated');
      if (piece.length > left) this.unread(piece.subarray(left));
      yield piece.subarray(0, left);
      left -= Math.min(left, piece.length);
    }
  }

  /** Reads to the end, so that the rest of the request can be. */
  async drain(): Promise<void> {
    while (await this.piece());
  }
}
