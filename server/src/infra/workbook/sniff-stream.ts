import { WorkbookError } from './errors.ts';
import { HEAD_BYTES, OLE_NAMES, oleFault, sniffHead } from './sniff.ts';

/** A zip's directory ends with this mark, behind which there are at most 65,557 bytes. */
const ZIP_END = Buffer.from([0x50, 0x4b, 0x05, 0x06]);
const ZIP_END_WITHIN = 22 + 65_535;

/**
 * Passes a file's bytes on as they come, and refuses what is certainly no table: by its first bytes before any of it is
 * passed on, a zip without an end when there is no more. What it lets pass may still be refused by `openTable`.
 * @throws WorkbookError from the iteration
 */
export async function* sniffed(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  let length = 0;
  while (length < HEAD_BYTES) {
    const { value, done } = await iterator.next();
    if (done) break;
    first.push(value);
    length += value.length;
  }
  const head = Buffer.concat(first);
  const rest: AsyncIterable<Buffer> = { [Symbol.asyncIterator]: () => iterator };
  const content = sniffHead(head.subarray(0, HEAD_BYTES));
  if (content === 'ole') throw await readOle(head, rest);
  yield head;
  let tail = content === 'zip' ? keepTail(Buffer.alloc(0), head) : null;
  for await (const chunk of rest) {
    yield chunk;
    if (tail) tail = keepTail(tail, chunk);
  }
  if (tail && !tail.includes(ZIP_END)) throw new WorkbookError('file_truncated', { reason: 'zip_end' });
}

function keepTail(tail: Buffer, chunk: Buffer): Buffer {
  if (chunk.length >= ZIP_END_WITHIN) return chunk.subarray(-ZIP_END_WITHIN);
  return Buffer.concat([tail.subarray(Math.max(0, tail.length + chunk.length - ZIP_END_WITHIN)), chunk]);
}

/** Reads an OLE container to its end, keeping nothing: the names in it tell for what it is refused. */
async function readOle(head: Buffer, rest: AsyncIterable<Buffer>): Promise<WorkbookError> {
  const names = OLE_NAMES.map((name) => ({ name, bytes: Buffer.from(name, 'utf16le') }));
  const found = new Set<string>();
  const longest = Math.max(...names.map(({ bytes }) => bytes.length));
  let seam = Buffer.alloc(0);
  const look = (chunk: Buffer) => {
    const window = Buffer.concat([seam, chunk]);
    for (const { name, bytes } of names) if (window.includes(bytes)) found.add(name);
    seam = window.subarray(-longest);
  };
  look(head);
  for await (const chunk of rest) look(chunk);
  return oleFault((name) => found.has(name));
}
