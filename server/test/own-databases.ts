/** What a test file asks for its own corner of the run's databases. */
import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { redisCommand } from '../../scripts/lib/databases.mjs';

/** The last database number of Redis; 0 holds the counter that deals out the others. */
const REDIS_DATABASES = 1024;

/**
 * A MongoDB database and a Redis database that nobody else in this run uses. Call it once per test file (or per app).
 * Use FLUSHDB, never FLUSHALL: the other files live beside it. Redis pub/sub is shared by all of them.
 */
export async function ownDatabases(): Promise<{ mongoUrl: string; redisUrl: string }> {
  const mongo = new URL(inject('mongoUrl'));
  mongo.pathname = `/test_${randomBytes(6).toString('hex')}`;
  const redis = new URL(inject('redisUrl'));
  const answer = await redisCommand(Number(redis.port || 6379), ['INCR', 'test:databases']);
  const number = Number(answer.slice(1));
  if (!(number > 0 && number < REDIS_DATABASES)) throw new Error(`no Redis database left: ${answer}`);
  redis.pathname = `/${number}`;
  return { mongoUrl: mongo.href, redisUrl: redis.href };
}
