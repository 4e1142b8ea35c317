import { mongo } from 'mongoose';

/** Uploads end within minutes; a piece without a file this long after belongs to a process that died. */
const AGE_MS = 24 * 3_600_000;

/** Deletes chunks that are old and belong to no file. An upload's id is made when it begins, so its time tells its age. */
export async function sweepChunks(db: mongo.Db, bucket: string, now = new Date()): Promise<number> {
  const chunks = db.collection(`${bucket}.chunks`);
  const before = mongo.ObjectId.createFromTime(Math.floor((now.getTime() - AGE_MS) / 1000));
  const orphans = chunks.aggregate<{ _id: mongo.ObjectId }>([
    // The index on (files_id, n): the first chunk of each old file, n = 0 (an upload writes it first).
    { $match: { files_id: { $lt: before }, n: 0 } },
    { $lookup: { from: `${bucket}.files`, localField: 'files_id', foreignField: '_id', as: 'file' } },
    { $match: { file: [] } },
    { $project: { _id: '$files_id' } },
  ]);
  let removed = 0;
  for await (const { _id } of orphans) removed += (await chunks.deleteMany({ files_id: _id })).deletedCount;
  return removed;
}
