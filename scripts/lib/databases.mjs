/** The door to the databases for start, test and the test harness. */
import { connect } from 'node:net';
import { tellGuard } from './children.mjs';
import { Fault } from './fault.mjs';
import { checkExternal } from './mongo-set.mjs';
import { startMongo } from './mongod.mjs';
import { startRedis } from './redis.mjs';

export { startMongo, startRedis };
export { redisCommand } from './redis.mjs';

/**
 * MongoDB and Redis for one run: those of MONGO_URL and REDIS_URL when they are set, else our own.
 * @param {object} options
 * @param {Parameters<typeof startMongo>[0]} options.mongo
 * @param {Parameters<typeof startRedis>[0]} options.redis
 * @param {NodeJS.ProcessEnv} [options.env]
 * @returns {Promise<{ mongoUrl: string, redisUrl: string, stop(): Promise<void> }>} stop ends only what was started here
 */
export async function useDatabases({ mongo, redis, env = process.env }) {
  const started = [];
  const stop = async () => {
    await Promise.all(started.map((one) => one.stop()));
  };
  const own = async (start) => {
    const handle = await start();
    started.push(handle);
    return handle.url;
  };
  const urls = await Promise.allSettled([
    env.MONGO_URL ? checkExternal(env.MONGO_URL).then(() => env.MONGO_URL) : own(() => startMongo(mongo)),
    env.REDIS_URL ? checkRedis(env.REDIS_URL).then(() => env.REDIS_URL) : own(() => startRedis(redis)),
  ]);
  const failed = urls.find((one) => one.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  const [mongoUrl, redisUrl] = urls.map((one) => one.value);
  return { mongoUrl, redisUrl, stop };
}

/** Something listens where REDIS_URL points; whether it lets us in, the server's own check says. */
function checkRedis(url) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port || 6379), hostname.replace(/^\[|\]$/g, ''));
    const fail = (why) => {
      socket.destroy();
      reject(new Fault(`REDIS_URL does not answer: ${why}.`));
    };
    socket.setTimeout(10_000, () => fail('no connection in 10 s'));
    socket.once('error', (error) => fail(error.message));
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}

/** Asks the guard process to remove a folder when this process is gone, however it goes. */
export function removeLater(path) {
  tellGuard({ removeDir: path });
}
