import { expect, it } from 'vitest';
import { backoff, randomKey } from './backoff.ts';

it('waits longer each time, at most 15 s of its own accord, and as long as the server says', () => {
  for (const [attempt, least] of [
    [0, 1000],
    [3, 8000],
    [9, 15_000],
  ] as const) {
    expect(backoff(attempt, null)).toBeGreaterThanOrEqual(least);
    expect(backoff(attempt, null)).toBeLessThanOrEqual(least * 1.25);
  }
  expect(backoff(0, 30)).toBeGreaterThanOrEqual(30_000);
  expect(backoff(0, 86_400)).toBeLessThanOrEqual(75_000);
});

it('makes keys that an Idempotency-Key may be, never the same twice', () => {
  const keys = new Set(Array.from({ length: 1000 }, randomKey));
  expect(keys.size).toBe(1000);
  for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/);
});
