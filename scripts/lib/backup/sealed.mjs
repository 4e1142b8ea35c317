/**
 * The sealed form of a backup file: AES-256-GCM in frames, so that neither side holds the file in memory, under a key of
 * the file's own. The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015, as in the age format): a frame's
 * nonce is its number and whether it is the last one, so a frame that is changed, moved, doubled or missing is found,
 * the end included.
 *
 *   header  "DJBACKUP", version 1, three zero bytes, key id (8), salt (32)
 *   frame   length of what follows without the tag (4, big endian; highest bit: the last one), sealed bytes, tag (16)
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { Fault } from '../fault.mjs';

const MAGIC = Buffer.from('DJBACKUP\u0001\0\0\0', 'latin1');
const ID = 8;
const SALT = 32;
const HEADER = MAGIC.length + ID + SALT;
const TAG = 16;
const LAST = 0x80000000;
/** Clear bytes of a frame. */
const FRAME = 1024 * 1024;

/**
 * @typedef {object} BackupKey
 * @property {string} id 16 hexadecimal digits that name the key and tell nothing about it
 * @property {Buffer} bytes
 */

/** @param {Buffer} bytes 32 of them @returns {BackupKey} */
export function backupKey(bytes) {
  return {
    id: createHash('sha256').update('dengji backup key id').update(derive(bytes, 'id')).digest('hex').slice(0, 16),
    bytes,
  };
}

/** A key for one purpose. */
export function derive(bytes, purpose, salt = Buffer.alloc(0)) {
  return Buffer.from(hkdfSync('sha256', bytes, salt, `dengji backup: ${purpose}`, 32));
}

/**
 * Seals a stream of bytes.
 * @param {AsyncIterable<Uint8Array>} source
 * @param {BackupKey} key
 * @returns {AsyncGenerator<Buffer>}
 */
export async function* seal(source, key) {
  const header = Buffer.concat([MAGIC, Buffer.from(key.id, 'hex'), randomBytes(SALT)]);
  const secret = fileKey(key, header);
  yield header;
  let parts = [];
  let size = 0;
  let number = 0;
  for await (let chunk of source) {
    while (chunk.length > 0) {
      // A full frame is sealed only when more follows: the last one must be known as the last.
      if (size === FRAME) {
        yield sealFrame(secret, number, Buffer.concat(parts), false);
        number += 1;
        parts = [];
        size = 0;
      }
      const part = chunk.subarray(0, FRAME - size);
      parts.push(part);
      size += part.length;
      chunk = chunk.subarray(part.length);
    }
  }
  yield sealFrame(secret, number, Buffer.concat(parts), true);
}

/**
 * The clear bytes of a sealed file, frame by frame; none that was not proven whole.
 * @param {string} path
 * @param {BackupKey} key
 * @param {(bytes: Buffer) => void} [onRead] given the sealed bytes as they are read
 * @returns {AsyncGenerator<Buffer>}
 * @throws Fault that says what is wrong: another key, no such file, damaged, cut off
 */
export async function* open(path, key, onRead = () => {}) {
  const name = basename(path);
  const stream = createReadStream(path, { highWaterMark: FRAME });
  try {
    yield* openFrames(byteReader(stream, onRead), name, key);
  } finally {
    stream.destroy();
  }
}

async function* openFrames(reader, name, key) {
  const header = await reader.read(HEADER);
  if (!header?.subarray(0, MAGIC.length).equals(MAGIC)) throw new Fault(`${name} is no sealed backup.`);
  const id = header.subarray(MAGIC.length, MAGIC.length + ID).toString('hex');
  if (id !== key.id) throw otherKey(name, id, key);
  const secret = fileKey(key, header);
  for (let number = 0; ; number += 1) {
    const head = await reader.read(4);
    const length = head && head.readUInt32BE(0) & ~LAST;
    const last = Boolean(head && head[0] & 0x80);
    if (head && length > FRAME) throw new Fault(`${name} is damaged: frame ${number} can't be as long as it says.`);
    const sealed = head && (await reader.read(length + TAG));
    if (!sealed) throw new Fault(`${name} is cut off: it ends before its last frame.`);
    yield openFrame(secret, number, sealed, last, name);
    if (!last) continue;
    if (await reader.read(1)) throw new Fault(`${name} is damaged: something follows its last frame.`);
    return;
  }
}

/** @param {string} name of the file @param {string} id of the key that it needs @param {BackupKey} key */
export function otherKey(name, id, key) {
  return new Fault(
    `${name} was sealed under the key ${id}, and BACKUP_KEY is ${key.id}: give it the key of that time.`,
  );
}

/** The header is part of it, so that no byte of the header can be changed either. */
const fileKey = (key, header) => derive(key.bytes, `file ${header.toString('hex')}`, header.subarray(-SALT));

function nonceOf(number, last) {
  const nonce = Buffer.alloc(12);
  nonce[0] = last ? 1 : 0;
  nonce.writeUIntBE(number, 6, 6);
  return nonce;
}

function sealFrame(secret, number, clear, last) {
  const cipher = createCipheriv('aes-256-gcm', secret, nonceOf(number, last));
  const head = Buffer.alloc(4);
  head.writeUInt32BE((clear.length | (last ? LAST : 0)) >>> 0);
  return Buffer.concat([head, cipher.update(clear), cipher.final(), cipher.getAuthTag()]);
}

function openFrame(secret, number, sealed, last, name) {
  const cipher = createDecipheriv('aes-256-gcm', secret, nonceOf(number, last));
  cipher.setAuthTag(sealed.subarray(-TAG));
  try {
    const clear = cipher.update(sealed.subarray(0, -TAG));
    cipher.final();
    return clear;
  } catch (error) {
    throw new Fault(`${name} is damaged: frame ${number} is not what was sealed.`, { cause: error });
  }
}

/** Reads exact lengths out of a stream; undefined when fewer bytes are left. */
function byteReader(stream, onRead) {
  const chunks = stream[Symbol.asyncIterator]();
  let rest = Buffer.alloc(0);
  return {
    async read(length) {
      const parts = [rest];
      let size = rest.length;
      while (size < length) {
        const { value, done } = await chunks.next();
        if (done) return undefined;
        onRead(value);
        parts.push(value);
        size += value.length;
      }
      const all = parts.length === 1 ? rest : Buffer.concat(parts);
      rest = all.subarray(length);
      return all.subarray(0, length);
    },
  };
}
