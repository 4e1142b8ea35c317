import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { PassThrough, Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { mongo, type Connection } from 'mongoose';
import type { Cipher } from '../crypto/index.ts';
import type { Log } from '../logger/index.ts';
import { openFrames, sealFrames } from './frames.ts';
import { sweepChunks } from './sweep.ts';
import { StorageLimitError, StorageMissingError, type Storage } from './types.ts';

export {
  StorageLimitError,
  StorageMissingError,
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
    async put(stream, { name, contentType, maxBytes, purpose, signal }) {
      const objectId = new mongo.ObjectId();
      const id = objectId.toHexString();
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

    async open(id) {
      if (!(await find(id))) throw new StorageMissingError();
      const out = new PassThrough();
      pipeline(bucket.openDownloadStream(new mongo.ObjectId(id)), openFrames(cipher, id), out).catch(
        (error: unknown) => {
          out.destroy(error as Error);
        },
      );
      return out;
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

    async sweep() {
      const removed = await sweepChunks(db, BUCKET);
      if (removed > 0) log.info('storage.swept', { chunks: removed });
      return removed;
    },
  };
  return storage;
}
