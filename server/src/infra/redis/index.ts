import type { Redis } from 'ioredis';
import type { Log } from '../logger/index.ts';
import { LimitedRedis } from './time-limit.ts';

export interface RedisOptions {
  log: Log;
  /** Put before every key (not before channels); tests live side by side with it. */
  keyPrefix?: string;
  /** How long Redis may be silent before a command fails, ms; a second unless told. */
  silenceMs?: number | undefined;
}

/**
 * A client whose commands answer or fail within a second (`silenceMs`). Commands wait for the first connection; after that nothing
 * queues: while Redis is away they fail at once, a silent Redis costs 1 s. It reconnects by itself, at most 2 s apart.
 * Use another client for subscriptions.
 */
export function connectRedis(url: string, { log, keyPrefix = '', silenceMs }: RedisOptions): Redis {
  const redis = new LimitedRedis(url, {
    keyPrefix,
    connectionName: 'dengji',
    connectTimeout: 2_000,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: true,
    // A reconnect must not repeat a command whose first try may have happened.
    autoResendUnfulfilledCommands: false,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 6), 2_000),
  });
  if (silenceMs) redis.silenceMs = silenceMs;
  let away = false;
  redis.on('ready', () => {
    redis.options.enableOfflineQueue = false;
    away = false;
    log.info('redis.connected');
  });
  redis.on('error', (error: unknown) => {
    // An outage repeats its error at every attempt; the first one tells all.
    if (!away) log.warn('redis.error', { err: error });
    away = true;
  });
  redis.on('close', () => {
    redis.options.enableOfflineQueue = false;
  });
  // Unlike `close`, this one is not emitted when we hang up ourselves.
  redis.on('reconnecting', () => {
    if (!away) log.warn('redis.disconnected');
    away = true;
  });
  return redis;
}

const MESSAGES =
  /Connection is closed|Stream isn't writeable|Command timed out|max retries per request|Connection is in subscriber|offline queue|Socket closed|^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY|MISCONF|OOM) /i;
const CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** Redis is away, starting, or can't serve: the caller falls back or answers 503. Looks through `cause`. */
export function isRedisDown(error: unknown): boolean {
  // The MongoDB driver's errors have the same network codes below them.
  if (!(error instanceof Error) || error.name.startsWith('Mongo')) return false;
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  if (error.name === 'MaxRetriesPerRequestError' || MESSAGES.test(error.message)) return true;
  return (typeof code === 'string' && CODES.has(code)) || isRedisDown(cause);
}
