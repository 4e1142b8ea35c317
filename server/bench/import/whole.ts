/**
 * The whole import on its real road (upload to the API, storage, worker process, reading thread, judging, sealing, writing,
 * checkpoints), against bare native upserts of the documents that it leaves. Both sides in turn on one MongoDB; the measure is
 * CPU time of all processes that take part: worker, API, mongod and Redis here, the upserting process and mongod there.
 */
import { execFile } from 'node:child_process';
import { openAsBlob } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { removeLater, startMongo, startRedis } from '../../../scripts/lib/databases.mjs';
import { migrations } from '../../migrations/index.ts';
import { createFeatures } from '../../src/features/index.ts';
import { makeBrowser, type Browser } from '../../test/browser.ts';
import { publishForm } from '../../test/demo-form.ts';
import { makeDeps, type TestDeps } from '../../test/deps.ts';
import { makeStaff, PASSWORD } from '../../test/logins.ts';
import { startRole } from '../../test/role-processes.ts';
import { median } from '../children.ts';
import { tableForm } from '../tables/people.ts';
import { writeTableFile } from '../tables/table-file.ts';
import { cpuOf, peakOf } from './processes.ts';

export interface WholeOptions {
  /** Default 100,000. */
  rows?: number;
  /** Of both sides, in turn. Default 3. */
  rounds?: number;
  /** Without the bare upserts: what the import itself takes and holds. Default false. */
  alone?: boolean;
  log(line: string): void;
}

export interface WholeImport {
  /** See docs/benchmarks.md. */
  figures: Record<string, number>;
  /** For `console.table`. */
  rows: Record<string, Record<string, number>>;
}

const BUILD = '.data/bench-build/server';
const FORM = 'bench';
/** How long the idle API is watched, ms. */
const IDLE_MS = 5_000;

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Needs the compiled benches (`compileBenches`) and Linux. */
export async function wholeImport({
  rows = 100_000,
  alone = false,
  rounds = alone ? 1 : 3,
  log,
}: WholeOptions): Promise<WholeImport> {
  const folder = await mkdtemp(join(tmpdir(), 'dengji-bench-'));
  removeLater(folder);
  const at = (name: string) => join(folder, name);
  const [mongo, redis] = await Promise.all([
    startMongo({ dataDir: at('mongo'), log: at('mongo.log'), durable: false, cacheGB: 1 }),
    startRedis({ dataDir: at('redis'), log: at('redis.log'), durable: false }),
  ]);
  const databases = { mongoUrl: mongo.url, redisUrl: redis.url };
  const test = await makeDeps({ databases, now: new Date().toISOString() });
  const stops: (() => Promise<unknown>)[] = [() => test.close(), () => mongo.stop(), () => redis.stop()];
  try {
    log(`making a file of ${rows} rows`);
    await writeTableFile(at('table.xlsx'), { rows, strings: 'shared' });
    const features = createFeatures(test.deps);
    await publishForm(features, FORM, tableForm);
    await makeStaff(test.deps, features, {
      name: 'bench',
      can: ['import.run', 'submission.read', 'submission.write', 'person.read', 'person.write'],
    });

    const port = await freePort();
    const env = { MONGO_URL: mongo.url, REDIS_URL: redis.url, PORT: String(port), SMS_OUTBOX: at('outbox') };
    const start = (role: 'api' | 'worker') =>
      startRole({
        role,
        env,
        log: at(`${role}.log`),
        program: [
          ...(role === 'api' ? ['--import', `./${BUILD}/bench/import/loop-delay.js`] : []),
          `${BUILD}/src/main.js`,
        ],
      });
    const [api, worker] = await Promise.all([start('api'), start('worker')]);
    stops.unshift(() => Promise.all([api.kill(), worker.kill()]));
    const mongod = mongo.members[0]!.pid;
    const all = [api.pid, worker.pid, mongod, redis.pid];

    const browser = makeBrowser(`http://127.0.0.1:${port}`);
    await browser.post('/api/staff/session', { name: 'bench', password: PASSWORD });
    const bare = (mode: 'id' | 'key') =>
      child<{ cpu: number }>('bare', [mode], { MONGO_URL: mongo.url, MONGOD_PID: String(mongod) });

    await api.ask<number>('loop');
    await sleep(IDLE_MS);
    const idle = await api.ask<number>('loop');

    const ours: number[] = [];
    const byId: number[] = [];
    const byKey: number[] = [];
    const loops: number[] = [];
    let seconds = 0;
    for (let n = 1; n <= rounds; n += 1) {
      await forget(test);
      await api.ask<number>('loop');
      const [before, began] = [all.map((pid) => cpuOf([pid])), performance.now()];
      const counts = await importFile(browser, at('table.xlsx'));
      const used = all.map((pid, which) => cpuOf([pid]) - before[which]!);
      ours.push(used.reduce((sum, one) => sum + one, 0));
      seconds = (performance.now() - began) / 1000;
      loops.push(await api.ask<number>('loop'));
      if (counts.created !== rows) throw new Error(`round ${n}: ${JSON.stringify(counts)}`);
      if (!alone) {
        byId.push((await bare('id')).cpu);
        byKey.push((await bare('key')).cpu);
      }
      const [ofApi, ofWorker, ofMongod] = used.map((one) => one.toFixed(1));
      const [whole, ...upserts] = [ours, byId, byKey].map((side) => side.at(-1)?.toFixed(1) ?? 'not run');
      log(
        `round ${n}: import ${whole} CPU s (API ${ofApi}, worker ${ofWorker}, mongod ${ofMongod}); upserts ${upserts.join(', ')}`,
      );
    }

    const before = cpuOf(all);
    const again = await importFile(browser, at('table.xlsx'));
    const againCpu = cpuOf(all) - before;
    if (again.unchanged !== rows) throw new Error(`the same file again: ${JSON.stringify(again)}`);
    const validated = await child<{ cpu: number }>('validate', [at('table.xlsx')], {});

    const rate = (cpu: number) => Math.round(rows / cpu);
    const import_ = median(ours);
    const compared = alone ? null : { id: median(byId), key: median(byKey) };
    return {
      figures: {
        ...(compared && {
          import_ratio: round(compared.id / import_, 2),
          import_ratio_keyed: round(compared.key / import_, 2),
        }),
        import_rows_per_cpu_s: rate(import_),
        import_rows_per_s: rate(seconds),
        import_again_rows_per_cpu_s: rate(againCpu),
        import_worker_peak_mb: peakOf(worker.pid),
        validate_cpu_s_per_million: round((validated.cpu / rows) * 1e6, 1),
        api_p99_growth_ms: round(median(loops) - idle, 1),
      },
      rows: {
        [`import ${rows} rows`]: { 'CPU s': round(import_, 1), 'rows / CPU s': rate(import_) },
        ...(compared && {
          'upserts of its documents by _id': { 'CPU s': round(compared.id, 1), 'rows / CPU s': rate(compared.id) },
          'upserts by document and rule': { 'CPU s': round(compared.key, 1), 'rows / CPU s': rate(compared.key) },
        }),
        'the same file again': { 'CPU s': round(againCpu, 1), 'rows / CPU s': rate(againCpu) },
        'read, judge and BSON only': { 'CPU s': round(validated.cpu, 1), 'rows / CPU s': rate(validated.cpu) },
      },
    };
  } finally {
    for (const stop of stops) await stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Counts {
  created: number;
  unchanged: number;
}

/** Uploads the file and waits until it is imported. */
async function importFile(browser: Browser, path: string): Promise<Counts> {
  const form = new FormData();
  form.set('form', FORM);
  form.set('duplicates', 'update');
  form.set('file', await openAsBlob(path), 'table.xlsx');
  const accepted = await browser.post('/api/business/imports', form, { 'idempotency-key': crypto.randomUUID() });
  if (accepted.status !== 202) throw new Error(`${accepted.status} ${JSON.stringify(accepted.body)}`);
  for (;;) {
    const { body } = await browser.get(`/api/business/imports/${accepted.body.id}`);
    if (body.state === 'finished') return body.counts as Counts;
    if (body.state === 'failed' || body.state === 'mapping') throw new Error(JSON.stringify(body));
    await sleep(500);
  }
}

/** Nothing of the import before is left: its documents, the memory of its file, what the indexes keep of both. */
async function forget({ deps: { mongo } }: TestDeps): Promise<void> {
  for (const name of ['people', 'submissions', 'imports']) await mongo.db!.dropCollection(name).catch(() => false);
  for (const { up } of migrations) await up(mongo.db!);
}

/** A compiled script beside this one, in a process of its own. */
async function child<T>(script: string, args: string[], env: Record<string, string>): Promise<T> {
  const path = `${BUILD}/bench/import/${script}.js`;
  const { stdout } = await promisify(execFile)(process.execPath, [path, ...args], { env: { ...process.env, ...env } });
  return JSON.parse(stdout) as T;
}

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
