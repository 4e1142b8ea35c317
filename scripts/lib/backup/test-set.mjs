/** For tests: a replica set with data in it, a folder for its backups, and the scripts as an operator runs them. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tellGuard } from '../children.mjs';
import { startMongo } from '../mongod.mjs';
import { root } from '../paths.mjs';
import { MongoClient } from './mongo.mjs';
import { backupKey } from './sealed.mjs';
import { goodOnes, listBackups } from './store.mjs';
import { findTool } from './tools.mjs';

/** Stored in clear, so that it would be found in a file that is not sealed. */
export const KNOWN = '欧阳备份的名字';
/** The tools are built first on a fresh machine, ms. */
export const SETUP_MS = 900_000;

/** Starts it. The tools are found or built, and the scripts find them too. */
export async function startTestSet() {
  const [mongodump, mongorestore] = [
    await findTool('mongodump', { build: true }),
    await findTool('mongorestore', { build: true }),
  ];
  const folder = mkdtempSync(join(tmpdir(), 'dengji-backup-test-'));
  tellGuard({ removeDir: folder });
  const mongo = await startMongo({ dataDir: join(folder, 'mongo'), log: join(folder, 'mongo.log'), durable: false });
  const client = await new MongoClient(mongo.url).connect();
  const db = client.db('dengji');
  await seed(db);
  const dir = join(folder, 'backups');
  const secret = randomBytes(32);
  const key = backupKey(secret);
  const BACKUP_KEY = secret.toString('base64');
  const env = { ...process.env, MONGO_URL: mongo.url, BACKUP_DIR: dir, BACKUP_KEY, NO_COLOR: '1' };
  return {
    ...{ folder, dir, key, env, client, db, mongodump, mongorestore, url: mongo.url },
    /** Runs a script to its end: its exit code and all its output. */
    run: (script, args = [], more = {}) =>
      new Promise((resolve) => {
        const options = { env: { ...env, ...more }, cwd: root, maxBuffer: 1 << 24 };
        execFile(process.execPath, [`scripts/${script}.mjs`, ...args], options, (error, stdout, stderr) =>
          resolve({ code: error ? error.code : 0, out: stdout + stderr }),
        );
      }),
    newest: (kind) => goodOnes(listBackups(dir, key), kind).at(-1),
    async close() {
      await client.close();
      await mongo.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits for a condition. */
export async function until(condition) {
  while (!(await condition())) await sleep(20);
}

async function seed(db) {
  const pad = () => randomBytes(300).toString('base64');
  const people = Array.from({ length: 4_000 }, (_, n) => ({ _id: n, name: `${KNOWN}${n}`, sealed: pad(), rev: 0 }));
  await db.collection('people').insertMany(people);
  await db.collection('people').createIndex({ name: 1 });
  await db.collection('people').createIndex({ rev: 1 }, { partialFilterExpression: { rev: { $gt: 0 } } });
  await db.collection('seats').insertMany(Array.from({ length: 20 }, (_, n) => ({ _id: n, left: 100 })));
  await db.collection('accounts').insertMany([
    { _id: 'a', sessionEpoch: 3 },
    { _id: 'b', sessionEpoch: 0 },
  ]);
  await db.collection('idempotency').insertMany([
    { _id: 'done', answer: 'x' },
    { _id: 'begun', fence: 1 },
  ]);
  await db.collection('idempotency').createIndex({ expiresAt: 1 }, { expireAfterSeconds: 0 });
  await db.collection('runs').createIndex({ 'work.state': 1, 'work.due': 1 });
  await db.collection('runs').insertMany([
    { _id: 1, work: { state: 'running', due: new Date(4e12), fence: 5, holder: 'h' } },
    { _id: 2, work: { state: 'done', due: new Date(0), fence: 2, holder: null } },
  ]);
}

/** Writes of all kinds until it is stopped: whatever moment is taken, 20 seats have 2,000 places together. */
export function keepWriting({ client, db }) {
  let over = false;
  let count = 0;
  const people = db.collection('people');
  const one = async (n) => {
    count += 1;
    await people.insertOne({ name: `new ${n}`, rev: n });
    await people.updateOne({ _id: n % 4_000 }, { $unset: { lease: 1 }, $inc: { rev: 1 } });
    await people.updateOne({ _id: n % 4_000 }, { $set: { lease: { until: n, fence: n }, [`k${n % 3}`]: n } });
    await people.deleteOne({ _id: 3_999 - n });
    await client.withSession((session) =>
      session.withTransaction(async () => {
        await db.collection('seats').updateOne({ _id: n % 20 }, { $inc: { left: -1 } }, { session });
        await db.collection('seats').updateOne({ _id: (n * 7 + 1) % 20 }, { $inc: { left: 1 } }, { session });
      }),
    );
  };
  const ended = (async () => {
    for (let n = 0; !over; n += 1) await one(n);
  })();
  return {
    count: () => count,
    async stop() {
      over = true;
      await ended;
    },
  };
}
