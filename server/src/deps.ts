import type { Connection } from 'mongoose';
import type { Redis } from 'ioredis';
import type { Config } from './config.ts';
import type { Cache } from './infra/cache/index.ts';
import type { Cipher } from './infra/crypto/index.ts';
import type { Log } from './infra/logger/index.ts';
import type { Metrics } from './infra/metrics/index.ts';
import type { SmsSender } from './infra/sms/index.ts';
import type { Storage } from './infra/storage/index.ts';
import type { Wechat } from './infra/wechat/index.ts';

/** Everything a process needs of the outside world. Made once in main.ts (or a test), passed down, never imported. */
export interface Deps {
  config: Config;
  /** The only source of "now"; tests turn it. */
  clock: () => Date;
  log: Log;
  mongo: Connection;
  redis: Redis;
  cache: Cache;
  cipher: Cipher;
  sms: SmsSender;
  wechat: Wechat;
  storage: Storage;
  metrics: Metrics;
}
