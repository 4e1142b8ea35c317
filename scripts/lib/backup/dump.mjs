/** Takes a dump: everything in the replica set as it was at one moment. */
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import { watchArchive } from './archive.mjs';
import { readContent } from './content.mjs';
import { timeToJson, wholeSetUrl } from './mongo.mjs';
import { seal } from './sealed.mjs';
import { commit, nameOf, writePartial } from './store.mjs';
import { runTool } from './tool-run.mjs';

/** Most of what is stored is sealed and hardly gets smaller: harder work than this costs time and saves nothing. */
const GZIP_LEVEL = 1;

/**
 * mongodump reads the collections one after the other while they change, and the oplog of that time; replaying it makes
 * the state of its last entry. That moment's counts and hashes are then read from the database itself, through a snapshot of
 * exactly that time: so the manifest says what a restore must come to, and not what somebody hoped had been dumped.
 * @param {object} options
 * @param {import('mongodb').MongoClient} options.client
 * @param {ReturnType<typeof import('./settings.mjs').readSettings>} options.settings
 * @param {string} options.tool path of mongodump
 * @param {(text: string) => void} options.say
 * @param {AbortSignal} options.signal
 * @returns {Promise<import('./store.mjs').Manifest>}
 */
export async function takeDump({ client, settings, tool, say, signal }) {
  const { dir, key, release, mongoUrl } = settings;
  const started = new Date();
  const name = nameOf('dump', started);
  const path = join(dir, name);
  const archive = watchArchive();
  say('reading');
  const file = await runTool(
    tool,
    ['--oplog', '--archive'],
    wholeSetUrl(mongoUrl),
    ({ stdout }) =>
      writePartial(path, stdout, archive.pass, createGzip({ level: GZIP_LEVEL }), (source) => seal(source, key)),
    signal,
  );
  const { collections: names, at, ...source } = archive.result();
  say('counting');
  const collections = await readContent(client, names, { key, at, signal });
  return await commit(
    path,
    {
      name,
      kind: 'dump',
      release,
      startedAt: started.toISOString(),
      endedAt: new Date().toISOString(),
      keyId: key.id,
      ...file,
      documents: collections.reduce((sum, { documents }) => sum + documents, 0),
      to: timeToJson(at),
      source,
      collections,
    },
    key,
  );
}
