import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { mongo } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { openCursors } from '../../../test/open-cursors.ts';
import { CipherError } from '../crypto/index.ts';
import { FRAME } from './frames.ts';
import { StorageLimitError, StorageMissingError, type Storage } from './index.ts';

let made: TestDeps;
let storage: Storage;
beforeAll(async () => {
  made = await makeDeps();
  storage = made.deps.storage;
});
afterAll(() => made.close());

const options = { name: '张三的名单.xlsx', contentType: 'application/x', maxBytes: 10e6, purpose: 'test' };
const chunks = () => made.deps.mongo.collection('storage.chunks');
const files = () => made.deps.mongo.collection('storage.files');
const idOf = (id: string) => new mongo.ObjectId(id);
const left = async () => [await files().countDocuments(), await chunks().countDocuments()];

/** Pieces of odd sizes, as a network gives them. */
function pieces(content: Buffer): Readable {
  const parts: Buffer[] = [];
  for (let at = 0, size = 1; at < content.length; at += size, size = (size * 7919) % 65_521 || 1)
    parts.push(content.subarray(at, at + size));
  return Readable.from(parts);
}

describe('storage', () => {
  it.each([0, 1, FRAME - 1, FRAME, FRAME + 1, 2 * FRAME, 5 * FRAME + 12_345])(
    'gives back %i bytes as they were',
    async (size) => {
      const content = randomBytes(size);
      const file = await storage.put(pieces(content), options);
      expect(file).toMatchObject({ bytes: size, sha256: createHash('sha256').update(content).digest('hex') });
      expect((await buffer(await storage.open(file.id))).equals(content)).toBe(true);
      expect(await storage.info(file.id)).toMatchObject({
        ...file,
        name: options.name,
        contentType: 'application/x',
        purpose: 'test',
      });
      await storage.remove(file.id);
      await storage.remove(file.id);
      await expect(storage.open(file.id)).rejects.toThrow(StorageMissingError);
      expect(await storage.info(file.id)).toBeNull();
      expect(await left()).toEqual([0, 0]);
    },
  );

  it('gives back any part, and reads no more of the file for it than the frames that hold it', async () => {
    const content = randomBytes(3 * FRAME + 12_345);
    const { id } = await storage.put(pieces(content), options);
    const edges = [0, 1, 100, FRAME - 1, FRAME, FRAME + 1, 2 * FRAME, 3 * FRAME, content.length - 1, content.length];
    const wrong: string[] = [];
    for (const start of edges)
      for (const end of edges.filter((one) => one >= start)) {
        const part = await buffer(await storage.open(id, { start, end }));
        if (!part.equals(content.subarray(start, end))) wrong.push(`${start}-${end}`);
      }
    expect(wrong).toEqual([]);
    for (const [start, end] of [
      [-1, 5],
      [5, 4],
      [0, content.length + 1],
    ] as const)
      await expect(storage.open(id, { start, end })).rejects.toThrow(RangeError);
    // Without the first chunk the last frame opens, and the first doesn't.
    await chunks().deleteOne({ files_id: idOf(id), n: 0 });
    expect(await buffer(await storage.open(id, { start: 3 * FRAME, end: content.length }))).toHaveLength(12_345);
    await expect(storage.open(id, { start: 0, end: 10 }).then(buffer)).rejects.toThrow(CipherError);
    await storage.remove(id);
  });

  it('takes a part for the last frame of nothing but its own file', async () => {
    const a = await storage.put(pieces(randomBytes(4 * FRAME)), options);
    const b = await storage.put(pieces(randomBytes(4 * FRAME)), options);
    const other = await chunks().findOne({ files_id: idOf(b.id), n: 1 });
    await chunks().updateOne({ files_id: idOf(a.id), n: 1 }, { $set: { data: other?.['data'] as mongo.Binary } });
    await expect(storage.open(a.id, { start: 2 * FRAME + 1, end: 3 * FRAME }).then(buffer)).rejects.toThrow(
      CipherError,
    );
    // A file that was made to look shorter: what is now its end was not sealed as one.
    await files().updateOne({ _id: idOf(b.id) }, [
      { $set: { length: { $divide: ['$length', 2] }, 'metadata.bytes': { $divide: ['$metadata.bytes', 2] } } },
    ]);
    await expect(storage.open(b.id, { start: FRAME, end: 2 * FRAME }).then(buffer)).rejects.toThrow(CipherError);
    await Promise.all([storage.remove(a.id), storage.remove(b.id)]);
  });

  it('reads no further ahead of a slow reader than some chunks, and lets go of the cursor when he leaves', async () => {
    const { id } = await storage.put(pieces(randomBytes(40 * FRAME)), { ...options, maxBytes: 1e9 });
    const content = await storage.open(id);
    const read = content[Symbol.asyncIterator]();
    await read.next();
    const cursors = () => openCursors(made.deps.mongo, 'storage.chunks');
    const [ahead] = await cursors();
    expect(ahead).toBeLessThanOrEqual(12);
    await read.return?.();
    await expect.poll(cursors, { timeout: 5_000 }).toEqual([]);
    await storage.remove(id);
  });

  it('stores under an id that was noted before, so that a successor can remove what was left', async () => {
    const id = storage.newId();
    const stalled = new Readable({ read() {} });
    stalled.push(randomBytes(5 * FRAME));
    const stop = new AbortController();
    const put = storage.put(stalled, { ...options, id, signal: stop.signal });
    // Four frames are sealed, the last waits for its end: two chunks and a part of one.
    await expect.poll(async () => (await left())[1], { timeout: 5_000 }).toBe(2);
    await storage.remove(id);
    expect(await left()).toEqual([0, 0]);
    stop.abort();
    await expect(put).rejects.toThrow(/abort/i);
    expect((await storage.put(pieces(randomBytes(10)), { ...options, id })).id).toBe(id);
    await storage.remove(id);
  });

  it('stores nothing readable', async () => {
    const content = Buffer.from('MARKED-13812345678 '.repeat(40_000));
    const { id } = await storage.put(pieces(content), options);
    for (const collection of [files(), chunks()]) {
      for await (const row of collection.find()) {
        const bytes = mongo.BSON.serialize(row);
        expect(Buffer.from(bytes).includes('MARKED')).toBe(false);
        expect(Buffer.from(bytes).includes('张三')).toBe(false);
      }
    }
    await storage.remove(id);
  });

  it('refuses too much, and leaves nothing', async () => {
    const endless = Readable.from(
      (function* () {
        for (;;) yield randomBytes(100_000);
      })(),
    );
    await expect(storage.put(endless, { ...options, maxBytes: 1_000_000 })).rejects.toThrow(StorageLimitError);
    expect(endless.destroyed).toBe(true);
    const exact = await storage.put(pieces(randomBytes(1_000)), { ...options, maxBytes: 1_000 });
    await storage.remove(exact.id);
    expect(await left()).toEqual([0, 0]);
  });

  it('leaves nothing when the sender goes, fails or is stopped', async () => {
    const dying = new Readable({
      read() {
        this.push(randomBytes(300_000));
        if (Math.random() < 0.2) this.destroy(new Error('sender'));
      },
    });
    await expect(storage.put(dying, options)).rejects.toThrow('sender');
    const gone = new Readable({ read() {} });
    gone.push(randomBytes(900_000));
    setTimeout(() => gone.destroy(), 50);
    await expect(storage.put(gone, options)).rejects.toThrow(/premature close/i);
    const stop = new AbortController();
    const idle = new Readable({ read() {} });
    idle.push(randomBytes(900_000));
    setTimeout(() => stop.abort(), 50);
    await expect(storage.put(idle, { ...options, signal: stop.signal })).rejects.toThrow(/abort/i);
    expect(await left()).toEqual([0, 0]);
  });

  it('fails to open what was changed, swapped, cut or taken from another file', async () => {
    const change = async (spoil: (id: mongo.ObjectId, other: mongo.ObjectId) => Promise<unknown>) => {
      const file = await storage.put(pieces(randomBytes(5 * FRAME)), options);
      const other = await storage.put(pieces(randomBytes(5 * FRAME)), options);
      await spoil(idOf(file.id), idOf(other.id));
      await expect(storage.open(file.id).then(buffer)).rejects.toThrow(CipherError);
      await Promise.all([storage.remove(file.id), storage.remove(other.id)]);
    };
    await change(async (id) => {
      const row = await chunks().findOne({ files_id: id, n: 1 });
      const bytes = Buffer.from((row as { data: mongo.Binary } | null)?.data.buffer ?? []);
      bytes.writeUInt8(bytes.readUInt8(1000) ^ 1, 1000);
      await chunks().updateOne({ _id: row?._id }, { $set: { data: new mongo.Binary(bytes) } });
    });
    await change(async (id, other) => {
      const row = await chunks().findOne({ files_id: other, n: 0 });
      await chunks().updateOne({ files_id: id, n: 0 }, { $set: { data: row?.['data'] as mongo.Binary } });
    });
    await change(async (id) => {
      // The whole last piece taken off, and the lengths made to fit.
      const last = await chunks().findOne({ files_id: id }, { sort: { n: -1 } });
      await chunks().deleteOne({ _id: last?._id });
      const rest = await chunks().find({ files_id: id }).toArray();
      const length = rest.reduce((sum, row) => sum + (row['data'] as mongo.Binary).length(), 0);
      await files().updateOne({ _id: id }, { $set: { length } });
    });
    expect(await left()).toEqual([0, 0]);
  });

  it('says so as CipherError when frames are missing at the end', async () => {
    const { openFrames, sealFrames } = await import('./frames.ts');
    const sealed = await buffer(pieces(randomBytes(2 * FRAME)).pipe(sealFrames(made.deps.cipher, 'x')));
    const first = 4 + sealed.readUInt32BE();
    for (const cut of [0, 2, first, first + 3, sealed.length - 1]) {
      await expect(
        buffer(Readable.from([sealed.subarray(0, cut)]).pipe(openFrames(made.deps.cipher, 'x'))),
        String(cut),
      ).rejects.toThrow(CipherError);
    }
  });

  it('writes a whole file or none', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dengji-storage-'));
    const content = randomBytes(3 * FRAME);
    const { id } = await storage.put(pieces(content), options);
    await storage.toFile(id, join(folder, 'a'));
    expect((await readFile(join(folder, 'a'))).equals(content)).toBe(true);
    expect((await stat(join(folder, 'a'))).mode & 0o077).toBe(0);
    await expect(storage.toFile(id, join(folder, 'a'))).rejects.toThrow(/EEXIST/);
    await chunks().deleteOne({ files_id: idOf(id), n: 1 });
    await expect(storage.toFile(id, join(folder, 'b'))).rejects.toThrow(CipherError);
    await expect(storage.toFile('not-an-id', join(folder, 'c'))).rejects.toThrow(StorageMissingError);
    expect(await readdir(folder)).toEqual(['a']);
    await storage.remove(id);
    await rm(folder, { recursive: true });
  });

  it('sweeps old pieces without a file, and only those', async () => {
    const old = mongo.ObjectId.createFromTime(Math.floor(Date.now() / 1000) - 3 * 86_400);
    const young = new mongo.ObjectId();
    const kept = mongo.ObjectId.createFromTime(Math.floor(Date.now() / 1000) - 4 * 86_400);
    await files().insertOne({ _id: kept });
    for (const files_id of [old, young, kept])
      await chunks().insertMany([0, 1].map((n) => ({ files_id, n, data: new mongo.Binary(Buffer.alloc(1)) })));
    expect(await storage.sweep()).toBe(2);
    expect(await chunks().countDocuments({ files_id: old })).toBe(0);
    expect(await chunks().countDocuments()).toBe(4);
    await Promise.all([chunks().deleteMany({}), files().deleteMany({})]);
  });
});
