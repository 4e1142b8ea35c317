/**
 * `npm run proof -- import [--small]`: worker processes are killed in the middle of an import, again and again; others go on
 * from its checkpoint. In the end people, submissions, refused rows, counts and error workbook are those of the same import in
 * another database that nobody disturbed; no row is there twice, and nothing is left on the disk. The last line is one JSON object.
 */
import { createWriteStream, openAsBlob } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeLater, startMongo, startRedis } from '../../../scripts/lib/databases.mjs';
import { readProofOptions } from '../../../scripts/lib/proof.mjs';
import { createWorkbookWriter } from '../../src/infra/workbook/index.ts';
import { tableRow } from '../demo-table.ts';
import { makeImportTest, type ImportTest } from '../imports.ts';
import { killHolder } from '../kill-holder.ts';
import { startRole, type RoleProcess } from '../role-processes.ts';
import { contentOf, differences } from './imported.ts';

const { small } = readProofOptions('import');
const ROWS = small ? 3_000 : 200_000;
const KILLS = small ? 3 : 10;
/** Rows that are there before, some with other values. */
const KNOWN = ROWS / 10;
const WAIT_MS = small ? 60_000 : 3_600_000;

const folder = await mkdtemp(join(tmpdir(), 'dengji-proof-import-'));
removeLater(folder);
const at = (name: string) => join(folder, name);
await mkdir(at('tmp'));
const [mongo, redis] = await Promise.all([
  startMongo({ dataDir: at('mongo'), log: at('mongo.log'), durable: false, cacheGB: 1 }),
  startRedis({ dataDir: at('redis'), log: at('redis.log'), durable: false }),
]);

interface Side {
  test: ImportTest;
  workers: RoleProcess[];
  start(): Promise<void>;
  /** Of the import that is watched. */
  id: string;
}

/** An installation of its own: database, API in this process, worker processes. */
async function startSide(name: string, number: number): Promise<Side> {
  const mongoUrl = new URL(mongo.url);
  mongoUrl.pathname = `/${name}`;
  const databases = { mongoUrl: mongoUrl.href, redisUrl: `${redis.url}/${number}` };
  const test = await makeImportTest({ databases, deps: { clock: () => new Date() } });
  const workers: RoleProcess[] = [];
  const start = async () =>
    void workers.push(
      await startRole({
        role: 'worker',
        env: {
          MONGO_URL: databases.mongoUrl,
          REDIS_URL: databases.redisUrl,
          SMS_OUTBOX: at('outbox'),
          TMPDIR: at('tmp'),
        },
        log: at(`${name}.log`),
      }),
    );
  return { test, workers, start, id: '' };
}

/** Writes a table, row by row: memory must not grow with it. */
async function writeTable(path: string, rows: Iterable<Record<string, string>>): Promise<void> {
  const out = createWriteStream(path);
  const writer = createWorkbookWriter(out);
  const sheet = writer.sheet('名单', { columns: [] });
  let header: string[] | undefined;
  for (const row of rows) {
    if (!header) await sheet.row((header = Object.keys(row)));
    await sheet.row(header.map((name) => row[name]!));
  }
  await sheet.close();
  await writer.close();
}

/** Person `index`, with phones that stay right however many there are. */
const person = (index: number, change: Record<string, string> = {}) =>
  tableRow(index, {
    手机号: `139${String(index).padStart(8, '0')}`,
    紧急联系人手机号: `138${String(index).padStart(8, '0')}`,
    ...change,
  });

function* knownRows() {
  for (let i = 0; i < KNOWN; i += 1) yield person(i * 3, i % 2 ? { 紧急联系人姓名: '从前的人' } : {});
}

/** Mostly good and new rows; some wrong, some twice in the file, some there already. */
function* allRows() {
  for (let i = 0; i < ROWS; i += 1) {
    if (i % 97 === 13) yield person(i, { 手机号: '12345' });
    else if (i % 101 === 17) yield person(i, { 姓名: '' });
    // Far from the row that it repeats: in another batch.
    else if (i % 53 === 29 && i > ROWS / 2) yield person(i - ROWS / 2, { 紧急联系人姓名: '第二次' });
    else yield person(i);
  }
}

async function upload({ test }: Side, path: string): Promise<string> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ form: 'healthDeclaration', duplicates: 'update' }))
    form.set(name, value);
  form.set('file', await openAsBlob(path), 'table.xlsx');
  const answer = await test.admin.post('/api/business/imports', form, { 'idempotency-key': crypto.randomUUID() });
  if (answer.status !== 202) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body.id as string;
}

const importOf = ({ test, id }: Side) =>
  test.deps.mongo
    .collection('imports')
    .findOne({ _id: new test.deps.mongo.base.Types.ObjectId(id) }, { projection: { state: 1, counts: 1, work: 1 } });

/** Waits until the import is so far, or ended. */
async function until(side: Side, enough: (rows: number) => boolean): Promise<string> {
  const late = Date.now() + WAIT_MS;
  for (;;) {
    const doc = (await importOf(side))!;
    if (doc['state'] === 'failed') throw new Error(JSON.stringify(await side.test.view(side.id)));
    if (doc['state'] === 'finished' || enough(doc['counts'].read as number)) return doc['state'] as string;
    if (Date.now() > late) throw new Error(`no progress: ${JSON.stringify(doc)}`);
    await sleep(small ? 20 : 200);
  }
}

const sides: Side[] = [];
let failed = true;
try {
  console.log(`making tables of ${KNOWN} and ${ROWS} rows`);
  await writeTable(at('known.xlsx'), knownRows());
  await writeTable(at('table.xlsx'), allRows());
  const [quiet, killed] = [await startSide('quiet', 0), await startSide('killed', 1)];
  sides.push(quiet, killed);
  await Promise.all([quiet.start(), killed.start()]);
  for (const side of sides) side.id = await upload(side, at('known.xlsx'));
  for (const side of sides) await until(side, () => false);
  // So many that one is always ready to take over; in full size each that dies is also replaced.
  await Promise.all(Array.from({ length: small ? KILLS : 2 }, () => killed.start()));
  for (const side of sides) side.id = await upload(side, at('table.xlsx'));

  // The first dies while the file is looked through; the others anywhere between two checkpoints.
  let kills = 0;
  const starting: Promise<void>[] = [];
  const points = Array.from({ length: KILLS - 1 }, (_, i) => ((i + Math.random()) / (KILLS - 1)) * (ROWS - 1_500));
  for (const point of [-1, ...points]) {
    for (let done = false; !done;) {
      const state = await until(killed, (rows) => rows > point);
      if (state === 'finished') throw new Error(`finished after ${kills} kills`);
      await sleep(Math.random() * (small ? 150 : 2_000));
      done = await killHolder(killed.test.deps.mongo, 'imports', killed.id, killed.workers, small);
    }
    kills += 1;
    if (!small) starting.push(killed.start());
    const doc = (await importOf(killed))!;
    console.log(`kill ${kills} at row ${doc['counts'].read} (${doc['state']}, fence ${doc['work'].fence})`);
  }
  for (const side of sides) await until(side, () => false);
  await Promise.all(starting);
  const takeovers = ((await importOf(killed))!['work'].fence as number) - 1;

  const [wanted, found] = [await contentOf(quiet.test, quiet.id), await contentOf(killed.test, killed.id)];
  const wrong = differences(wanted, found);
  for (const line of wrong.slice(0, 20)) console.log(line);
  // The next worker that starts on this host removes what killed ones left.
  await killed.start();
  for (const side of sides) await Promise.all(side.workers.map((worker) => worker.stop()));
  const left = (await readdir(at('tmp'))).filter((name) => name.startsWith('dengji-'));
  const files = await killed.test.count('storage.files');
  const { counts } = found;
  const kinds = [counts.created, counts.updated, counts.skipped, counts.unchanged, counts.failed];
  const whole = counts.read === ROWS && kinds.every((count) => count > 0);
  failed = wrong.length + found.twice + left.length + files > 0 || !whole || kills < KILLS || takeovers < KILLS;
  console.log(
    JSON.stringify({
      proof: 'import',
      rows: ROWS,
      kills,
      takeovers,
      ...counts,
      differences: wrong.length,
      twice: found.twice,
      left: left.length + files,
      ok: !failed,
    }),
  );
} finally {
  for (const side of sides) {
    await Promise.all(side.workers.map((worker) => worker.kill()));
    await side.test.close().catch(() => undefined);
  }
  await Promise.all([mongo.stop(), redis.stop()]);
  await rm(folder, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
