/**
 * A hash of a collection's documents that depends neither on their order nor on the order of their fields: replaying an
 * oplog over documents that were read while it was written may bring the same fields in another order.
 */
import { hash } from 'node:crypto';
import { ARRAY, DOCUMENT, valueSize } from './bson.mjs';

/**
 * The sum, modulo 2^256, of the SHA-256 of every document with its fields sorted by name. Documents of a collection
 * differ (by `_id`), so that the sum tells a lost, a doubled and a changed one.
 * @returns {{ add(document: Buffer): void, documents: number, sum(): string }} `add` takes a whole BSON document;
 *   `sum` is 64 hexadecimal digits
 */
export function createContentHash() {
  const words = new Uint32Array(8);
  let scratch = Buffer.allocUnsafe(64 * 1024);
  const content = {
    documents: 0,
    add(document) {
      if (document.length > scratch.length) scratch = Buffer.allocUnsafe(document.length * 2);
      const end = copySorted(document, 0, scratch, 0, false);
      addTo(words, hash('sha256', scratch.subarray(0, end), 'buffer'));
      content.documents += 1;
    },
    sum: () => [...words].map((word) => word.toString(16).padStart(8, '0')).join(''),
  };
  return content;
}

function addTo(words, digest) {
  let carry = 0;
  for (let i = 7; i >= 0; i -= 1) {
    const sum = words[i] + digest.readUInt32BE(i * 4) + carry;
    words[i] = sum;
    carry = sum > 0xffffffff ? 1 : 0;
  }
}

/** Copies the document (or array) at `at`, fields sorted in every depth. Its length stays the same. Returns the end in `out`. */
function copySorted(from, at, out, to, isArray) {
  // Where each element starts, and where its value does. An element ends where the next one starts.
  const starts = [];
  const values = [];
  let inOrder = true;
  let nested = false;
  let next = at + 4;
  while (from[next] !== 0) {
    const last = starts.at(-1);
    if (!isArray && inOrder && last !== undefined) inOrder = compareNames(from, last + 1, next + 1) < 0;
    starts.push(next);
    const type = from[next];
    nested ||= type === DOCUMENT || type === ARRAY;
    while (from[next] !== 0) next += 1;
    values.push(next + 1);
    next += 1 + valueSize(from, type, next + 1);
  }
  if (inOrder && !nested) return copy(from, at, next + 1, out, to);
  starts.push(next);
  const order = values.map((_, index) => index);
  if (!inOrder) order.sort((a, b) => compareNames(from, starts[a] + 1, starts[b] + 1));
  let end = copy(from, at, at + 4, out, to);
  for (const index of order) {
    const type = from[starts[index]];
    if (type === DOCUMENT || type === ARRAY) {
      end = copy(from, starts[index], values[index], out, end);
      end = copySorted(from, values[index], out, end, type === ARRAY);
    } else {
      end = copy(from, starts[index], starts[index + 1], out, end);
    }
  }
  out[end] = 0;
  return end + 1;
}

/** A loop is faster than a call into the runtime for the few bytes that most values have. */
function copy(from, start, end, out, to) {
  if (end - start > 64) return to + from.copy(out, to, start, end);
  for (let at = start; at < end; at += 1) out[to + at - start] = from[at];
  return to + end - start;
}

/** Names end in a zero byte, so that a shorter one sorts first. */
function compareNames(from, a, b) {
  while (from[a] === from[b] && from[a] !== 0) {
    a += 1;
    b += 1;
  }
  return from[a] - from[b];
}
