import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { appendOplog, readArchive, watchArchive } from './archive.mjs';
import { createCrc64 } from './crc64.mjs';
import { BSON } from './mongo.mjs';

const collect = (source) => Readable.from(source).toArray();
const bytes = (document) => Buffer.from(BSON.serialize(document));
const END = Buffer.from([0xff, 0xff, 0xff, 0xff]);
const crcOf = (documents) => {
  const crc = createCrc64();
  for (const one of documents) crc.update(one);
  return BigInt.asIntN(64, crc.value());
};
const header = (db, collection, EOF = false, CRC = 0n) => bytes({ db, collection, EOF, CRC });
const entry = (i, more = { op: 'n', ns: '', o: {} }) => bytes({ ...more, ts: new BSON.Timestamp({ t: 100, i }) });
const create = (i, ns, o) => entry(i, { op: 'c', ns: `${ns}.$cmd`, o });

/** An archive as mongodump writes it: two collections whose blocks alternate, and the oplog. */
function archiveOf(entries, { prelude = ['dengji.people', 'dengji.accounts', 'admin.system.version'] } = {}) {
  const people = Array.from({ length: 12 }, (_, n) => bytes({ _id: n, name: '张'.repeat(n) }));
  const metadata = prelude.map((name) => {
    const [db, collection] = name.split(/\.(.*)/);
    return bytes({ db, collection, metadata: '{}', size: 0, type: 'collection' });
  });
  const block = (db, collection, documents) => [header(db, collection), ...documents, END];
  const over = (db, collection, documents) => [header(db, collection, true, crcOf(documents)), END];
  return Buffer.concat([
    Buffer.from([0x6d, 0xe2, 0x99, 0x81]),
    bytes({ concurrent_collections: 4, version: '0.1', server_version: '6.0.5', tool_version: '100.7.4' }),
    ...metadata,
    bytes({ db: 'dengji', collection: 'peopleView', metadata: '{}', size: 0, type: 'view' }),
    END,
    ...block('dengji', 'people', people.slice(0, 5)),
    ...block('dengji', 'accounts', []),
    ...block('dengji', 'people', people.slice(5)),
    ...over('dengji', 'people', people),
    ...over('dengji', 'accounts', []),
    ...block('', 'oplog', entries),
    ...over('', 'oplog', entries),
  ]);
}

function* chunksOf(whole, size) {
  for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size);
}
const joined = async (source) => Buffer.concat(await collect(source));
async function watch(whole, size = 1_000) {
  const seen = watchArchive();
  const out = await joined(seen.pass(chunksOf(whole, size)));
  return { out, ...seen.result() };
}

describe('CRC-64', () => {
  it('is the one of ECMA-182', () => {
    const crc = createCrc64();
    crc.update(Buffer.from('12345'));
    crc.update(Buffer.from('6789'));
    expect(crc.value()).toBe(0x995dc9bbdf1939fan);
  });
});

describe('an archive', () => {
  const entries = [entry(1), entry(2), entry(3)];
  const whole = archiveOf(entries);

  it('passes unchanged, whatever its chunks', async () => {
    for (const size of [1, 2, 5, 64, 1_001, whole.length]) {
      const { out, at, entries: count, collections, server } = await watch(whole, size);
      expect(out.equals(whole), `chunks of ${size}`).toBe(true);
      expect({ t: at.t, i: at.i, count, collections, server }).toEqual({
        t: 100,
        i: 3,
        count: 3,
        collections: ['dengji.accounts', 'dengji.people'],
        server: '6.0.5',
      });
    }
  });

  it('tells the collections that are there once its oplog is replayed', async () => {
    const { collections } = await watch(
      archiveOf([
        create(1, 'dengji', { create: 'forms' }),
        create(2, 'dengji', { drop: 'accounts' }),
        create(3, 'admin', { applyOps: [{ op: 'c', ns: 'dengji.$cmd', o: { create: 'drafts' } }] }),
        create(4, 'other', { create: 'things' }),
        create(5, 'other', { dropDatabase: 1 }),
        create(6, 'config', { create: 'things' }),
        create(7, 'dengji', { create: 'view', viewOn: 'people' }),
      ]),
    );
    expect(collections).toEqual(['dengji.drafts', 'dengji.forms', 'dengji.people']);
  });

  it('tells what its oplog writes to although nobody made it', async () => {
    const write = (i, op, ns) => entry(i, { op, ns, o: { _id: i } });
    const { unmade } = await watch(
      archiveOf([
        write(1, 'u', 'dengji.people'),
        write(2, 'i', 'dengji.born'),
        create(3, 'dengji', { create: 'forms' }),
        write(4, 'i', 'dengji.forms'),
        create(5, 'admin', { applyOps: [{ op: 'd', ns: 'dengji.gone', o: { _id: 1 } }] }),
        write(6, 'i', 'config.things'),
        write(7, 'n', ''),
      ]),
    );
    expect(unmade).toEqual(['dengji.born', 'dengji.gone']);
  });

  it('is refused when it is none, has no oplog, or ends anywhere before its end', async () => {
    await expect(watch(Buffer.from('something else'))).rejects.toThrow('no mongodump archive');
    await expect(watch(archiveOf([]))).rejects.toThrow('no whole oplog');
    const good = [];
    for (let length = 0; length < whole.length; length += 1)
      await watch(whole.subarray(0, length)).then(
        () => good.push(length),
        () => undefined,
      );
    expect(good).toEqual([]);
  });

  it('goes on with more oplog as if it had been dumped later', async () => {
    const more = Array.from({ length: 10 }, (_, n) => entry(n + 4));
    for (const size of [1, 64, whole.length]) {
      const longer = await joined(appendOplog(chunksOf(whole, size), more));
      const parts = await collect(readArchive([longer]));
      const oplog = parts.filter(({ kind }) => kind === 'entry').map((part) => part.bytes);
      expect(Buffer.concat(oplog)).toEqual(Buffer.concat([...entries, ...more]));
      const last = parts.findLast(({ kind }) => kind === 'header').value;
      expect(last).toEqual({ db: '', collection: 'oplog', EOF: true, CRC: crcOf([...entries, ...more]) });
    }
    expect((await joined(appendOplog([whole], []))).equals(whole)).toBe(true);
  });
});
