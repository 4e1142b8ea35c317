/**
 * How long the lists of people and records take, each filter and sort that they offer, as somebody who reaches everything
 * and as somebody of one county. The first page with its count, and pages deep in the list; from the question to rows that
 * are opened, masked and ready to be sent. Each is asked many times, in turn with the others; `p95_ms` is the worst p95
 * of all of them. The plans are looked at too: each must come from an index (`scans`: those that don't).
 *
 * `npm run bench -- list [ROWS] [ROUNDS]`: default 1,000,000 records and as many people, 20 rounds. Last line:
 * `{"bench":"list","figures":{"p95_ms":…,"queries":…,"scans":0,…}}`.
 */
import { join } from 'node:path';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { startMongo, startRedis } from '../../scripts/lib/databases.mjs';
import { createFeatures } from '../src/features/index.ts';
import { makeDeps } from '../test/deps.ts';
import { askLists, questionsOf } from './list/ask.ts';
import { fillLists } from './list/fill.ts';

/** What MongoDB takes by itself on a host of 8 GB is 3.5; a test's small cache would measure the disk. */
const CACHE_GB = 3.5;

const [rows = 1_000_000, rounds = 20] = process.argv.slice(2).map(Number);
const folder = await mkdtemp(join(tmpdir(), 'dengji-bench-'));
const [mongo, redis] = await Promise.all([
  startMongo({ dataDir: join(folder, 'mongo'), log: join(folder, 'mongo.log'), durable: false, cacheGB: CACHE_GB }),
  startRedis({ dataDir: join(folder, 'redis'), log: join(folder, 'redis.log'), durable: false }),
]);

try {
  const { deps, close } = await makeDeps({ databases: { mongoUrl: mongo.url, redisUrl: redis.url } });
  try {
    const features = createFeatures(deps);
    const begun = performance.now();
    const filled = await fillLists(deps, features, rows);
    console.log(`${rows} records and people in ${Math.round((performance.now() - begun) / 1000)} s`);
    const asked = await askLists(features, questionsOf(filled), rounds);
    const table = asked.toSorted((a, b) => b.p95 - a.p95);
    console.table(
      Object.fromEntries(
        table.map(({ name, p50, p95, rows: found, total, plan }) => [
          name,
          {
            'p50 ms': Math.round(p50),
            'p95 ms': Math.round(p95),
            rows: found,
            total: total ? `${total.count}${total.capped ? '+' : ''}` : '',
            plan,
          },
        ]),
      ),
    );
    const worst = (list: string) =>
      Math.round(Math.max(...asked.filter(({ name }) => name.startsWith(list)).map(({ p95 }) => p95)) * 10) / 10;
    console.log(
      JSON.stringify({
        bench: 'list',
        figures: {
          p95_ms: Math.max(worst('records'), worst('people')),
          records_p95_ms: worst('records'),
          people_p95_ms: worst('people'),
          queries: asked.length,
          over_200_ms: asked.filter(({ p95 }) => p95 > 200).length,
          scans: asked.filter(({ plan }) => plan.includes('COLLSCAN')).length,
          // Totals that were given up after their time: "51+" where a count would have said 3,400.
          cut_totals: asked.filter(({ total }) => total?.capped && total.count < 10_000).length,
          rows,
        },
      }),
    );
  } finally {
    await close();
  }
} finally {
  await Promise.all([mongo.stop(), redis.stop()]);
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);
