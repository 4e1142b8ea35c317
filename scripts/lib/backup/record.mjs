/**
 * The collection `backups`: what the server's alarm, metrics and system page know of the last runs. One document a run:
 * `{ _id: name, kind: 'dump' | 'oplog', state: 'good' | 'failed', startedAt, endedAt, bytes, documents, file, sha256, error }`
 * (bytes, documents, file and sha256 are null when it failed, error is null when it did not).
 */
import { databaseOf } from './mongo.mjs';

const KEEP_FAILED_MS = 30 * 86_400_000;

/** @param {import('mongodb').MongoClient} client @param {string} url @param {import('./store.mjs').Manifest} manifest */
export async function recordGood(client, url, manifest) {
  const { name, kind, startedAt, endedAt, bytes, documents, sha256 } = manifest;
  const outcome = { state: 'good', bytes, documents, file: name, sha256, error: null };
  await store(client, url, { _id: name, kind, startedAt: new Date(startedAt), endedAt: new Date(endedAt), ...outcome });
}

/** @param {{ name: string, kind: 'dump' | 'oplog', startedAt: Date, error: Error }} run */
export async function recordFailed(client, url, { name, kind, startedAt, error }) {
  const nothing = { bytes: null, documents: null, file: null, sha256: null };
  await store(client, url, {
    _id: name,
    kind,
    startedAt,
    endedAt: new Date(),
    state: 'failed',
    ...nothing,
    error: error.message.slice(0, 500),
  });
}

/** Forgets the runs whose files rotation has removed, and failures that are long past. */
export async function forget(client, url, names) {
  const past = new Date(Date.now() - KEEP_FAILED_MS);
  await collection(client, url).deleteMany({
    $or: [{ _id: { $in: names } }, { state: 'failed', endedAt: { $lt: past } }],
  });
}

const store = (client, url, run) => collection(client, url).replaceOne({ _id: run._id }, run, { upsert: true });

const collection = (client, url) =>
  client.db(databaseOf(url)).collection('backups', { writeConcern: { w: 'majority', wtimeoutMS: 10_000 } });
