import { hash } from 'node:crypto';

/** A hash under a key. */
export type KeyedHash = (value: string) => string;

/** Of SHA-256, bytes. */
const BLOCK = 64;
const DIGEST = 32;
/** Room for a value of so many bytes is kept; a longer one gets its own. */
const KEPT = 8 * 1024;

/**
 * HMAC-SHA-256 (RFC 2104) of texts in UTF-8, as 43 characters of base64url. Node's own `createHmac` makes an object for each
 * value, which costs twice as much as the hashing; an import asks for millions.
 * @param key ≤ 64 bytes
 */
export function createHmacSha256(key: Buffer): KeyedHash {
  if (key.length > BLOCK) throw new RangeError('a key of at most one block');
  const kept = padded(key, 0x36, KEPT);
  const outer = padded(key, 0x5c, DIGEST);

  return (value) => {
    // A UTF-16 unit takes three bytes at most.
    const most = value.length * 3;
    const inner = most <= KEPT ? kept : Buffer.concat([kept.subarray(0, BLOCK), Buffer.allocUnsafe(most)]);
    const end = BLOCK + inner.write(value, BLOCK, 'utf8');
    // As a text, one character a byte, the digest comes without a buffer of its own.
    outer.write(hash('sha256', inner.subarray(0, end), 'binary'), BLOCK, 'binary');
    return hash('sha256', outer, 'base64url');
  };
}

/** The key's first block, and room behind it. */
function padded(key: Buffer, pad: number, room: number): Buffer {
  const block = Buffer.alloc(BLOCK + room, pad);
  for (const [at, byte] of key.entries()) block[at] = byte ^ pad;
  return block;
}
