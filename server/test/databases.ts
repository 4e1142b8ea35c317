/**
 * Vitest's global setup: one real MongoDB replica set and one real Redis for a whole run, on free ports, in a folder
 * of their own. TEST_MONGO_URL and TEST_REDIS_URL name others that already run.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { removeLater, useDatabases } from '../../scripts/lib/databases.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    mongoUrl: string;
    redisUrl: string;
  }
}

/** Starts the databases before the first test file; the returned function stops them after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'dengji-test-'));
  removeLater(folder);
  const databases = await useDatabases({
    mongo: { dataDir: join(folder, 'mongo'), log: join(folder, 'mongod.log'), durable: false },
    redis: { dataDir: join(folder, 'redis'), log: join(folder, 'redis.log'), durable: false },
    env: { MONGO_URL: process.env['TEST_MONGO_URL'], REDIS_URL: process.env['TEST_REDIS_URL'] },
  });
  project.provide('mongoUrl', databases.mongoUrl);
  project.provide('redisUrl', databases.redisUrl);
  return async () => {
    await databases.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
