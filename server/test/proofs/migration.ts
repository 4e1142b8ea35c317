/**
 * `npm run proof -- migration [--small]`: records go over to another version while the workers that do it are killed, again and
 * again, and so does taking it back. What is there in the end is what the same migration leaves that nobody disturbed, and
 * after the undo every record is what it was: both compared in clear. The dry run said the counts before. The last line is one
 * JSON object.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeLater, startMongo, startRedis } from '../../../scripts/lib/databases.mjs';
import { readProofOptions } from '../../../scripts/lib/proof.mjs';
import { checkForm } from '../../shared/fields/index.ts';
import { submissionModel, type SubmissionDoc } from '../../src/features/submissions/index.ts';
import { ROOT } from '../demo-form.ts';
import { makeWorld, must, type World } from '../factories.ts';
import { killHolder } from '../kill-holder.ts';
import { logInStaff } from '../logins.ts';
import { startRole, type RoleProcess } from '../role-processes.ts';
import { FIRST, firstAnswers, isHit, MAPPINGS, SECOND } from '../versions-form.ts';

const { small } = readProofOptions('migration');
/** So many in small that it is not over before it can be killed: a part is 200. */
const RECORDS = small ? 3_000 : 200_000;
const KILLS = small ? 2 : 8;
const WAIT_MS = small ? 300_000 : 7_200_000;
const FORM = 'changing';
const PATH = `/api/business/forms/${FORM}`;

const folder = await mkdtemp(join(tmpdir(), 'dengji-proof-migration-'));
removeLater(folder);
const at = (name: string) => join(folder, name);
const [mongo, redis] = await Promise.all([
  startMongo({
    dataDir: at('mongo'),
    log: at('mongo.log'),
    durable: false,
    cacheGB: 1,
    // What a killed worker had open in a transaction is locked until the database gives that up: after a minute unless told.
    parameters: { transactionLifetimeLimitSeconds: small ? 8 : 20 },
  }),
  startRedis({ dataDir: at('redis'), log: at('redis.log'), durable: false }),
]);
const mongoUrl = new URL(mongo.url);
mongoUrl.pathname = '/migration';
const databases = { mongoUrl: mongoUrl.href, redisUrl: `${redis.url}/0` };

const workers: RoleProcess[] = [];
const startWorker = async () =>
  void workers.push(
    await startRole({
      role: 'worker',
      env: { MONGO_URL: databases.mongoUrl, REDIS_URL: databases.redisUrl, SMS_OUTBOX: at('outbox') },
      log: at('worker.log'),
    }),
  );

/** Records as an import makes them: without people, since the form names none. */
async function fill({ app, deps }: World): Promise<void> {
  const form = (await app.features.forms.version(FORM, 1))!;
  const run = { caller: ROOT, form, importId: new deps.mongo.base.Types.ObjectId(), onDuplicate: 'skip' as const };
  for (let first = 0; first < RECORDS; first += 1_000) {
    const rows = Array.from({ length: Math.min(1_000, RECORDS - first) }, (_, i) => ({
      row: first + i + 2,
      answers: checkForm(FIRST, firstAnswers(first + i), { today: '2026-11-21' }).answers,
    }));
    await app.features.submissions.writeMany(rows, run);
  }
}

/** What all records say, in clear and in one order, without what differs by nature: ids, times, nonces, histories. */
async function everything({ app, deps }: World): Promise<{ hash: string; byVersion: Record<number, number> }> {
  const hash = createHash('sha256');
  const byVersion: Record<number, number> = {};
  const docs = submissionModel(deps.mongo)
    .find({ formKey: FORM }, { history: 0 })
    .sort({ _id: 1 })
    .maxTimeMS(WAIT_MS)
    .lean<SubmissionDoc[]>()
    .cursor({ batchSize: 1_000 }) as AsyncIterable<SubmissionDoc>;
  for await (const doc of docs) {
    const { version, status, answersHash, facets, listed, sort, name, phoneIndex, documentIndex } = doc;
    const { dedupeKey, receiptNumber } = doc;
    byVersion[version] = (byVersion[version] ?? 0) + 1;
    const sorted = (answers: object) => Object.entries(answers).sort(([a], [b]) => (a < b ? -1 : 1));
    const originals = app.features.submissions.migration
      .originals(doc)
      .map((one) => ({ version: one.version, answers: one.answers && sorted(one.answers) }));
    hash.update(
      JSON.stringify([
        [receiptNumber, version, status, answersHash, facets, listed, sort, name, phoneIndex, documentIndex, dedupeKey],
        sorted(app.features.submissions.open(doc)),
        originals,
      ]),
    );
  }
  return { hash: hash.digest('hex'), byVersion };
}

const docOf = async ({ deps }: World, id: string) =>
  (await deps.mongo.collection('formMigrations').findOne({ _id: new deps.mongo.base.Types.ObjectId(id) }))!;

/** Waits until a migration is so far, or has ended. @returns its state */
async function until(world: World, id: string, enough: (done: number) => boolean = () => false): Promise<string> {
  const late = Date.now() + WAIT_MS;
  for (;;) {
    const doc = await docOf(world, id);
    const state = doc['state'] as string;
    if (state === 'failed') throw new Error(JSON.stringify(doc['fault'] ?? doc['work']));
    if (!['checking', 'running', 'undoing'].includes(state) || enough(doc['progress'].done as number)) return state;
    if (Date.now() > late) throw new Error(`no progress: ${JSON.stringify(doc['progress'])}`);
    await sleep(small ? 20 : 200);
  }
}

/** Kills workers anywhere in the middle of what they do with it, then waits for its end. */
async function disturbed(world: World, id: string, kills: number): Promise<void> {
  const starting: Promise<void>[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    const point = ((kill + Math.random()) / kills) * RECORDS * (small ? 0.5 : 0.9);
    for (let done = false; !done;) {
      const state = await until(world, id, (rows) => rows > point);
      if (state !== 'running' && state !== 'undoing') throw new Error(`${state} after ${kill} kills`);
      await sleep(Math.random() * (small ? 30 : 1_000));
      done = await killHolder(world.deps.mongo, 'formMigrations', id, workers, small);
    }
    const doc = await docOf(world, id);
    console.log(`kill ${kill + 1} of ${doc['state']} at ${doc['progress'].done} (fence ${doc['work'].fence})`);
    if (!small) starting.push(startWorker());
  }
  await until(world, id);
  await Promise.all(starting);
}

let failed = true;
let world: World | undefined;
try {
  world = await makeWorld({ databases, deps: { clock: () => new Date() } });
  const { app } = world;
  const root = await world.staff({ name: 'root' });
  /** Logged in now: half an hour without a call ends a session, and this may take an hour. */
  const asRoot = () => logInStaff(app, 'root');
  must(await root.post('/api/business/forms', { key: FORM, title: FIRST.title, content: FIRST }), 201);
  must(await root.post(`${PATH}/publish`, { rev: 1 }), 200);
  console.log(`making ${RECORDS} records`);
  await fill(world);
  const before = await everything(world);
  must(await (await asRoot()).put(`${PATH}/working-version`, { content: SECOND, rev: 1 }), 200);
  await startWorker();

  const dry = async (input: object): Promise<string> => {
    const { body } = must(await (await asRoot()).post(`${PATH}/migrations`, { dropLost: true, ...input }), 202);
    await until(world!, body.id);
    return body.id as string;
  };
  const act = async (id: string, action: string) =>
    void must(await (await asRoot()).post(`${PATH}/migrations/${id}/${action}`), 200);
  const counts = async (id: string) => {
    const doc = await docOf(world!, id);
    return { said: doc['check'].records as Record<string, number>, done: doc['counts'], undo: doc['undo'] };
  };

  console.log('counted, published, carried out and taken back in peace');
  // Counted before it is published; then the same migration twice: once in peace, once among murders.
  const quiet = await dry({ target: 'working', rev: 2, mappings: MAPPINGS });
  must(await (await asRoot()).post(`${PATH}/publish`, { rev: 2, mappings: MAPPINGS }), 200);
  let begun = performance.now();
  await act(quiet, 'start');
  await until(world, quiet);
  const seconds = (performance.now() - begun) / 1_000;
  const wanted = await everything(world);
  await act(quiet, 'undo');
  await until(world, quiet);
  const back = await everything(world);

  const killed = await dry({ target: 'current' });
  for (let more = 0; more < (small ? 2 * KILLS : 1); more += 1) await startWorker();
  begun = performance.now();
  await act(killed, 'start');
  await disturbed(world, killed, KILLS);
  const found = await everything(world);
  await act(killed, 'undo');
  await disturbed(world, killed, KILLS);
  const last = await everything(world);

  const [one, other] = [await counts(quiet), await counts(killed)];
  const takeovers = ((await docOf(world, killed))['work'].fence as number) - 3;
  let hit = 0;
  for (let index = 0; index < RECORDS; index += 1) if (isHit(firstAnswers(index))) hit += 1;
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  const wrong = Object.entries({
    'the killed one came to the same': found.hash === wanted.hash,
    'undone in peace it is as it was': back.hash === before.hash,
    'undone among murders it is as it was': last.hash === before.hash,
    'all went over': same(wanted.byVersion, { 2: RECORDS }),
    'counts said before are those after':
      same(one.said, one.done) && same(other.said, other.done) && same(one.done, other.done),
    'counts are right by plain code': one.said['lossy'] === hit && one.said['read'] === RECORDS,
    'all were given back once': other.undo.restored === RECORDS && other.undo.kept === 0,
    'every kill was taken over': takeovers >= 2 * KILLS,
  })
    .filter(([, right]) => !right)
    .map(([what]) => what);
  for (const line of wrong) console.log(`WRONG: ${line}`);
  failed = wrong.length > 0;
  console.log(
    JSON.stringify({
      proof: 'migration',
      records: RECORDS,
      kills: 2 * KILLS,
      takeovers,
      ...other.done,
      restored: other.undo.restored,
      perSecond: Math.round(RECORDS / seconds),
      wrong: wrong.length,
      ok: !failed,
    }),
  );
} finally {
  await Promise.all(workers.map((worker) => worker.kill()));
  await world?.close().catch(() => undefined);
  await Promise.all([mongo.stop(), redis.stop()]);
  await rm(folder, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
