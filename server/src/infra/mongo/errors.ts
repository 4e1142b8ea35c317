/** Client-side errors of the driver and mongoose that mean "the database could not be asked". */
const UNAVAILABLE_NAMES = new Set([
  ...['MongoNetworkError', 'MongoNetworkTimeoutError', 'MongoServerSelectionError', 'MongoTopologyClosedError'],
  ...[
    'MongoNotConnectedError',
    'MongoWaitQueueTimeoutError',
    'MongoPoolClearedError',
    'MongoPoolClearedOnNetworkError',
  ],
  ...['MongoPoolClosedError', 'MongoClientClosedError', 'MongoOperationTimeoutError', 'MongooseServerSelectionError'],
  ...['DisconnectedError', 'PoolClearedError', 'PoolClosedError', 'WaitQueueTimeoutError', 'PoolClearedOnNetworkError'],
]);

/** Server codes: no primary, stepping down, shutting down, unreachable, too slow, write concern not satisfied in time. */
const UNAVAILABLE_CODES = new Set([
  6, 7, 24, 50, 64, 79, 89, 91, 100, 112, 133, 134, 189, 202, 251, 262, 290, 9001, 10058, 10107, 11600, 11602, 13388,
  13435, 13436,
]);

interface Shape {
  name?: unknown;
  code?: unknown;
  message?: unknown;
  cause?: unknown;
  keyPattern?: unknown;
  writeErrors?: unknown;
  errorLabels?: unknown;
}

const shape = (error: unknown): Shape => (typeof error === 'object' && error !== null ? error : {});

/**
 * The database is away, electing or too slow: the request may be tried again (HTTP 503), nothing is wrong with it.
 * Looks through `cause`.
 */
export function isUnavailable(error: unknown, depth = 0): boolean {
  const { name, code, message, cause } = shape(error);
  if (typeof name === 'string' && UNAVAILABLE_NAMES.has(name)) return true;
  if (typeof name === 'string' && name.startsWith('Mongo')) {
    if (typeof code === 'number' && UNAVAILABLE_CODES.has(code)) return true;
    if (
      name === 'MongooseError' &&
      typeof message === 'string' &&
      /buffering timed out|initial connection/.test(message)
    )
      return true;
  }
  return cause !== undefined && depth < 4 && isUnavailable(cause, depth + 1);
}

/** A query went on for longer than it was given. */
export const isTimeLimit = (error: unknown): boolean => shape(error).code === 50;

/** A unique index refused the write; with `field`, an index that holds this field (`phone`, `scope.createdBy`). */
export function isDuplicateKey(error: unknown, field?: string): boolean {
  const { code, keyPattern, writeErrors, message } = shape(error);
  if (code !== 11000) return false;
  if (field === undefined) return true;
  if (typeof keyPattern === 'object' && keyPattern !== null) return field in keyPattern;
  // A bulk error carries the text only: `… index: phone_1 dup key: { phone: "…" }`.
  const texts = [
    message,
    ...(Array.isArray(writeErrors) ? writeErrors.map((item) => shape(item).message ?? shape(shape(item)).message) : []),
  ];
  return texts.some(
    (text) => typeof text === 'string' && text.includes('dup key:') && new RegExp(`[{,] ${escape(field)}: `).test(text),
  );
}

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
