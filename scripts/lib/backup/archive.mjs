/**
 * The archive that `mongodump --archive` writes, as a stream (common/archive/spec.md of mongo-tools): a magic number; a
 * prelude of one header and a description of every collection; blocks of a header that names a collection and documents
 * of it; a header that says a collection has ended, with a CRC. Each of these parts ends in four 0xff bytes. The oplog
 * that was captured meanwhile is the collection `oplog` of the database with no name.
 */
import { createCrc64 } from './crc64.mjs';
import { BSON } from './mongo.mjs';
import { Fault } from '../fault.mjs';

const MAGIC = 0x8199e26d;
const END = -1;
/** A document, and what an oplog entry adds to one. */
const LONGEST = 16 * 1024 * 1024 + 16 * 1024;
const OPLOG = '.oplog';

/**
 * @typedef {object} Part
 * @property {'magic' | 'prelude' | 'header' | 'body' | 'entry' | 'end'} kind prelude: a whole document of it; body: bytes
 *   of documents; entry: a whole oplog entry; end: the four bytes
 * @property {Buffer} bytes all parts' bytes together are the archive
 * @property {Record<string, any>} [value] of prelude, header and entry: the document
 */

/**
 * Splits an archive into its parts.
 * @param {AsyncIterable<Buffer>} source
 * @returns {AsyncGenerator<Part>}
 * @throws Fault when it is none, or ends in the middle
 */
export async function* readArchive(source) {
  let rest = Buffer.alloc(0);
  /** What comes next: the magic number, the prelude, a block's header or documents of `within`. */
  let state = 'magic';
  let within = '';
  /** Bytes of a document that are still to come and that nobody looks at. */
  let passing = 0;
  for await (const chunk of source) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let at = Math.min(passing, bytes.length);
    passing -= at;
    /** Where the bytes of `body` that have not been handed out begin. */
    let body = 0;
    while (bytes.length - at >= 4) {
      if (state === 'magic') {
        if (bytes.readUInt32LE(at) !== MAGIC) throw new Fault('What was dumped is no mongodump archive.');
        yield { kind: 'magic', bytes: bytes.subarray(0, (at += 4)) };
        state = 'prelude';
        body = at;
        continue;
      }
      const size = bytes.readInt32LE(at);
      if (size !== END && (size < 5 || size > LONGEST))
        throw new Fault('The archive is damaged: a document has no length.');
      const whole = state !== 'body' || within === OPLOG || size === END;
      if (!whole) {
        const end = Math.min(at + size, bytes.length);
        passing = at + size - end;
        at = end;
        continue;
      }
      const length = size === END ? 4 : size;
      if (bytes.length - at < length) break;
      if (at > body) yield { kind: 'body', bytes: bytes.subarray(body, at) };
      const part = bytes.subarray(at, at + length);
      at += length;
      body = at;
      if (size === END) {
        yield { kind: 'end', bytes: part };
        state = 'header';
      } else if (state === 'body') {
        yield { kind: 'entry', bytes: part, value: readDocument(part) };
      } else {
        const value = readDocument(part);
        yield { kind: state, bytes: part, value };
        if (state === 'prelude') continue;
        within = `${value.db}.${value.collection}`;
        state = 'body';
      }
    }
    if (at > body) yield { kind: 'body', bytes: bytes.subarray(body, at) };
    rest = bytes.subarray(at);
  }
  if (rest.length > 0 || passing > 0 || state !== 'header') throw new Fault('The archive ends in its middle.');
}

/** Numbers of 64 bits as bigint, so that a CRC stays what it is. */
const readDocument = (bytes) => BSON.deserialize(bytes, { useBigInt64: true, validation: { utf8: false } });

/**
 * Looks at an archive while it passes. The bytes that come out are those that went in.
 * @returns {{ pass(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer>,
 *   result(): { collections: string[], unmade: string[], at: import('mongodb').Timestamp, entries: number, tools: string,
 *   server: string } }}
 *   result: which collections are there once its oplog is replayed; those that it writes to although nobody made them, so that
 *   it can't be replayed; and the time of the last entry, which is the moment that the archive then stands for. @throws Fault (result) when the archive has no oplog or is not whole
 */
export function watchArchive() {
  const collections = new Set();
  const unmade = new Set();
  const open = new Set();
  let header;
  let last;
  let entries = 0;
  let ended = false;
  const look = (part) => {
    if (part.kind === 'entry') {
      entries += 1;
      last = part.value.ts;
      apply(part.value, collections, unmade);
    } else if (part.kind === 'prelude') {
      if (!part.value.collection) header = part.value;
      else if (isData(part.value)) collections.add(`${part.value.db}.${part.value.collection}`);
    } else if (part.kind === 'header') {
      const name = `${part.value.db}.${part.value.collection}`;
      if (part.value.EOF) open.delete(name);
      else open.add(name);
      if (part.value.EOF && name === OPLOG) ended = true;
    }
  };
  return {
    async *pass(source) {
      for await (const part of readArchive(source)) {
        look(part);
        yield part.bytes;
      }
    },
    result() {
      if (!ended || !last || open.size > 0) throw new Fault('The archive has no whole oplog: it can not be restored.');
      return {
        collections: [...collections].toSorted(),
        unmade: [...unmade].toSorted(),
        at: last,
        entries,
        tools: header.tool_version,
        server: header.server_version,
      };
    },
  };
}

/**
 * An archive whose oplog goes on: further entries follow its own, as if it had been dumped at a later time.
 * @param {AsyncIterable<Buffer>} source
 * @param {AsyncIterable<Buffer>} entries whole BSON documents, the first one later than the archive's last
 * @returns {AsyncGenerator<Buffer>}
 */
export async function* appendOplog(source, entries) {
  const crc = createCrc64();
  for await (const part of readArchive(source)) {
    if (part.kind === 'entry') crc.update(part.bytes);
    if (part.kind !== 'header' || !part.value.EOF || part.value.db !== '' || part.value.collection !== 'oplog') {
      yield part.bytes;
      continue;
    }
    let first = true;
    for await (const entry of entries) {
      if (first) yield namespaceHeader(false, 0n);
      first = false;
      crc.update(entry);
      yield entry;
    }
    if (!first) yield Buffer.from([0xff, 0xff, 0xff, 0xff]);
    yield namespaceHeader(true, BigInt.asIntN(64, crc.value()));
  }
}

const namespaceHeader = (EOF, CRC) => Buffer.from(BSON.serialize({ db: '', collection: 'oplog', EOF, CRC }));

/** Collections of the server's own and views have no documents of ours. */
const isData = ({ db, collection, type }) =>
  !['', 'admin', 'config', 'local'].includes(db) &&
  !collection.startsWith('system.') &&
  (!type || type === 'collection');

/** Which collections there are after an oplog entry, and which are missing for it; one of a transaction holds several. */
function apply({ op, ns, o }, collections, unmade) {
  const dot = ns.indexOf('.');
  const db = ns.slice(0, dot);
  if ('iud'.includes(op) && isData({ db, collection: ns.slice(dot + 1) }) && !collections.has(ns)) unmade.add(ns);
  if (op !== 'c') return;
  if (o.applyOps) for (const one of o.applyOps) apply(one, collections, unmade);
  else if (o.create && isData({ db, collection: o.create, type: o.viewOn && 'view' }))
    collections.add(`${db}.${o.create}`);
  else if (o.drop) collections.delete(`${db}.${o.drop}`);
  else if (o.dropDatabase) for (const one of collections) if (one.startsWith(`${db}.`)) collections.delete(one);
}
