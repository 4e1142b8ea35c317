import { backoff } from './client/backoff.ts';

/** So many requests in all, and then people are told. */
const TRIES = 3;
/** Who is to wait longer is told at once, s. */
const LONGEST_S = 5;

/**
 * Milliseconds after which a request is made again without a word: the server said "later" (503), or the first try under this key
 * still runs (409). Only for reads, and for writes with a key. `tried` counts what was made so far.
 * @returns undefined where the answer stands
 */
export function laterIn({ status, headers }: Response, tried: number): number | undefined {
  const wait = Number(headers.get('Retry-After'));
  const later = (status === 503 || status === 409) && wait > 0 && wait <= LONGEST_S;
  return later && tried < TRIES ? backoff(tried - 1, wait) : undefined;
}
