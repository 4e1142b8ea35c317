import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrations } from '../migrations/index.ts';
import { loadConfig, type Config } from '../src/config.ts';
import type { Deps } from '../src/deps.ts';
import { createCache } from '../src/infra/cache/index.ts';
import { createCipher } from '../src/infra/crypto/index.ts';
import { createLogger } from '../src/infra/logger/index.ts';
import { createMetrics } from '../src/infra/metrics/index.ts';
import { connectMongo, runMigrations } from '../src/infra/mongo/index.ts';
import { connectRedis } from '../src/infra/redis/index.ts';
import { createSms, type SmsMessage } from '../src/infra/sms/index.ts';
import { createStorage } from '../src/infra/storage/index.ts';
import { createWechat } from '../src/infra/wechat/index.ts';

/** A clock that stands still until it is turned. */
export interface TestClock {
  (): Date;
  /** To a moment, e.g. `2026-11-21T08:00:00Z`. */
  set(moment: string | Date): void;
  advance(ms: number): void;
}

export function createClock(start: string | Date = '2026-11-21T02:00:00Z'): TestClock {
  let now = new Date(start);
  const clock = () => new Date(now);
  clock.set = (moment: string | Date) => void (now = new Date(moment));
  clock.advance = (ms: number) => void (now = new Date(now.getTime() + ms));
  return clock;
}

export interface TestDeps {
  deps: Deps;
  clock: TestClock;
  /** Everything logged so far, parsed. */
  logged: Record<string, unknown>[];
  /** Messages sent so far, oldest first. */
  sentMessages(): Promise<(SmsMessage & { at: string })[]>;
  /** The login codes sent to a phone (or to all), oldest first. */
  sentCodes(phone?: string): Promise<string[]>;
  /** Drops the database and closes everything. */
  close(): Promise<void>;
}

export interface TestOverrides {
  config?: Partial<Config>;
  deps?: Partial<Deps>;
  /** Empty ones of one's own; those of `test/databases.ts` unless told. */
  databases?: { mongoUrl: string; redisUrl: string };
  /** The clock's first moment. */
  now?: string;
  /** How long databases may be silent before they count as away, ms; as everywhere unless told. */
  silenceMs?: number;
}

/** Real parts for one test file: a MongoDB database (migrated) and a Redis database of its own (FLUSHDB is fine). Call `close` in `afterAll`. */
export async function makeDeps(overrides: TestOverrides = {}): Promise<TestDeps> {
  // Imported late: outside vitest (a bench) the databases must be given, and vitest cannot be loaded.
  const databases = overrides.databases ?? (await (await import('./own-databases.ts')).ownDatabases());
  const folder = await mkdtemp(join(tmpdir(), 'dengji-test-'));
  const outbox = join(folder, 'outbox.ndjson');
  const base = loadConfig({
    NODE_ENV: 'test',
    MONGO_URL: databases.mongoUrl,
    REDIS_URL: databases.redisUrl,
    SMS_OUTBOX: outbox,
    PORT: '0',
    INTERNAL_PORT: '0',
  });
  const config: Config = { ...base, ...overrides.config };
  const clock = createClock(overrides.now);
  const logged: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void logged.push(JSON.parse(line) as Record<string, unknown>) };
  const log = createLogger({ level: 'debug', name: 'test', destination });
  const mongo = await connectMongo(config.mongoUrl, { log, maxPoolSize: 20, silenceMs: overrides.silenceMs });
  await runMigrations(mongo, migrations, log);
  const redis = connectRedis(config.redisUrl, { log, silenceMs: overrides.silenceMs });
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
    metrics: createMetrics({ defaults: false }),
    ...overrides.deps,
  };

  const sentMessages = async () => {
    const text = await readFile(outbox, 'utf8').catch(() => '');
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as SmsMessage & { at: string });
  };
  return {
    deps,
    clock,
    logged,
    sentMessages,
    async sentCodes(phone) {
      const messages = await sentMessages();
      return messages
        .filter((message) => !phone || message.phone === phone)
        .map((message) => message.params['code'] ?? '');
    },
    async close() {
      await mongo.dropDatabase().catch(() => undefined);
      await mongo.close(true);
      await redis.flushdb().catch(() => undefined);
      redis.disconnect();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
