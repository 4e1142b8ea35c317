import type { mongo } from 'mongoose';
import type { ByteRange } from './types.ts';

/** Chunks that one answer of the database brings; the driver's own stream would take 16 MB of them ahead of a slow reader. */
const AT_ONCE = 4;

interface Chunk {
  n: number;
  data: mongo.Binary;
}

/** Stored bytes of a GridFS file. Missing chunks are not noticed here: the frames inside are. The cursor ends with the reader. */
export async function* readChunks(
  db: mongo.Db,
  bucket: string,
  { _id, chunkSize }: Pick<mongo.GridFSFile, '_id' | 'chunkSize'>,
  { start, end }: ByteRange,
): AsyncGenerator<Buffer> {
  const n = { $gte: Math.floor(start / chunkSize), $lt: Math.ceil(end / chunkSize) };
  const cursor = db
    .collection<Chunk>(`${bucket}.chunks`)
    .find({ files_id: _id, n } as mongo.Filter<Chunk>, { sort: { n: 1 }, batchSize: AT_ONCE });
  try {
    for await (const chunk of cursor) {
      const bytes = chunk.data.buffer.subarray(0, chunk.data.position);
      const at = chunk.n * chunkSize;
      const piece = bytes.subarray(Math.max(0, start - at), Math.max(0, end - at));
      if (piece.length > 0) yield Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    }
  } finally {
    await cursor.close();
  }
}
