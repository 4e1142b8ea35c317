/** Fewer than these in a cell may be recognised. */
export const SMALLEST_CELL = 5;

/**
 * Counts as they may leave: cells of 1 to 4 are left out (null). With one of them left out it could be worked out from the
 * total, so the next smallest goes with it; zeros say nothing of anybody and stay.
 */
export function suppressSmall<T extends { count: number }>(
  cells: readonly T[],
): (Omit<T, 'count'> & { count: number | null })[] {
  const small = cells.filter(({ count }) => count > 0 && count < SMALLEST_CELL);
  const hidden = new Set<T>(small);
  if (small.length === 1) {
    const [next] = cells.filter((cell) => !hidden.has(cell) && cell.count > 0).sort((a, b) => a.count - b.count);
    if (next) hidden.add(next);
  }
  return cells.map((cell) => ({ ...cell, count: hidden.has(cell) ? null : cell.count }));
}
