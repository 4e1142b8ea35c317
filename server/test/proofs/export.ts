/**
 * `npm run proof -- export [--small]`: an export is made while 1,000 rows a second are inserted, changed and deleted, and must
 * hold exactly what there was at its moment. Then one of the same moment is made while its workers are killed with -9,
 * again and again: its sheets must be the same, and nothing may be left in storage or in the temporary folder. The last
 * line is one JSON object.
 */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeLater, startMongo, startRedis } from '../../../scripts/lib/databases.mjs';
import { readProofOptions, startSaying } from '../../../scripts/lib/proof.mjs';
import { exportModel, type ExportDoc } from '../../src/features/exports/index.ts';
import { differences, readExport, truthAt } from '../export-survival/compare.ts';
import { content, FORM, insertRows, startWriters } from '../export-survival/rows.ts';
import { ask, look } from '../exporting.ts';
import { makeWorld, must } from '../factories.ts';
import { logInStaff, makeStaff } from '../logins.ts';
import { startRole, type RoleProcess } from '../role-processes.ts';

const { small, number } = readProofOptions('export', { numbers: { rows: 200_000, kills: 10, writes: 1_000 } });
const ROWS = number('rows', 3_000);
const KILLS = number('kills', 2);
const WRITES = number('writes', 200);
/** One takes over from another; of those that are killed a new one is begun while there are fewer than two. */
const WORKERS = 3;
const LEASE_MS = 2_000;
/** Slows storing down, for each piece of a file, ms: a small export would be over before it can be killed. */
const SLOW_MS = small ? 80 : 0;

const folder = await mkdtemp(join(tmpdir(), 'dengji-export-'));
removeLater(folder);
const at = (name: string) => join(folder, name);
await mkdir(at('tmp'));
const say = startSaying();
const [mongo, redis] = await Promise.all([
  startMongo({ dataDir: at('mongo'), log: at('mongo.log'), durable: false, cacheGB: small ? 0.25 : 1 }),
  startRedis({ dataDir: at('redis'), log: at('redis.log'), durable: false }),
]);
const databases = { mongoUrl: mongo.url, redisUrl: redis.url };
const workers = new Set<RoleProcess>();
const startWorker = async () => {
  const worker = await startRole({
    role: 'worker',
    program: ['--import', 'tsx', 'server/test/export-survival/worker.ts'],
    env: {
      NODE_ENV: 'test',
      MONGO_URL: mongo.url,
      REDIS_URL: redis.url,
      EXPORT_APPROVAL_ROWS: '100000000',
      LEASE_MS: String(LEASE_MS),
      SLOW_MS: String(SLOW_MS),
      TMPDIR: at('tmp'),
    },
    log: at('worker.log'),
  });
  workers.add(worker);
};
const started = Promise.all(Array.from({ length: WORKERS }, startWorker));
// Thrown where it is awaited.
started.catch(() => undefined);
// Every export waits for an approval here, so that a moment can be given to one before a worker takes it.
const world = await makeWorld({ databases, config: { exportApprovalRows: 0 } });
let ok = false;
try {
  const { deps } = world;
  const exports = exportModel(deps.mongo);
  for (const name of ['boss', 'second']) await makeStaff(deps, world.app.features, { name, can: 'superAdmin' });
  /** Logged in now: asking for an export takes a log-in within the last five minutes, and this may go on for an hour. */
  const asNow = (name: 'boss' | 'second') => {
    world.clock.set(new Date());
    return logInStaff(world.app, name);
  };
  await world.form({ key: FORM, content });
  await insertRows(deps, ROWS);
  say(`${ROWS} rows are there`);

  await started;
  const docOf = (id: string) => exports.findById(id).orFail().lean<ExportDoc>();
  const until = async (id: string, is: (doc: ExportDoc) => boolean): Promise<ExportDoc> => {
    for (;;) {
      const doc = await docOf(id);
      if (is(doc)) return doc;
      if (doc.state === 'failed') throw new Error(`the export failed: ${JSON.stringify(doc.fault)}`);
      await sleep(20);
    }
  };
  const ended = (doc: ExportDoc) => doc.state === 'ready';
  const wanted = { list: 'submissions', filter: { form: FORM } };
  const approve = async (id: string) =>
    must(
      await (
        await asNow('second')
      ).post(`/api/business/exports/${id}/approve`, { decision: 'approve', reason: 'proof' }),
      200,
    );

  const writers = startWriters(deps, ROWS, WRITES);
  await sleep(1_000);
  const before = { writes: writers.count(), at: performance.now() };
  const { id: first } = await ask(await asNow('boss'), wanted);
  await approve(first);
  const calm = await until(first, ended);
  const seconds = (performance.now() - before.at) / 1_000;
  const writesPerSecond = Math.round((writers.count() - before.writes) / seconds);
  say(`an export of ${calm.written} rows took ${seconds.toFixed(1)} s, beside ${writesPerSecond} writes a second`);
  const undisturbed = await readExport(deps, calm, folder);
  const found = differences(undisturbed, await truthAt(deps, calm), ROWS);

  // The same moment again, and once more whenever one was made before all the kills had fallen.
  const sameMoment = async () => {
    const { id } = await ask(await asNow('boss'), wanted);
    await exports.updateOne({ _id: id }, { $set: { snapshot: calm.snapshot, snapshots: 1 } });
    await approve(id);
    return id;
  };
  const made: ExportDoc[] = [];
  let kills = 0;
  for (let again = await sameMoment(), fallen = 0; ;) {
    // Begun by whoever holds it now: what stands there may still be what the last one wrote that was killed.
    const doc = await until(again, (one) => ended(one) || (one.pieces !== null && one.restarts >= fallen));
    if (!ended(doc) && kills < KILLS) {
      await sleep(Math.random() * seconds * 700);
      const now = await docOf(again);
      const holder = [...workers].find(({ pid }) => now.work.holder?.endsWith(`:${pid}`));
      if (now.work.state === 'running' && holder) {
        await holder.kill();
        workers.delete(holder);
        if (workers.size < 2) void startWorker();
        // It may have been made between the look and the kill: such a kill took nothing from it.
        if (ended(await docOf(again))) continue;
        [kills, fallen] = [kills + 1, fallen + 1];
        say(`kill -9 of its worker, which had begun ${now.restarts} times before`);
        continue;
      }
    }
    const whole = await until(again, ended);
    made.push(whole);
    say(`made after ${fallen} kills, begun again ${whole.restarts} times`);
    if (kills === KILLS) break;
    [again, fallen] = [await sameMoment(), 0];
  }
  await writers.stop();
  const digests = await Promise.all(made.map(async (doc) => (await readExport(deps, doc, folder)).digest));
  const restarts = made.reduce((sum, doc) => sum + doc.restarts, 0);

  await deps.storage.sweep(new Date(Date.now() + 25 * 3_600_000));
  const files = [calm, ...made].map(({ file }) => new deps.mongo.base.Types.ObjectId(file!.id));
  const leftover = await deps.mongo.collection('storage.chunks').countDocuments({ files_id: { $nin: files } });
  // What is there is the loader's own cache.
  const temp = (await readdir(at('tmp'))).filter((name) => !name.startsWith('tsx-'));
  const same =
    digests.every((digest) => digest === undisturbed.digest) &&
    made.every(({ snapshot }) => snapshot!.equals(calm.snapshot!));
  const view = await look(await asNow('boss'), String(made.at(-1)!._id));
  ok =
    Object.values(found).every((count) => count === 0) &&
    same &&
    kills === KILLS &&
    restarts >= KILLS &&
    view.rows.written === undisturbed.rows.size &&
    leftover === 0 &&
    temp.length === 0;
  console.log(
    JSON.stringify({
      proof: 'export',
      rows: undisturbed.rows.size,
      writesPerSecond,
      seconds: Math.round(seconds * 10) / 10,
      ...found,
      kills,
      restarts,
      same,
      leftover,
      temp: temp.length,
      ok,
    }),
  );
} finally {
  await Promise.all([...workers].map((worker) => worker.kill()));
  await world.close().catch(() => undefined);
  await Promise.all([mongo.stop(), redis.stop()]);
  if (ok) await rm(folder, { recursive: true, force: true });
  else console.log(`what was logged is in ${folder}`);
}
process.exit(ok ? 0 : 1);
