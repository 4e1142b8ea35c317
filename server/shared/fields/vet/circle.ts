import { splitName } from '../expressions/names.ts';
import { flaw } from '../kinds/kind.ts';
import { valueNames } from '../plan.ts';
import type { Field } from '../types.ts';
import type { Report } from './shape.ts';

/** A field with its place in the content. */
export interface Placed {
  field: Field;
  path: string;
}

/** Reports the first circle of values that depend on each other: none of them could be worked out. Tells whether there is one. */
export function vetCircles(placed: readonly Placed[], report: Report): boolean {
  const at = new Map(placed.map(({ field }, index) => [field.key, index]));
  const needs = placed.map(({ field }) => [...valueNames(field)].flatMap((name) => at.get(splitName(name)[0]) ?? []));
  const circle = circleIn(needs);
  if (!circle) return false;
  const keys = [...circle, circle[0]!].map((index) => placed[index]!.field.key);
  report(flaw(placed[circle[0]!]!.path, 'logic_circle', { fields: keys.join(' → ') }));
  return true;
}

/** The first circle of dependencies, each followed by what it needs; null when there is none. */
export function circleIn(needs: readonly (readonly number[])[]): number[] | null {
  const done = new Set<number>();
  for (const start of needs.keys()) {
    const path: { at: number; next: number }[] = [{ at: start, next: 0 }];
    while (path.length > 0) {
      const last = path[path.length - 1]!;
      const need = done.has(last.at) ? undefined : needs[last.at]![last.next];
      last.next += 1;
      if (need === undefined) {
        done.add(last.at);
        path.pop();
        continue;
      }
      const from = path.findIndex(({ at }) => at === need);
      if (from >= 0) return path.slice(from).map(({ at }) => at);
      if (!done.has(need)) path.push({ at: need, next: 0 });
    }
  }
  return null;
}
