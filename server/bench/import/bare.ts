/**
 * The side that an import is held against: native bulkWrite upserts of the documents that it left, into collections with the
 * same indexes, 1,000 at once, unordered, acknowledged by a majority. Only the upserts are measured, not the reading of the documents.
 * Environment: MONGO_URL, MONGOD_PID. Argument: `id`, upserts by `_id`; `key`, by what an upserting import would know them
 * by. Prints `{"cpu":seconds,"documents":n}`.
 */
import { Mongoose } from 'mongoose';
import { cpuOf } from './processes.ts';

type Doc = Record<string, unknown>;

const BATCH = 1_000;
/** Documents held in memory at once. */
const PART = 20_000;
const KEYS: Record<string, readonly string[]> = {
  people: ['documentIndex', 'deletedAt'],
  submissions: ['formKey', 'dedupeKey'],
};

const mode = process.argv[2] as 'id' | 'key';
const connection = await new Mongoose().createConnection(process.env.MONGO_URL!).asPromise();
const bare = connection.useDb('bare');
const pids = [process.pid, Number(process.env.MONGOD_PID)];

/** The upsert of a document by some of its fields. */
function upsertOf(doc: Doc, by: readonly string[]): object {
  const filter: Doc = {};
  const rest: Doc = {};
  for (const [name, value] of Object.entries(doc)) (by.includes(name) ? filter : rest)[name] = value;
  return { updateOne: { filter, update: { $set: rest }, upsert: true } };
}

let cpu = 0;
let documents = 0;
for (const [name, keys] of Object.entries(KEYS)) {
  const target = bare.collection(name);
  for (const { key, v: _v, name: _name, ...options } of await connection.collection(name).indexes())
    if (!('_id' in key && Object.keys(key).length === 1)) await target.createIndex(key, options as never);

  const write = async (part: Doc[]) => {
    const before = cpuOf(pids);
    for (let at = 0; at < part.length; at += BATCH) {
      const operations = part.slice(at, at + BATCH).map((doc) => upsertOf(doc, mode === 'id' ? ['_id'] : keys));
      await target.bulkWrite(operations as never[], { ordered: false, writeConcern: { w: 'majority' } });
    }
    cpu += cpuOf(pids) - before;
    documents += part.length;
  };
  let part: Doc[] = [];
  for await (const doc of connection.collection(name).find()) {
    part.push(doc as Doc);
    if (part.length < PART) continue;
    await write(part);
    part = [];
  }
  await write(part);
}
await bare.dropDatabase();
await connection.close();
console.log(JSON.stringify({ cpu, documents }));
