import { describe, expect, it } from 'vitest';
import { laterIn } from './later.ts';

const answer = (status: number, wait?: string) =>
  new Response('', { status, headers: wait ? { 'Retry-After': wait } : {} });

describe('a request is made again without a word', () => {
  it('after the time that the server said, twice', () => {
    for (const tried of [1, 2]) {
      const wait = laterIn(answer(503, '2'), tried)!;
      expect(wait).toBeGreaterThanOrEqual(2_000);
      expect(wait).toBeLessThanOrEqual(2_500);
    }
    expect(laterIn(answer(503, '2'), 3)).toBeUndefined();
    expect(laterIn(answer(409, '1'), 1)).toBeGreaterThanOrEqual(1_000);
  });

  it('not where the answer stands, or says no time, or a long one', () => {
    for (const one of [answer(200), answer(409), answer(429, '2'), answer(500, '2'), answer(503), answer(503, '30')])
      expect(laterIn(one, 1)).toBeUndefined();
  });
});
