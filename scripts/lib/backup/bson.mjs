/** The little of BSON (https://bsonspec.org/spec.html) that is read without a library, because it is read a million times. */
import { Timestamp } from './mongo.mjs';

export const DOCUMENT = 0x03;
export const ARRAY = 0x04;
const TIMESTAMP = 0x11;

/** Bytes of a value by its type; types of variable length are in `valueSize`. */
const FIXED = new Map([
  [0x01, 8],
  [0x06, 0],
  [0x07, 12],
  [0x08, 1],
  [0x09, 8],
  [0x0a, 0],
  [0x10, 4],
  [0x11, 8],
  [0x12, 8],
  [0x13, 16],
  [0x7f, 0],
  [0xff, 0],
]);
/** How many bytes the value of type `type` at `at` takes. */
export function valueSize(from, type, at) {
  const fixed = FIXED.get(type);
  if (fixed !== undefined) return fixed;
  switch (type) {
    case DOCUMENT:
    case ARRAY:
    case 0x0f: // code with scope
      return from.readInt32LE(at);
    case 0x02: // text
    case 0x0d: // code
    case 0x0e: // symbol
      return 4 + from.readInt32LE(at);
    case 0x05: // binary
      return 5 + from.readInt32LE(at);
    case 0x0b: // pattern: two texts that end in zero
      return from.indexOf(0, from.indexOf(0, at) + 1) + 1 - at;
    case 0x0c: // pointer: a text and an id
      return 16 + from.readInt32LE(at);
    default:
      throw new Error(`BSON has no type ${type}`);
  }
}

/** A field of the document's top level that is a timestamp. @throws when it is not there */
export function timestampIn(document, name) {
  const wanted = Buffer.from(`${name}\0`);
  for (let at = 4; document[at] !== 0;) {
    const value = document.indexOf(0, at + 1) + 1;
    if (document[at] === TIMESTAMP && wanted.equals(document.subarray(at + 1, value)))
      return new Timestamp({ i: document.readUInt32LE(value), t: document.readUInt32LE(value + 4) });
    at = value + valueSize(document, document[at], value);
  }
  throw new Error(`the document has no timestamp ${name}`);
}

/**
 * Splits a stream of bytes into whole documents.
 * @param {AsyncIterable<Buffer>} source
 * @returns {AsyncGenerator<Buffer>}
 */
export async function* splitDocuments(source) {
  let rest = Buffer.alloc(0);
  for await (const chunk of source) {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let at = 0;
    while (rest.length - at >= 4) {
      const size = rest.readInt32LE(at);
      if (size < 5) throw new Error('what was read is no BSON');
      if (rest.length - at < size) break;
      yield rest.subarray(at, at + size);
      at += size;
    }
    rest = rest.subarray(at);
  }
  if (rest.length > 0) throw new Error('the last document is cut off');
}
