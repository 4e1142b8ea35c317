import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SMALLEST_CELL, suppressSmall } from './small-cells.ts';

const counts = (...numbers: number[]) => suppressSmall(numbers.map((count) => ({ count }))).map(({ count }) => count);

describe('small cells of a statistic', () => {
  it('are left out, zeros are not', () => expect(counts(0, 12, 3, 4, 40)).toEqual([0, 12, null, null, 40]));

  it('take the next smallest with them when there is only one', () =>
    expect(counts(12, 3, 40)).toEqual([null, null, 40]));

  it('never leave one cell that the total gives away, unless it is all there is', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60), { maxLength: 12 }), (numbers) => {
        const shown = counts(...numbers);
        const filled = numbers.filter((count) => count > 0).length;
        const hidden = shown.filter((count) => count === null).length;
        expect(shown.every((count) => count === null || count === 0 || count >= SMALLEST_CELL)).toBe(true);
        expect(hidden !== 1 || filled === 1).toBe(true);
      }),
    );
  });
});
