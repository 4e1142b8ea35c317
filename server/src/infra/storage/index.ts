import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { mongo, type Connection } from 'mongoose';
import type { Cipher } from '../crypto/index.ts';
import type { Log } from '../logger/index.ts';
import { readChunks } from './chunks.ts';
import { FRAME, openFrames, sealFrames, storedFrame } from './frames.ts';
import { cutTo } from './range.ts';
import { sweepChunks } from './sweep.ts';
import { StorageLimitError, StorageMissingError, type Storage } from './types.ts';

export {
  StorageLimitError,
  StorageMissingError,
  type ByteRange,
  type FileInfo,
  type PutOptions,
  type Storage,
  type StoredFile,
} from './types.ts';

const BUCKET = 'storage';
/** A frame and its overhead fit one GridFS chunk often enough; the two sizes need not agree. */
const CHUNK = 512 * 1024;

interface Metadata {
  name: string;
  contentType: string;
  purpose: string;
  bytes: number;
  sha256: string;
}

export function createStorage(connection: Connection, { cipher, log }: { cipher: Cipher; log: Log }): Storage {
  const db = connection.getClient().db(connection.name);
  const bucket = new mongo.GridFSBucket(db, { bucketName: BUCKET, chunkSizeBytes: CHUNK });

  const find = async (id: string) => {
    if (!/^[0-9a-f]{24}$/.test(id)) return null;
    return bucket
      .find({ _id: new mongo.ObjectId(id) })
      .limit(1)
      .next();
  };

  const storage: Storage = {
    newId: () => new mongo.ObjectId().toHexString(),

    async put(stream, { id = storage.newId(), name, contentType, maxBytes, purpose, signal }) {
      const objectId = new mongo.ObjectId(id);
      const hash = createHash('sha256');
      let bytes = 0;
      const count = new Transform({
        transform(piece: Buffer, _encoding, done) {
          bytes += piece.length;
          if (bytes > maxBytes) return done(new StorageLimitError(maxBytes));
          hash.update(piece);
          done(null, piece);
        },
      });
      const metadata: Metadata = {
        name: cipher.seal(name, `file-name:${id}`),
        contentType,
        purpose,
        bytes: 0,
        sha256: '',
      };
      const seal = sealFrames(cipher, id);
      // The file document is written at the very end, from this object: by then the sums are known.
      seal.once('end', () => Object.assign(metadata, { bytes, sha256: hash.digest('hex') }));
      const upload = bucket.openUploadStreamWithId(objectId, purpose, { metadata });
      try {
        await pipeline(stream, count, seal, upload, { ...(signal ? { signal } : {}) });
      } catch (error) {
        await storage.remove(id).catch((err: unknown) => log.warn('mongo.error', { err }));
        throw error;
      }
      log.info('storage.stored', { id, bytes, purpose });
      return { id, bytes, sha256: metadata.sha256 };
    },

    async open(id, range) {
      const file = await find(id);
      if (!file) throw new StorageMissingError();
      const { bytes } = file.metadata as unknown as Metadata;
      const { start, end } = range ?? { start: 0, end: bytes };
      if (start < 0 || end > bytes || start > end) throw new RangeError(`bytes ${start} to ${end} of ${bytes}`);
      const stored = storedFrame(file.length, bytes);
      const first = Math.min(Math.floor(start / FRAME), Math.max(0, Math.ceil(bytes / FRAME) - 1));
      const after = Math.max(first + 1, Math.ceil(end / FRAME));
      const toEnd = after * FRAME >= bytes;
      const sealed = readChunks(db, BUCKET, file, {
        start: first * stored,
        end: toEnd ? file.length : after * stored,
      });
      const cut = cutTo({ start: start - first * FRAME, end: end - first * FRAME });
      // A fault on the way destroys the last stream with it, and who gives that one up ends the first.
      pipeline(Readable.from(sealed), openFrames(cipher, id, { first, toEnd }), cut).catch(() => undefined);
      return cut;
    },

    async toFile(id, path) {
      const content: Readable = await storage.open(id);
      try {
        await pipeline(content, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
      } catch (error) {
        if ((error as { code?: unknown }).code !== 'EEXIST') await rm(path, { force: true });
        throw error;
      }
    },

    async info(id) {
      const file = await find(id);
      if (!file) return null;
      const { name, contentType, purpose, bytes, sha256 } = file.metadata as unknown as Metadata;
      return {
        id,
        bytes,
        sha256,
        name: cipher.open(name, `file-name:${id}`),
        contentType,
        purpose,
        storedAt: file.uploadDate,
      };
    },

    async remove(id) {
      if (!/^[0-9a-f]{24}$/.test(id)) return;
      const objectId = new mongo.ObjectId(id);
      // The document first: what is half removed must not look like a file.
      const { deletedCount } = await db.collection(`${BUCKET}.files`).deleteOne({ _id: objectId });
      await db.collection(`${BUCKET}.chunks`).deleteMany({ files_id: objectId });
      if (deletedCount > 0) log.info('storage.removed', { id });
    },

    async sweep(now) {
      const removed = await sweepChunks(db, BUCKET, now);
      if (removed > 0) log.info('storage.swept', { chunks: removed });
      return removed;
    },
  };
  return storage;
}
