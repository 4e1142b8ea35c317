import { expect, it } from 'vitest';
import { evaluate, type Condition } from './index.ts';

const answers = { n: 5, t: 'b', day: '2024-06-01', list: ['x', 'y'], yes: true, no: false, blank: '', none: [] };

it.each<[Condition, boolean]>([
  [{ field: 'n', op: 'eq', value: 5 }, true],
  [{ field: 'n', op: 'eq', value: '5' }, false],
  [{ field: 'n', op: 'ne', value: 4 }, true],
  [{ field: 'n', op: 'gt', value: 5 }, false],
  [{ field: 'n', op: 'gte', value: 5 }, true],
  [{ field: 'n', op: 'lt', value: 6 }, true],
  [{ field: 'n', op: 'lte', value: 4 }, false],
  [{ field: 'n', op: 'gt', value: '1' }, false],
  [{ field: 'day', op: 'gt', value: '2024-05-31' }, true],
  [{ field: 't', op: 'in', value: ['a', 'b'] }, true],
  [{ field: 't', op: 'notIn', value: ['a', 'b'] }, false],
  [{ field: 'list', op: 'contains', value: 'x' }, true],
  [{ field: 'list', op: 'contains', value: 'z' }, false],
  [{ field: 't', op: 'contains', value: 'b' }, true],
  [{ field: 'yes', op: 'eq', value: true }, true],
  [{ field: 'yes', op: 'filled' }, true],
  [{ field: 'no', op: 'empty' }, true],
  [{ field: 'blank', op: 'empty' }, true],
  [{ field: 'none', op: 'filled' }, false],
  // An answer that is not there.
  [{ field: 'gone', op: 'ne', value: 1 }, true],
  [{ field: 'gone', op: 'notIn', value: [1] }, true],
  [{ field: 'gone', op: 'lt', value: 1 }, false],
  [{ field: 'gone', op: 'lte', value: 'z' }, false],
  [{ field: 'toString', op: 'filled' }, false],
  [{ field: '__proto__', op: 'filled' }, false],
  [{ all: [{ field: 'n', op: 'filled' }, { not: { field: 't', op: 'eq', value: 'a' } }] }, true],
  [
    {
      any: [
        { field: 'n', op: 'empty' },
        { field: 't', op: 'eq', value: 'b' },
      ],
    },
    true,
  ],
  [{ any: [] }, false],
  [{ all: [] }, true],
])('%j is %s', (condition, expected) => expect(evaluate(condition, answers)).toBe(expected));
