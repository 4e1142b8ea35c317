/**
 * What background work costs and whether it keeps its word. First: work documents taken and ended by a worker, against a bare
 * loop of findOneAndUpdate and updateOne with the driver, in turn, in one process; the measure is documents per second of
 * CPU, of node and MongoDB together. Then: ticks of many processes under troubles, counted. Last line:
 * `{"bench":"jobs","figures":{"work_ratio":…,"tick_duplicates":0,"tick_missing":0,…}}`.
 *
 * `npm run bench -- jobs [ROUNDS] [DOCUMENTS] [PROCESSES] [TICKS]`
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMongo, startRedis } from '../../scripts/lib/databases.mjs';
import { createWorker } from '../src/infra/jobs/index.ts';
import { makeDeps } from '../test/deps.ts';
import { runTicking } from '../test/ticking.ts';
import { addChores, choreModel, type Chore } from '../test/work.ts';

const [rounds = 8, documents = 2_000, processes = 8, ticks = 200] = process.argv.slice(2).map(Number);
const folder = await mkdtemp(join(tmpdir(), 'dengji-bench-'));
const [mongo, redis] = await Promise.all([
  startMongo({ dataDir: join(folder, 'mongo'), log: join(folder, 'mongo.log'), durable: false }),
  startRedis({ dataDir: join(folder, 'redis'), log: join(folder, 'redis.log'), durable: false }),
]);

/** CPU time of this process and of MongoDB so far, s. The kernel counts in hundredths. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  const stat = readFileSync(`/proc/${mongo.members[0]!.pid}/stat`, 'utf8');
  const [utime, stime] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number) as [number, number];
  return (user + system) / 1e6 + (utime + stime) / 100;
}

async function throughput() {
  const { deps, close } = await makeDeps({ databases: { mongoUrl: mongo.url, redisUrl: redis.url } });
  try {
    const chores = choreModel(deps);
    await chores.createCollection();
    await chores.collection.createIndex({ 'work.state': 1, 'work.due': 1 });
    const worker = createWorker<Chore>(deps, { name: 'bench', model: chores, run: async () => undefined });
    const sides = {
      work: () => worker.drain(),
      async bare() {
        const now = deps.clock();
        for (;;) {
          const doc = await chores.collection.findOneAndUpdate(
            { 'work.state': 'waiting', 'work.due': { $lte: now } },
            { $set: { 'work.state': 'running', 'work.due': new Date(now.getTime() + 20_000) } },
            { sort: { 'work.due': 1 }, returnDocument: 'after' },
          );
          if (!doc) return;
          await chores.collection.updateOne({ _id: doc._id }, { $set: { 'work.state': 'done' } });
        }
      },
    };
    const perSecond: Record<keyof typeof sides, number[]> = { work: [], bare: [] };
    const names = Array.from({ length: documents }, (_, n) => `chore ${n}`);
    for (let round = -1; round < rounds; round += 1) {
      for (const side of round % 2 ? (['work', 'bare'] as const) : (['bare', 'work'] as const)) {
        await chores.deleteMany({});
        await addChores(deps, names, 1);
        const before = cpu();
        await sides[side]();
        // The first round warms up.
        if (round >= 0) perSecond[side].push(documents / (cpu() - before));
        if (await chores.countDocuments({ 'work.state': { $ne: 'done' } })) throw new Error(`${side} left something`);
      }
    }
    const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
    return { work: median(perSecond.work), bare: median(perSecond.bare) };
  } finally {
    await close();
  }
}

try {
  const { work, bare } = await throughput();
  console.table({
    'a worker': { 'documents per CPU-second': Math.round(work) },
    'a bare loop': { 'documents per CPU-second': Math.round(bare) },
  });
  const figures = await runTicking(
    { processes: processes!, ticks: ticks!, every: 250, leaseMs: 2_000 },
    [
      { when: 0.05, what: 'stop running' },
      { when: 0.3, what: 'flush Redis' },
      { when: 0.4, what: 'stop planning' },
      { when: 0.6, what: 'kill Redis' },
      { when: 0.7, what: 'kill running' },
    ],
    { mongoUrl: mongo.url, redis, log: join(folder, 'processes.log'), say: (text) => console.log(text) },
  );
  console.table(figures);
  const { tick_duplicates, tick_missing, late_refused, late_kept } = figures;
  console.log(
    JSON.stringify({
      bench: 'jobs',
      figures: {
        work_ratio: Math.round((work / bare) * 1_000) / 1_000,
        work_per_cpu_s: Math.round(work),
        bare_per_cpu_s: Math.round(bare),
        tick_duplicates,
        tick_missing,
        late_refused,
        late_kept,
      },
    }),
  );
} finally {
  await Promise.all([mongo.stop(), redis.stop()]);
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);
