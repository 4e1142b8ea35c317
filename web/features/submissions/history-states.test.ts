import { describe, expect, it } from 'vitest';
import { pairsOf, statesOf, type Entry } from './history-states.ts';

const entry = (changes: Entry['changes']): Entry => ({
  at: '2026-11-22T02:00:00.000Z',
  action: 'edited',
  by: { kind: 'staff', name: 'a' },
  changes,
});

describe('a record at two moments', () => {
  const history = [
    entry([{ key: 'b', before: 'two', after: null }]),
    entry([{ key: 'a', before: 'one', after: 'uno' }]),
    entry([
      { key: 'a', before: null, after: 'one' },
      { key: 'b', before: null, after: 'two' },
    ]),
  ];

  it('is read forwards from the first entry', () => {
    expect(statesOf(history).map((state) => Object.fromEntries(state))).toEqual([
      { a: 'uno' },
      { a: 'uno', b: 'two' },
      { a: 'one', b: 'two' },
    ]);
  });

  it('stands side by side, with what differs marked and what neither has left out', () => {
    const [now, , first] = statesOf(history);
    expect(pairsOf(['b', 'a', 'c'], first!, now!)).toEqual([
      { key: 'b', left: 'two', right: '', differs: true },
      { key: 'a', left: 'one', right: 'uno', differs: true },
    ]);
  });
});
