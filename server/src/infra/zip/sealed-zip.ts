import { createCipheriv, createHmac, pbkdf2, randomBytes, type Cipher, type Hmac } from 'node:crypto';
import { pipeline, Transform, type Readable, type TransformCallback } from 'node:stream';
import { centralDirectory, dataDescriptor, localHeader, type ZipPartInfo } from './records.ts';

export interface SealOptions {
  /** The file's name inside. */
  name: string;
  password: string;
  /** The file's time inside, shown by Shanghai's clock. */
  at: Date;
  /** Ends the sealing at once: both streams are destroyed with the signal's reason. */
  signal?: AbortSignal | undefined;
}

const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** Two bytes by which a program sees a wrong password before it reads on. */
const CHECK_BYTES = 2;
const ROUNDS = 1000;
const CODE_BYTES = 10;
const BLOCK = 16;
const PAD_BYTES = 64 * 1024;
const SHANGHAI_MS = 8 * 3_600_000;

/**
 * One file in a zip that opens with a password, as WinZip's AE-2 with AES-256, which 7-Zip, WinRAR and their like know
 * (https://www.winzip.com/en/support/aes-encryption/). It is stored, as a workbook is packed already, and its name can be
 * read without the password. Constant memory; each side waits for the other, and when one breaks off both are destroyed.
 */
export function sealZip(source: Readable, { signal, ...file }: SealOptions): Readable {
  const seal = new Seal(file);
  const onAbort = (): unknown => seal.destroy(signal?.reason as Error);
  signal?.addEventListener('abort', onAbort, { once: true });
  // What goes wrong is told by the stream that is read.
  pipeline(source, seal, () => signal?.removeEventListener('abort', onAbort));
  if (signal?.aborted) onAbort();
  return seal;
}

class Seal extends Transform {
  readonly #part: ZipPartInfo;
  readonly #password: string;
  #cipher!: Cipher;
  #code!: Hmac;
  readonly #counters = new DataView(new ArrayBuffer(PAD_BYTES));
  #blocks = 0;
  #pad = Buffer.alloc(0);
  #padUsed = 0;

  constructor({ name, password, at }: Omit<SealOptions, 'signal'>) {
    super();
    const date = new Date(at.getTime() + SHANGHAI_MS);
    this.#part = { name, offset: 0, crc: 0, packed: 0, size: 0, streamed: true, sealed: true, date };
    this.#password = password;
  }

  override _construct(done: (error?: Error | null) => void): void {
    const salt = randomBytes(SALT_BYTES);
    pbkdf2(this.#password, salt, ROUNDS, 2 * KEY_BYTES + CHECK_BYTES, 'sha1', (error, keys) => {
      if (error) return done(error);
      // CTR by hand: this format counts blocks from the low byte, OpenSSL's CTR from the high one.
      this.#cipher = createCipheriv('aes-256-ecb', keys.subarray(0, KEY_BYTES), null).setAutoPadding(false);
      this.#code = createHmac('sha1', keys.subarray(KEY_BYTES, 2 * KEY_BYTES));
      const check = keys.subarray(2 * KEY_BYTES);
      this.#part.packed = SALT_BYTES + CHECK_BYTES;
      this.push(Buffer.concat([localHeader(this.#part), salt, check]));
      done();
    });
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    const sealed = Buffer.allocUnsafe(chunk.length);
    for (let at = 0; at < chunk.length;) {
      if (this.#padUsed === this.#pad.length) this.#nextPad();
      const pad = this.#pad.subarray(this.#padUsed, this.#padUsed + chunk.length - at);
      xor(sealed, chunk, pad, at);
      this.#padUsed += pad.length;
      at += pad.length;
    }
    this.#code.update(sealed);
    this.#part.size += chunk.length;
    this.#part.packed += chunk.length;
    done(null, sealed);
  }

  override _flush(done: TransformCallback): void {
    const part = this.#part;
    const code = this.#code.digest().subarray(0, CODE_BYTES);
    part.packed += CODE_BYTES;
    const header = localHeader(part).length;
    const descriptor = dataDescriptor(part);
    const directory = centralDirectory([part], header + part.packed + descriptor.length);
    done(null, Buffer.concat([code, descriptor, directory]));
  }

  #nextPad(): void {
    const counters = this.#counters;
    for (let at = 0; at < PAD_BYTES; at += BLOCK) {
      const block = ++this.#blocks;
      counters.setUint32(at, block, true);
      counters.setUint32(at + 4, Math.floor(block / 2 ** 32), true);
    }
    this.#pad = this.#cipher.update(this.#counters);
    this.#padUsed = 0;
  }
}

/** `source` from `at` on, as far as the pad goes. */
function xor(target: Buffer, source: Buffer, pad: Buffer, at: number): void {
  const { length } = pad;
  for (let i = 0; i < length; i++) target[at + i] = (source[at + i] as number) ^ (pad[i] as number);
}
