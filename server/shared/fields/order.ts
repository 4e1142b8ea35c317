/**
 * An order in which each comes after those that it depends on, and otherwise as they stand; `needs` are indices by index.
 * Where they go round in a circle (in no published form), the one that is met first waits for none of the others.
 */
export function orderOf(needs: readonly (readonly number[])[]): number[] {
  const order: number[] = [];
  const met = new Set<number>();
  for (const start of needs.keys()) {
    if (met.has(start)) continue;
    met.add(start);
    const path = [{ at: start, next: 0 }];
    while (path.length > 0) {
      const last = path[path.length - 1]!;
      const need = needs[last.at]![last.next];
      last.next += 1;
      if (need === undefined) {
        order.push(last.at);
        path.pop();
      } else if (!met.has(need)) {
        met.add(need);
        path.push({ at: need, next: 0 });
      }
    }
  }
  return order;
}
