/** Brings a backup back into a replica set, and makes ready what came back. */
import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Fault } from '../fault.mjs';
import { appendOplog } from './archive.mjs';
import { splitDocuments, timestampIn } from './bson.mjs';
import { compareTimes, wholeSetUrl } from './mongo.mjs';
import { open } from './sealed.mjs';
import { runTool } from './tool-run.mjs';

/** More than any fence given out after the backup was taken: a worker that outlived the restore is shut out. */
const FENCE_JUMP = 1_000_000;

/**
 * Reads every byte of the plan's files and says whether they are what was written, before anything is touched.
 * @param {import('./plan.mjs').Plan} plan
 * @param {import('./sealed.mjs').BackupKey} key
 * @throws Fault that names the file and what is wrong with it
 */
export async function verifyFiles({ dump, slices }, key) {
  for (const { name, path, manifest } of [dump, ...slices]) {
    const hash = createHash('sha256');
    for await (const _frame of open(path, key, (bytes) => hash.update(bytes)));
    if (hash.digest('hex') !== manifest.sha256) throw new Fault(`${name} is not the file that its manifest tells of.`);
  }
}

/**
 * Restores the dump, and the changes after it up to the plan's moment, in one run: its oplog and the slices become
 * one oplog, so that a transaction that was under way when the dump ended is not torn apart.
 * @param {object} options
 * @param {import('./plan.mjs').Plan} options.plan
 * @param {import('./sealed.mjs').BackupKey} options.key
 * @param {string} options.tool path of mongorestore
 * @param {string} options.url of the replica set, which has none of the collections
 * @param {string[]} [options.args] more for mongorestore
 * @param {AbortSignal} [options.signal]
 */
export async function restore({ plan, key, tool, url, args = [], signal }) {
  const everything = ['--archive', '--oplogReplay', '--stopOnError', ...args];
  await runTool(
    tool,
    everything,
    wholeSetUrl(url),
    ({ stdin }) =>
      pipeline(
        open(plan.dump.path, key),
        createGunzip(),
        (archive) => appendOplog(archive, entriesAfter(plan, key)),
        stdin,
      ),
    signal,
  );
}

/** The changes after the dump, as one stream of oplog entries. */
async function* entriesAfter({ dump, slices, before }, key) {
  let last = dump.manifest.to;
  for (const { path } of slices) {
    const clear = createGunzip();
    const fed = pipeline(open(path, key), clear);
    try {
      for await (const entry of splitDocuments(clear)) {
        const time = timestampIn(entry, 'ts');
        if (compareTimes(time, last) <= 0) continue;
        if (before && compareTimes(time, before) >= 0) return;
        last = time;
        yield entry;
      }
    } finally {
      clear.destroy();
      await fed.catch(() => undefined);
    }
  }
}

/**
 * What must not go on as it was at the moment of the backup: log-ins, leases of workers, claims of requests. Answers
 * that were given under an idempotency key stay, as the records that they speak of do.
 * @param {import('mongodb').Db} db
 * @param {Date} now
 * @returns {Promise<{ loggedOut: number, leases: number, claims: number }>} how many of each
 */
export async function settle(db, now) {
  const accounts = await db.collection('accounts').updateMany({}, { $inc: { sessionEpoch: 1 } });
  const claims = await db.collection('idempotency').deleteMany({ answer: { $exists: false } });
  let leases = 0;
  for (const { name } of await db.listCollections({ type: 'collection' }, { nameOnly: true }).toArray()) {
    const indexes = await db.collection(name).indexes();
    if (!indexes.some(({ key }) => Object.keys(key)[0] === 'work.state')) continue;
    await db.collection(name).updateMany({ 'work.state': { $exists: true } }, { $inc: { 'work.fence': FENCE_JUMP } });
    const taken = { $set: { 'work.state': 'waiting', 'work.due': now, 'work.holder': null } };
    leases += (await db.collection(name).updateMany({ 'work.state': 'running' }, taken)).modifiedCount;
  }
  return { loggedOut: accounts.modifiedCount, leases, claims: claims.deletedCount };
}
