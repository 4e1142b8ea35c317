import { isIP } from 'node:net';

/** What a parser throws: the sentence behind the variable's name in the list of faults. */
export class Fault extends Error {}

/** Turns the text of one variable into its value or throws a Fault. Never puts a secret's text into the fault. */
export type Parser<T> = (raw: string) => T;

export const text: Parser<string> = (raw) => raw;

/** Absent or empty means null. */
export const optional =
  <T>(parser: Parser<T>): Parser<T | null> =>
  (raw) =>
    raw === '' ? null : parser(raw);

export const oneOf =
  <const T extends string>(...choices: T[]): Parser<T> =>
  (raw) => {
    const found = choices.find((choice) => choice === raw);
    if (found === undefined) throw new Fault(`must be one of ${choices.join(', ')}`);
    return found;
  };

export const bool: Parser<boolean> = (raw) => {
  if (raw === 'true' || raw === '1') return true;
  if (raw === 'false' || raw === '0') return false;
  throw new Fault('must be true or false');
};

export const integer =
  (min: number, max: number): Parser<number> =>
  (raw) => {
    const value = Number(raw);
    if (!/^\d+$/.test(raw) || value < min || value > max) {
      throw new Fault(`must be a whole number from ${min} to ${max}`);
    }
    return value;
  };

/** `https://example.org` or `http://127.0.0.1:3000`: scheme, host and port only. */
export const origin: Parser<string> = (raw) => {
  const url = parseUrl(raw);
  if (!['http:', 'https:'].includes(url.protocol)) throw new Fault('must begin with http:// or https://');
  if (url.origin !== raw.replace(/\/$/, '')) throw new Fault('must be an origin: scheme, host and port, no path');
  return url.origin;
};

export const httpUrl: Parser<string> = (raw) => {
  if (!['http:', 'https:'].includes(parseUrl(raw).protocol)) throw new Fault('must begin with http:// or https://');
  return raw;
};

export const redisUrl: Parser<string> = (raw) => {
  if (!/^rediss?:\/\/\S+$/.test(raw)) throw new Fault('must begin with redis:// or rediss://');
  return raw;
};

/**
 * Transactions and change streams need a replica set, and an acknowledged write must survive the loss of the primary:
 * `replicaSet` is demanded, `w=majority` is added when missing, any other `w` is refused.
 */
export const mongoUrl: Parser<string> = (raw) => {
  const match = /^mongodb(\+srv)?:\/\/[^/?]+(\/[^?]*)?(?:\?(.*))?$/.exec(raw);
  if (!match) throw new Fault('must begin with mongodb:// or mongodb+srv://');
  if ((match[2] ?? '/').length < 2) throw new Fault('must name the database: mongodb://host/dengji?replicaSet=rs0');
  const query = new URLSearchParams(match[3] ?? '');
  const entries = [...query].map(([key, value]) => [key.toLowerCase(), value] as const);
  const values = (key: string) => entries.filter(([found]) => found === key).map(([, value]) => value);
  if (!match[1] && !values('replicaset')[0])
    throw new Fault('must carry replicaSet=NAME: transactions need a replica set');
  const writes = values('w');
  if (writes.some((w) => w !== 'majority')) {
    throw new Fault('must not lower the write concern: only w=majority is accepted');
  }
  if (values('journal').includes('false')) throw new Fault('must not switch the journal off');
  if (writes.length > 0) return raw;
  return `${raw}${match[3] === undefined ? '?' : match[3] === '' ? '' : '&'}w=majority`;
};

/** Base64 of exactly 32 bytes. */
export const key32: Parser<Buffer> = (raw) => {
  const bytes = Buffer.from(raw, 'base64');
  if (!/^[A-Za-z0-9+/]+=?$/.test(raw) || bytes.length !== 32) throw new Fault('must be base64 of 32 bytes');
  return bytes;
};

/** The keys that data is encrypted under: everything is readable under any of them, new data is sealed under `current`. */
export interface DataKeys {
  current: string;
  keys: Record<string, Buffer>;
}

export const dataKeys: Parser<DataKeys> = (raw) => {
  const shape = 'must be JSON: { "current": "k1", "keys": { "k1": "base64 of 32 bytes" } }';
  let parsed: unknown;
  try {
    parsed = JSON.parse(raw);
  } catch {
    throw new Fault(shape);
  }
  const { current, keys } = (parsed ?? {}) as { current?: unknown; keys?: unknown };
  if (typeof current !== 'string' || typeof keys !== 'object' || keys === null) throw new Fault(shape);
  const entries = Object.entries(keys).map(([id, value]) => {
    if (!/^[a-z0-9]{1,16}$/.test(id)) throw new Fault('a key id has 1 to 16 lower-case letters and digits');
    if (typeof value !== 'string') throw new Fault(shape);
    return [id, key32(value)] as const;
  });
  if (!entries.some(([id]) => id === current)) throw new Fault('"current" must name one of "keys"');
  return { current, keys: Object.fromEntries(entries) };
};

/** `10.0.0.1, 192.168.0.0/16, fd00::/8` */
export const addresses: Parser<string[]> = (raw) => {
  const items = raw.split(',').map((item) => item.trim());
  const list = items.filter((item) => item !== '');
  for (const item of list) {
    const [address = '', bits, extra] = item.split('/');
    const version = isIP(address);
    const most = version === 4 ? 32 : 128;
    const fine =
      version !== 0 && extra === undefined && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
    if (!fine) throw new Fault(`must list IP addresses or CIDR ranges; "${item}" is neither`);
  }
  return list;
};

function parseUrl(raw: string): URL {
  try {
    return new URL(raw);
  } catch {
    throw new Fault('must be a URL');
  }
}
