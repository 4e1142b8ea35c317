/** Takes an oplog slice: every change since the slice before, so that a restore can come to any moment in between. */
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import { Fault } from '../fault.mjs';
import { timestampIn } from './bson.mjs';
import { compareTimes, timeFromJson, timeToJson } from './mongo.mjs';
import { seal } from './sealed.mjs';
import { commit, goodOnes, listBackups, nameOf, writePartial } from './store.mjs';

/** There is nothing yet that slices could lead on from. */
export class NoDump extends Fault {}

/**
 * @param {object} options
 * @param {import('mongodb').MongoClient} options.client
 * @param {ReturnType<typeof import('./settings.mjs').readSettings>} options.settings
 * @param {(text: string) => void} options.say told when slices are missing
 * @param {AbortSignal} options.signal
 * @returns {Promise<import('./store.mjs').Manifest>}
 * @throws NoDump; Fault when the oplog no longer reaches back to any dump or slice
 */
export async function takeSlice({ client, settings, say, signal }) {
  const { dir, key, release } = settings;
  const oplog = client.db('local').collection('oplog.rs', { readConcern: { level: 'majority' } });
  const from = await continueFrom(oplog, listBackups(dir, key), say);
  const started = new Date();
  const name = nameOf('oplog', started);
  const path = join(dir, name);
  // What was acknowledged before this is in the oplog that is read now.
  const { localTime } = await client.db('admin').command({ hello: 1 });
  let to = from;
  let documents = 0;
  const follow = async function* () {
    for await (const entry of oplog.find({ ts: { $gte: from } }, { raw: true, signal })) {
      const time = timestampIn(entry, 'ts');
      if (compareTimes(time, from) === 0) continue;
      to = time;
      documents += 1;
      yield entry;
    }
  };
  const file = await writePartial(path, follow, createGzip({ level: 1 }), (source) => seal(source, key));
  // It may have been removed while we read: then the entries after it may be missing too.
  if (!(await isThere(oplog, from))) throw new Fault('The oplog was overwritten while it was read: take a dump.');
  return await commit(
    path,
    {
      name,
      kind: 'oplog',
      release,
      startedAt: started.toISOString(),
      endedAt: new Date().toISOString(),
      keyId: key.id,
      ...file,
      documents,
      from: timeToJson(from),
      to: timeToJson(to),
      through: localTime.toISOString(),
    },
    key,
  );
}

/**
 * The entry to go on from: the end of the newest slice, or else of the newest dump. It must still be in the oplog: that
 * proves that nothing is missing behind it.
 */
async function continueFrom(oplog, backups, say) {
  const [dump] = goodOnes(backups, 'dump').slice(-1);
  if (!dump) throw new NoDump('There is no dump yet under this BACKUP_KEY: slices lead on from one, so take it first.');
  const [slice] = goodOnes(backups, 'oplog').slice(-1);
  for (const one of [slice, dump].filter(Boolean)) {
    const time = timeFromJson(one.manifest.to);
    if (await isThere(oplog, time)) return time;
    say(`the oplog no longer reaches back to ${one.name}`);
  }
  throw new Fault('The oplog no longer reaches back to the newest dump: take a dump, and give the oplog more room.');
}

const isThere = async (oplog, time) => (await oplog.countDocuments({ ts: time }, { limit: 1 })) === 1;
