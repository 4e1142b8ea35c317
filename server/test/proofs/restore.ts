/**
 * `npm run proof -- restore [--small]`: a million documents are dumped while they are written to, and come back with the
 * counts, hashes and indexes of exactly that moment; from the dump before, the oplog slices lead to the same state. The last
 * line is one JSON object. Seconds are those of the machine that runs everything at once: source, writers, tools and drill.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import mongoose from 'mongoose';
import { removeLater, startMongo } from '../../../scripts/lib/databases.mjs';
import { readProofOptions } from '../../../scripts/lib/proof.mjs';
import { migrations } from '../../migrations/index.ts';

const { small } = readProofOptions('restore');
const DOCUMENTS = small ? 10_000 : 1_000_000;
const PEOPLE = DOCUMENTS / 2;
/** Writes a second while a dump runs, at most. */
const WRITES = 500;
/** How long a restore may take, s. */
const RESTORE_SECONDS = 120;

interface Drill {
  ok: boolean;
  slices: number;
  documents: number;
  differences: string[];
  seconds: { verify: number; restore: number; compare: number };
}

const folder = await mkdtemp(join(tmpdir(), 'dengji-restore-'));
removeLater(folder);
const source = await startMongo({
  dataDir: join(folder, 'mongo'),
  log: join(folder, 'mongo.log'),
  durable: false,
  cacheGB: 1,
});
const connection = await mongoose.createConnection(source.url).asPromise();
const people = connection.collection<{ _id: number }>('people');
const submissions = connection.collection<{ _id: number }>('submissions');

/** What is sealed looks random, and does not get smaller by packing. */
const sealed = (bytes: number) => randomBytes(bytes).toString('base64');
const scope = (n: number) => ({ regionPath: ['33', '3301', `33010${n % 9}`], orgPath: [], createdBy: 'proof' });
const person = (n: number) => ({
  _id: n,
  name: `居民${n}`,
  phoneIndex: sealed(32),
  phone: sealed(48),
  documentIndex: sealed(32),
  document: sealed(60),
  scope: scope(n),
  deletedAt: null,
  createdAt: new Date(1_700_000_000_000 + n),
});
const submission = (n: number) => ({
  _id: n,
  formKey: 'health',
  receiptNumber: `R${n}`,
  dedupeKey: sealed(32),
  personId: n % PEOPLE,
  name: `居民${n}`,
  phoneIndex: sealed(32),
  documentIndex: sealed(32),
  answers: { name: `居民${n}`, temperature: 36 + (n % 20) / 10, phone: sealed(48), address: sealed(90), agreed: true },
  facets: [
    { k: 'city', v: n % 9 },
    { k: 'fever', v: n % 20 > 13 },
  ],
  scope: scope(n),
  deletedAt: null,
  submittedAt: new Date(1_700_000_000_000 + n),
});

/** With every index that the project has, and documents that are in them. */
async function seed(): Promise<void> {
  const step = 5_000;
  for (let at = 0; at < PEOPLE; at += step) {
    const numbers = Array.from({ length: Math.min(step, PEOPLE - at) }, (_, n) => at + n);
    await Promise.all([people.insertMany(numbers.map(person)), submissions.insertMany(numbers.map(submission))]);
  }
  for (const { up } of migrations) await up(connection.getClient().db(connection.name));
}

/** Inserts, changes and removals, some in transactions, until it is stopped. Returns how many there were. */
function keepWriting(first: number): () => Promise<number> {
  let over = false;
  const began = Date.now();
  const writing = (async () => {
    let n = 0;
    for (; !over; n += 4) {
      const other = (n * 7_919) % PEOPLE;
      await submissions.insertOne(submission(first + n));
      await people.updateOne({ _id: other }, { $unset: { lease: 1 }, $inc: { rev: 1 } });
      await people.updateOne({ _id: other }, { $set: { lease: { until: new Date(), fence: n }, [`seen${n % 5}`]: n } });
      await connection.transaction(async (session) => {
        await submissions.deleteOne({ _id: other }, { session });
        await people.updateOne({ _id: other }, { $inc: { removed: 1 } }, { session });
      });
      const ahead = (n / WRITES) * 1_000 - (Date.now() - began);
      if (ahead > 20) await sleep(ahead);
    }
    return n;
  })();
  return () => {
    over = true;
    return writing;
  };
}

const env = {
  ...process.env,
  MONGO_URL: source.url,
  BACKUP_DIR: join(folder, 'backups'),
  BACKUP_KEY: randomBytes(32).toString('base64'),
  TMPDIR: folder,
};

/** Runs a script to its end, its output shown. Returns the last line. */
async function run(script: string, ...args: string[]): Promise<string> {
  const all = [`scripts/${script}.mjs`, '--build-tools', ...args];
  const child = spawn(process.execPath, all, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    process.stdout.write(chunk);
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${script} ${args.join(' ')} ended with ${String(code)}`);
  return text.trim().split('\n').at(-1) ?? '';
}
const drill = async (...args: string[]) => JSON.parse(await run('restore', '--drill', '--json', ...args)) as Drill;

/** Dumps while everything is written to. Returns the seconds it took, and how much was written meanwhile. */
async function dump(first: number): Promise<{ seconds: number; writes: number }> {
  const stop = keepWriting(first);
  const began = Date.now();
  try {
    await run('backup');
    const seconds = Math.round((Date.now() - began) / 100) / 10;
    return { seconds, writes: await stop() };
  } finally {
    await stop();
  }
}

let failed = true;
try {
  console.log(`seeding ${DOCUMENTS} documents`);
  await seed();
  const before = await dump(DOCUMENTS);
  await run('backup', '--oplog');
  const newest = await dump(2 * DOCUMENTS);
  await run('backup', '--oplog');
  const whole = await drill();
  const byOplog = await drill('--from-previous');
  const { verify, restore, compare } = whole.seconds;
  const inTime = verify + restore <= RESTORE_SECONDS;
  failed = !(whole.ok && byOplog.ok && inTime) || whole.documents < DOCUMENTS * 0.9 || byOplog.slices < 2;
  console.log(
    JSON.stringify({
      proof: 'restore',
      documents: whole.documents,
      dumpSeconds: newest.seconds,
      writesWhileDumping: [before.writes, newest.writes],
      verifySeconds: verify,
      restoreSeconds: restore,
      compareSeconds: compare,
      byOplogSeconds: byOplog.seconds.restore,
      differences: whole.differences.length + byOplog.differences.length,
      ok: !failed,
    }),
  );
} finally {
  await connection.close().catch(() => undefined);
  await source.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
