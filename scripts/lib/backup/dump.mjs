/** Takes a dump: everything in the replica set as it was at one moment. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import { Fault } from '../fault.mjs';
import { watchArchive } from './archive.mjs';
import { listCollections, readContent } from './content.mjs';
import { timeToJson, wholeSetUrl } from './mongo.mjs';
import { seal } from './sealed.mjs';
import { commit, nameOf, writePartial } from './store.mjs';
import { runTool } from './tool-run.mjs';

/** Most of what is stored is sealed and hardly gets smaller: harder work than this costs time and saves nothing. */
const GZIP_LEVEL = 1;

/** So often is a dump begun in all when collections are made just then. */
const TRIES = 3;

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
  const { dir, key, release } = settings;
  const started = new Date();
  const name = nameOf('dump', started);
  const path = join(dir, name);
  const { file, seen } = await dumpAll({ client, settings, tool, path, say, signal });
  const { collections: names, unmade: _none, at, ...source } = seen;
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

/**
 * Writes the file. mongodump lists the collections first and begins with the oplog after that: one that is made in between is in
 * neither, and a dump without it can't be restored, or not to what it says. So it is looked for, and the dump begun again.
 * @throws Fault when that happens each time
 */
async function dumpAll({ client, settings, tool, path, say, signal }) {
  for (let tried = 1; ; tried += 1) {
    const archive = watchArchive();
    say('reading');
    const file = await runTool(
      tool,
      ['--oplog', '--archive'],
      wholeSetUrl(settings.mongoUrl),
      ({ stdout }) =>
        writePartial(path, stdout, archive.pass, createGzip({ level: GZIP_LEVEL }), (source) =>
          seal(source, settings.key),
        ),
      signal,
    );
    const seen = archive.result();
    // What was made after the dump's last moment is taken for missing too: that costs one more dump, and is rare.
    const there = await listCollections(client);
    const missing = [...seen.unmade, ...there.filter((one) => !seen.collections.includes(one))];
    if (missing.length === 0) return { file, seen };
    await rm(`${path}.partial`);
    const what = `${missing.join(', ')}: made while the dump began`;
    if (tried === TRIES) throw new Fault(`${what}, ${TRIES} times. Run it again when no collections are made.`);
    say(`${what}; once more`);
  }
}
