import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { createHmacSha256, type KeyedHash } from './hmac.ts';
import { createNonces } from './random.ts';

export { randomDigits, randomId } from './random.ts';

export interface CipherKeys {
  /** 32-byte keys by id; `current` seals, all open. */
  dataKeys: { current: string; keys: Record<string, Buffer> };
  /** 32 bytes; the key of the blind indexes. */
  indexKey: Buffer;
}

/** The sealed value is broken, was sealed for another context, or under a key that is not configured. */
export class CipherError extends Error {
  override name = 'CipherError';
}

/**
 * Seals values for storage: AES-256-GCM with a random 96-bit nonce. `context` says what the value is (e.g.
 * `person.document:65f…`) and is authenticated: a sealed value copied to another place does not open there.
 */
export interface Cipher {
  /** Id of the key that seals now. */
  keyId: string;
  /** → `k1.<base64url of nonce | tag | ciphertext>` */
  seal(plain: string, context: string): string;
  /** @throws CipherError */
  open(sealed: string, context: string): string;
  sealJson(value: unknown, context: string): string;
  /** @throws CipherError */
  openJson<T = unknown>(sealed: string, context: string): T;
  /** The same for bytes: one byte with the length of the key id, the key id, nonce, tag, ciphertext. */
  sealBytes(plain: Buffer, context: string): Buffer;
  /** @throws CipherError */
  openBytes(sealed: Buffer, context: string): Buffer;
  /**
   * Blind index for equality search and uniqueness: HMAC-SHA-256, 43 characters. `purpose` separates the indexes
   * (`person.document`), so that equal values of different fields don't show. Normalise the value before.
   */
  index(purpose: string, value: string): string;
}

const NONCE = 12;
const TAG = 16;

export function createCipher({ dataKeys, indexKey }: CipherKeys): Cipher {
  const keys = new Map(Object.entries(dataKeys.keys).map(([id, key]) => [id, secret(key)]));
  const current = keys.get(dataKeys.current);
  if (!current) throw new CipherError('the current key is not among the keys');
  const keyId = dataKeys.current;
  const root = secret(indexKey);
  const purposes = new Map<string, KeyedHash>();
  const nextNonce = createNonces(NONCE);

  const hashFor = (purpose: string): KeyedHash => {
    let hash = purposes.get(purpose);
    if (!hash) {
      hash = createHmacSha256(createHmac('sha256', root).update(`index:${purpose}`).digest());
      // Purposes are a handful of constants; the bound only keeps a mistake from becoming a leak.
      if (purposes.size < 1000) purposes.set(purpose, hash);
    }
    return hash;
  };

  const keyOf = (id: string) => {
    const key = keys.get(id);
    if (!key) throw new CipherError('sealed under a key that is not configured');
    return key;
  };

  const cipher: Cipher = {
    keyId,
    seal: (plain, context) =>
      `${keyId}.${encrypt(current, nextNonce(), plain, aad(keyId, context)).toString('base64url')}`,
    open(sealed, context) {
      const dot = sealed.indexOf('.');
      const text = sealed.slice(dot + 1);
      // Buffer.from skips what is not base64url; a mutation must fail, not be skipped.
      const packed = Buffer.from(text, 'base64url');
      if (dot < 1 || packed.toString('base64url') !== text) throw new CipherError('not a sealed value');
      const id = sealed.slice(0, dot);
      return decrypt(keyOf(id), packed, aad(id, context)).toString('utf8');
    },
    sealJson: (value, context) => cipher.seal(JSON.stringify(value), context),
    openJson: <T>(sealed: string, context: string) => JSON.parse(cipher.open(sealed, context)) as T,
    sealBytes(plain, context) {
      const id = Buffer.from(keyId, 'utf8');
      return Buffer.concat([Buffer.from([id.length]), id, encrypt(current, nextNonce(), plain, aad(keyId, context))]);
    },
    openBytes(sealed, context) {
      const length = sealed[0] ?? 0;
      const id = sealed.toString('utf8', 1, 1 + length);
      return decrypt(keyOf(id), sealed.subarray(1 + length), aad(id, context));
    },
    index: (purpose, value) => hashFor(purpose)(value),
  };
  return cipher;
}

function secret(bytes: Buffer): KeyObject {
  if (bytes.length !== 32) throw new CipherError('a key has 32 bytes');
  return createSecretKey(bytes);
}

const aad = (keyId: string, context: string) => Buffer.from(`${keyId}\n${context}`, 'utf8');

/** @returns nonce, tag and ciphertext */
function encrypt(key: KeyObject, nonce: Buffer, plain: Buffer | string, context: Buffer): Buffer {
  const gcm = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG }).setAAD(context);
  // GCM is a stream: all comes out of `update`.
  const body = typeof plain === 'string' ? gcm.update(plain, 'utf8') : gcm.update(plain);
  gcm.final();
  return Buffer.concat([nonce, gcm.getAuthTag(), body], NONCE + TAG + body.length);
}

function decrypt(key: KeyObject, packed: Buffer, context: Buffer): Buffer {
  if (packed.length < NONCE + TAG) throw new CipherError('not a sealed value');
  try {
    const gcm = createDecipheriv('aes-256-gcm', key, packed.subarray(0, NONCE), { authTagLength: TAG });
    gcm.setAAD(context).setAuthTag(packed.subarray(NONCE, NONCE + TAG));
    return Buffer.concat([gcm.update(packed.subarray(NONCE + TAG)), gcm.final()]);
  } catch {
    throw new CipherError('the sealed value was changed, or belongs elsewhere');
  }
}
