/**
 * `npm run proof -- jobs [--small]`: processes run the ticks of a job while one of them is stopped for longer than its lease
 * and its lock live, one is killed, and Redis forgets everything and dies. In the end every tick has happened exactly
 * once, and what the stopped ones wrote late was refused. The last line is one JSON object.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeLater, startMongo, startRedis } from '../../../scripts/lib/databases.mjs';
import { readProofOptions, startSaying } from '../../../scripts/lib/proof.mjs';
import { runTicking, type Trouble } from '../ticking.ts';

const { small } = readProofOptions('jobs');
const options = small
  ? { processes: 3, ticks: 20, every: 250, leaseMs: 1_000 }
  : { processes: 8, ticks: 200, every: 250, leaseMs: 2_000 };
const troubles: Trouble[] = small
  ? [
      { when: 0.05, what: 'stop running' },
      { when: 0.3, what: 'flush Redis' },
      { when: 0.5, what: 'kill Redis' },
      { when: 0.6, what: 'kill running' },
    ]
  : [
      { when: 0.03, what: 'stop running' },
      { when: 0.15, what: 'flush Redis' },
      { when: 0.2, what: 'stop planning' },
      { when: 0.3, what: 'kill running' },
      { when: 0.35, what: 'stop running' },
      { when: 0.4, what: 'kill Redis' },
      { when: 0.5, what: 'stop planning' },
      { when: 0.55, what: 'flush Redis' },
      { when: 0.6, what: 'kill running' },
      { when: 0.65, what: 'stop running' },
      { when: 0.7, what: 'kill Redis' },
      { when: 0.8, what: 'stop planning' },
      { when: 0.85, what: 'flush Redis' },
    ];

const folder = await mkdtemp(join(tmpdir(), 'dengji-jobs-'));
removeLater(folder);
const at = (name: string) => join(folder, name);
const [mongo, redis] = await Promise.all([
  startMongo({ dataDir: at('mongo'), log: at('mongo.log'), durable: false }),
  startRedis({ dataDir: at('redis'), log: at('redis.log'), durable: false }),
]);
let ok = false;
try {
  const say = startSaying();
  const figures = await runTicking(options, troubles, { mongoUrl: mongo.url, redis, log: at('processes.log'), say });
  ok =
    figures.tick_duplicates + figures.tick_missing + figures.late_kept === 0 &&
    figures.runs === options.ticks &&
    figures.late_refused > 0 &&
    figures.taken_over > 0;
  console.log(JSON.stringify({ proof: 'jobs', processes: options.processes, ...figures, ok }));
} finally {
  await Promise.all([mongo.stop(), redis.stop()]);
  await rm(folder, { recursive: true, force: true });
}
process.exit(ok ? 0 : 1);
