import { flaw } from '../kinds/kind.ts';
import type { Field, Issue } from '../types.ts';

/** Judges `min` and `max` as numbers between two ends, whole ones where said. */
export function vetBounds(field: Field, limits: { whole: boolean; lowest: number; highest: number }): Issue[] {
  const { whole, lowest, highest } = limits;
  const fits = (bound: unknown): boolean =>
    typeof bound === 'number' && bound >= lowest && bound <= highest && (!whole || Number.isInteger(bound));
  const flaws = (['min', 'max'] as const)
    .filter((end) => field[end] !== undefined && !fits(field[end]))
    .map((end) => flaw(end, 'bad_bound', { lowest, highest }));
  if (flaws.length > 0 || field.min === undefined || field.max === undefined) return flaws;
  return field.min > field.max ? [flaw('max', 'min_over_max')] : [];
}
