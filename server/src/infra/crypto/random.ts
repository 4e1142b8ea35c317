import { randomBytes, randomFillSync, randomInt } from 'node:crypto';

/** An unguessable id: 22 characters of base64url, 128 bits (more bytes on demand). */
export function randomId(bytes = 16): string {
  return randomBytes(Math.max(bytes, 16)).toString('base64url');
}

/** `count` decimal digits, each equally likely (`randomInt` rejects the biased tail itself). */
export function randomDigits(count: number): string {
  let digits = '';
  for (let i = 0; i < count; i += 1) digits += randomInt(10);
  return digits;
}

/**
 * Random nonces of `bytes` each, taken from the system's generator by the page: asking it for every single one costs more
 * than sealing a value. Each is given out once, and holds until the next is asked for.
 */
export function createNonces(bytes: number): () => Buffer {
  const page = Buffer.alloc(bytes * 256);
  let at = page.length;
  return () => {
    if (at === page.length) {
      randomFillSync(page);
      at = 0;
    }
    at += bytes;
    return page.subarray(at - bytes, at);
  };
}
