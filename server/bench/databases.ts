import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMongo, startRedis } from '../../scripts/lib/databases.mjs';

/** Runs a bench on a MongoDB and a Redis of its own, given as environment variables, and takes them away again. */
export async function withDatabases(
  work: (env: { MONGO_URL: string; REDIS_URL: string }) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'dengji-bench-'));
  const [mongo, redis] = await Promise.all([
    startMongo({ dataDir: join(folder, 'mongo'), log: join(folder, 'mongo.log'), durable: false }),
    startRedis({ dataDir: join(folder, 'redis'), log: join(folder, 'redis.log'), durable: false }),
  ]);
  try {
    await work({ MONGO_URL: mongo.url, REDIS_URL: redis.url });
  } finally {
    await Promise.all([mongo.stop(), redis.stop()]);
    await rm(folder, { recursive: true, force: true });
  }
}
