/** What is in the collections at one moment: how many documents, a hash of them, which indexes. */
import { createHash, createHmac } from 'node:crypto';
import { Fault } from '../fault.mjs';
import { createContentHash } from './canonical.mjs';
import { BSON } from './mongo.mjs';
import { derive } from './sealed.mjs';

/** What the server says when a state is no longer kept, when a collection was changed since, when it is gone. */
const SNAPSHOT_TOO_OLD = 239;
const SNAPSHOT_UNAVAILABLE = 246;
const NAMESPACE_NOT_FOUND = 26;

/**
 * @typedef {object} CollectionContent
 * @property {string} name database and collection
 * @property {number} documents
 * @property {string} hash of all documents, under a key made of the backup key: who has no key can't guess what is in it
 * @property {Record<string, string>} indexes name → hash of what it is
 * @property {boolean} expires MongoDB removes documents by itself (a TTL index)
 */

/**
 * Reads every document of the collections.
 * @param {import('mongodb').MongoClient} client
 * @param {string[]} names
 * @param {object} options
 * @param {import('./sealed.mjs').BackupKey} options.key
 * @param {import('mongodb').Timestamp} [options.at] the state at this time, whatever was written since; now when left out
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<CollectionContent[]>}
 * @throws Fault when the state at that time can't be read any more
 */
export async function readContent(client, names, { key, at, signal }) {
  const secret = derive(key.bytes, 'content');
  const contents = [];
  const left = names.entries();
  const readSome = async () => {
    for (const [place, name] of left) contents[place] = await readOne(client, name, { secret, at, signal });
  };
  try {
    // While one is hashed here, the server reads the other.
    await Promise.all([readSome(), readSome()]);
  } catch (error) {
    throw at ? await explained(error, client) : error;
  }
  return contents;
}

async function readOne(client, name, { secret, at, signal }) {
  const dot = name.indexOf('.');
  const db = client.db(name.slice(0, dot));
  const collection = name.slice(dot + 1);
  const content = await hashAll(db, collection, at, signal);
  const indexes = await db.collection(collection).indexes();
  return {
    name,
    documents: content.documents,
    hash: createHmac('sha256', secret).update(`${name} ${content.documents} ${content.sum()}`).digest('hex'),
    indexes: describe(indexes),
    expires: indexes.some(({ expireAfterSeconds }) => expireAfterSeconds !== undefined),
  };
}

/** Collections that hold data, of all databases but the server's own. Sorted. */
export async function listCollections(client) {
  const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true });
  const names = [];
  for (const { name } of databases.filter((one) => !['admin', 'config', 'local'].includes(one.name))) {
    const collections = await client.db(name).listCollections({ type: 'collection' }, { nameOnly: true }).toArray();
    names.push(...collections.filter((one) => !one.name.startsWith('system.')).map((one) => `${name}.${one.name}`));
  }
  return names.toSorted();
}

/**
 * What differs, one sentence each.
 * @param {CollectionContent[]} expected
 * @param {CollectionContent[]} found
 * @param {{ live?: boolean }} [options] live: documents whose time is over may be gone already
 * @returns {string[]}
 */
export function compareContents(expected, found, { live = false } = {}) {
  const there = new Map(found.map((one) => [one.name, one]));
  const known = new Set(expected.map(({ name }) => name));
  const unknown = found.filter(({ name }) => !known.has(name)).map(({ name }) => `${name} should not be there`);
  return [...expected.flatMap((one) => compareOne(one, there.get(one.name), live)), ...unknown];
}

function compareOne(expected, found, live) {
  const { name, documents } = expected;
  if (!found) return [`${name} is missing`];
  const names = new Set([...Object.keys(expected.indexes), ...Object.keys(found.indexes)]);
  const differences = [...names]
    .filter((index) => expected.indexes[index] !== found.indexes[index])
    .map((index) => `${name}: index ${index} differs`);
  if (live && expected.expires && found.documents < documents) return differences;
  if (found.documents !== documents)
    return [`${name} has ${found.documents} documents instead of ${documents}`, ...differences];
  return found.hash === expected.hash ? differences : [`${name} has other documents`, ...differences];
}

async function hashAll(db, collection, at, signal) {
  const content = createContentHash();
  const readConcern = at ? { level: 'snapshot', atClusterTime: at } : { level: 'local' };
  const command = { find: collection, batchSize: 2_000, readConcern, noCursorTimeout: true };
  for await (const document of db.runCursorCommand(command, { raw: true, signal })) content.add(document);
  return content;
}

function describe(indexes) {
  const hashes = indexes.map(({ v: _v, ns: _ns, ...index }) => {
    const text = BSON.EJSON.stringify(sorted(index), { relaxed: false });
    return [index.name, createHash('sha256').update(text).digest('hex').slice(0, 16)];
  });
  return Object.fromEntries(hashes.toSorted());
}

/** The order of an index's options means nothing, that of its fields does. */
const sorted = (index) => Object.fromEntries(Object.entries(index).toSorted(([a], [b]) => (a < b ? -1 : 1)));

async function explained(error, client) {
  if (error.code === SNAPSHOT_TOO_OLD) {
    const name = 'minSnapshotHistoryWindowInSeconds';
    const answer = await client.db('admin').command({ getParameter: 1, [name]: 1 });
    return new Fault(
      `The backup took longer than MongoDB keeps old states (${answer[name]} s): raise its parameter ${name} on every member.`,
      { cause: error },
    );
  }
  if (error.code === SNAPSHOT_UNAVAILABLE || error.code === NAMESPACE_NOT_FOUND)
    return new Fault('Collections or indexes were made or dropped while the backup ran: run it again.', {
      cause: error,
    });
  return error;
}
