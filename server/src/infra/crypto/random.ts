import { randomBytes, randomInt } from 'node:crypto';

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
