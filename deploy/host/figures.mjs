import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { tryJson } from './http.mjs';

const CHUNK = 1 << 20;

/**
 * Where lines with `t` ≥ `since` begin in a log whose lines are in the order of time. Looks at a few places only.
 * @param {number} fd @param {number} size @param {number} since seconds
 */
function seek(fd, size, since) {
  let [low, high] = [0, size];
  while (high - low > 64 * 1024) {
    const middle = Math.floor((low + high) / 2);
    const part = Buffer.alloc(32 * 1024);
    const text = part.toString('utf8', 0, readSync(fd, part, 0, part.length, middle));
    const line = text
      .split('\n')
      .slice(1)
      .map(tryJson)
      .find((one) => typeof one?.t === 'number');
    if (line === undefined || line.t >= since) high = middle;
    else low = middle;
  }
  // nginx writes a line when the answer ends, buffered per worker: lines near each other may be out of order.
  return Math.max(0, low - CHUNK);
}

/**
 * Reads the lines of a log from a moment on, without holding it in memory.
 * @param {string} path @param {number} since seconds
 * @returns {Generator<any>} parsed lines with t ≥ since
 */
export function* linesSince(path, since) {
  let fd;
  try {
    fd = openSync(path, 'r');
  } catch {
    return;
  }
  try {
    const { size } = fstatSync(fd);
    let at = seek(fd, size, since);
    let rest = '';
    let first = at > 0;
    const part = Buffer.alloc(CHUNK);
    while (at < size) {
      const got = readSync(fd, part, 0, Math.min(CHUNK, size - at), at);
      if (got === 0) return;
      at += got;
      const lines = (rest + part.toString('latin1', 0, got)).split('\n');
      rest = lines.pop() ?? '';
      if (first) lines.shift();
      first = false;
      for (const line of lines) {
        const one = tryJson(Buffer.from(line, 'latin1').toString('utf8'));
        if (one && one.t >= since) yield one;
      }
    }
  } finally {
    closeSync(fd);
  }
}

/**
 * What citizens got from each side since a moment, as nginx saw it.
 * @param {string} log access.log; the file that logrotate made of it last is read too
 * @param {number} since seconds
 * @returns {Record<string, { requests: number, errors: number, errorRate: number, p50: number, p95: number, p99: number }>} times in ms;
 *   `errors` are answers of 500 and more
 */
export function figures(log, since) {
  /** @type {Map<string, { requests: number, errors: number, times: Map<number, number> }>} */
  const sides = new Map([side('main'), side('canary')]);
  for (const path of [`${log}.1`, log]) {
    for (const line of linesSince(path, since)) {
      if (typeof line.path === 'string' && line.path.startsWith('/health/')) continue;
      const one = sides.get(line.side) ?? sides.get('main');
      if (!one) continue;
      one.requests += 1;
      if (line.status >= 500) one.errors += 1;
      // Whole milliseconds, counted: a day of requests needs a few thousand numbers and not a million.
      const ms = Math.round(Number(line.time) * 1000);
      if (Number.isFinite(ms)) one.times.set(ms, (one.times.get(ms) ?? 0) + 1);
    }
  }
  return Object.fromEntries([...sides].map(([name, one]) => [name, summary(one)]));
}

/** @param {string} name @returns {[string, { requests: number, errors: number, times: Map<number, number> }]} */
const side = (name) => [name, { requests: 0, errors: 0, times: new Map() }];

/** @param {{ requests: number, errors: number, times: Map<number, number> }} one */
function summary({ requests, errors, times }) {
  const sorted = [...times].toSorted(([a], [b]) => a - b);
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  const quantile = (/** @type {number} */ share) => {
    let left = share * total;
    for (const [ms, count] of sorted) if ((left -= count) <= 0) return ms;
    return sorted.at(-1)?.[0] ?? 0;
  };
  const errorRate = requests === 0 ? 0 : errors / requests;
  return { requests, errors, errorRate, p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99) };
}
