import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startMongo, startRedis } from '../../../scripts/lib/databases.mjs';

export interface LabDatabases {
  mongoUrl: string;
  redisUrl: string;
  stop(): Promise<void>;
}

/** What the hosts share: a MongoDB replica set and a Redis of this lab alone. */
export async function startDatabases(folder: string): Promise<LabDatabases> {
  const [mongo, redis] = await Promise.all([
    startMongo({ dataDir: join(folder, 'mongo'), log: join(folder, 'mongod.log'), durable: false }),
    startRedis({ dataDir: join(folder, 'redis'), log: join(folder, 'redis.log'), durable: false }),
  ]);
  return {
    mongoUrl: mongo.url,
    redisUrl: redis.url,
    stop: async () => void (await Promise.all([mongo.stop(), redis.stop()])),
  };
}

/** The secrets and settings of an installation, as `setup --env-file` puts them on a host. Made anew for each lab. */
export function environmentFile(
  { mongoUrl, redisUrl }: Pick<LabDatabases, 'mongoUrl' | 'redisUrl'>,
  { publicOrigin, adminPassword }: { publicOrigin: string; adminPassword: string },
): Record<string, string> {
  const key = () => randomBytes(32).toString('base64');
  return {
    NODE_ENV: 'production',
    LOG_LEVEL: 'info',
    MONGO_URL: mongoUrl,
    REDIS_URL: redisUrl,
    DATA_KEYS: JSON.stringify({ current: 'k1', keys: { k1: key() } }),
    INDEX_KEY: key(),
    DEPLOY_SECRET: key(),
    PUBLIC_ORIGIN: publicOrigin,
    // Nothing listens there: the lab sends no messages.
    SMS_DRIVER: 'http',
    SMS_URL: 'http://127.0.0.1:9/',
    SMS_SECRET: randomBytes(16).toString('hex'),
    // The hosts and the SLB, but not the addresses that the load driver speaks from.
    TRUSTED_PROXIES: '127.0.0.0/24',
    EXPORT_APPROVAL_ROWS: '1000000',
    FIRST_ADMIN_PASSWORD: adminPassword,
    DEMO: 'true',
  };
}
