import { expect, it } from 'vitest';
import { percentOf } from './progress.ts';

it('is never 100 before the last row, and nothing where nobody knows the end', () => {
  expect(percentOf({ rows: 1, total: null })).toBeNull();
  expect(percentOf({ rows: 5, total: 10 })).toBe(50);
  expect(percentOf({ rows: 99_999, total: 100_000 })).toBe(99.9);
  expect(percentOf({ rows: 10, total: 10 })).toBe(100);
});
