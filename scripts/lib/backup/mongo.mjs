/** What the backup asks of a replica set, and the times it counts in. */
import { createRequire } from 'node:module';
import { Fault } from '../fault.mjs';
import { driver } from '../mongo-set.mjs';

export const { BSON, MongoClient, Timestamp } = driver();
const require = createRequire(createRequire(createRequire(import.meta.url).resolve('mongoose')).resolve('mongodb'));
const { default: ConnectionString } = require('mongodb-connection-string-url');

/**
 * Runs `work` with a client of a replica set.
 * @template T
 * @param {string} url
 * @param {(client: import('mongodb').MongoClient) => Promise<T>} work
 * @returns {Promise<T>}
 * @throws Fault when nobody answers within 10 s, or it is no replica set
 */
export async function withSet(url, work) {
  let client;
  try {
    client = new MongoClient(url, { appName: 'dengji-backup', serverSelectionTimeoutMS: 10_000 });
    await client.connect();
  } catch (error) {
    await client?.close();
    throw new Fault(`MongoDB does not answer: ${error.message}.`, { cause: error });
  }
  try {
    const { setName } = await client.db('admin').command({ hello: 1 });
    if (!setName) throw new Fault('MongoDB is no replica set there: a backup needs its oplog.');
    return await work(client);
  } finally {
    await client.close();
  }
}

/** The database that a URL names. @throws Fault when it names none, or is no URL */
export function databaseOf(url) {
  const name = parse(url).pathname.slice(1);
  if (!name) throw new Fault('MONGO_URL names no database.');
  return decodeURIComponent(name);
}

/** The URL for mongodump and mongorestore, which take a database in it as the only one. */
export function wholeSetUrl(url) {
  const whole = parse(url);
  const database = whole.pathname.slice(1);
  if (database && whole.username && !whole.searchParams.has('authSource'))
    whole.searchParams.set('authSource', decodeURIComponent(database));
  whole.pathname = '/';
  return whole.href;
}

function parse(url) {
  try {
    return new ConnectionString(url);
  } catch (error) {
    throw new Fault(`The URL of MongoDB can't be read: ${error.message}.`, { cause: error });
  }
}

/** A cluster time as JSON keeps it: seconds since 1970 and a number within that second. */
export const timeToJson = ({ t, i }) => ({ t, i });
export const timeFromJson = ({ t, i }) => new Timestamp({ t, i });
/** Below zero when `a` is earlier than `b`. */
export const compareTimes = (a, b) => a.t - b.t || a.i - b.i;
/** The second of a cluster time, as ISO 8601. */
export const dayTime = ({ t }) => new Date(t * 1000).toISOString().replace('.000', '');
