import type { Config } from './config.ts';
import type { Deps } from './deps.ts';
import { createCache } from './infra/cache/index.ts';
import { createCipher } from './infra/crypto/index.ts';
import { createLogger, openLogFile } from './infra/logger/index.ts';
import { createMetrics } from './infra/metrics/index.ts';
import { connectMongo } from './infra/mongo/index.ts';
import { connectRedis } from './infra/redis/index.ts';
import { createSms } from './infra/sms/index.ts';
import { createStorage } from './infra/storage/index.ts';
import { createWechat } from './infra/wechat/index.ts';

/** Connects a process to everything outside of it. `close` gives it all back, databases last. */
export async function connect(config: Config): Promise<{ deps: Deps; close: () => Promise<void> }> {
  const log = createLogger({
    level: config.logLevel,
    name: config.role,
    ...(config.logFile ? { destination: openLogFile(config.logFile) } : {}),
  });
  const clock = () => new Date();
  const mongo = await connectMongo(config.mongoUrl, {
    log,
    ...(config.role === 'migrate' ? { socketTimeoutMS: 0 } : {}),
  });
  const redis = connectRedis(config.redisUrl, { log });
  const cipher = createCipher(config);
  const deps: Deps = {
    config,
    clock,
    log,
    mongo,
    redis,
    cipher,
    cache: createCache(redis, { log }),
    sms: createSms(config.sms, { log, clock }),
    wechat: createWechat(config.wechat, { redis, cipher, clock, log }),
    storage: createStorage(mongo, { cipher, log }),
    metrics: createMetrics(),
  };
  return {
    deps,
    close: async () => {
      redis.disconnect();
      await mongo.close();
    },
  };
}
