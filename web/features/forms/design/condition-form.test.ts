import { expect, it } from 'vitest';
import { FIELD_KINDS, type Field, type FormContent } from '../../../../server/shared/fields/index.ts';
import { vetForm } from '../../../../server/shared/fields/vet/index.ts';
import { comparisonWith, membersOf, operatorsFor, valueInput, without } from './condition-form.ts';

const options = ['a', 'b'].map((code) => ({ code, label: { 'zh-CN': code } }));
const field = (kind: Field['kind']): Field => ({
  key: 'asked',
  kind,
  label: { 'zh-CN': '问' },
  ...(/radio|checkbox|select/.test(kind) ? { options } : {}),
});

it('offers only comparisons that can be published', () => {
  const faults = FIELD_KINDS.flatMap((kind) =>
    operatorsFor(field(kind)).flatMap((op) => {
      const first = comparisonWith(field(kind), op);
      // What has still to be typed is a good value here.
      const input = valueInput(field(kind), op);
      const typed = { day: '2026-01-01', moment: '2026-01-01T08:30', time: '08:30', text: '110000', texts: ['110000'] }[
        input as 'day'
      ];
      const visibleWhen = typed === undefined ? first : { ...first, value: typed };
      const content = {
        title: { 'zh-CN': '表' },
        steps: [
          {
            key: 'one',
            title: { 'zh-CN': '一' },
            fields: [field(kind), { key: 'then', kind: 'text', label: { 'zh-CN': '答' }, visibleWhen }],
          },
        ],
      } as FormContent;
      return vetForm(content)
        .filter(({ path }) => path.includes('visibleWhen'))
        .map(({ code }) => `${kind} ${op}: ${code}`);
    }),
  );
  expect(faults).toEqual([]);
});

it('keeps a value that still can be, when the field or the comparison changes', () => {
  expect(comparisonWith(field('radio'), 'eq', 'b')).toEqual({ field: 'asked', op: 'eq', value: 'b' });
  expect(comparisonWith(field('radio'), 'in', 'b')).toEqual({ field: 'asked', op: 'in', value: ['b'] });
  expect(comparisonWith(field('radio'), 'eq', ['b', 'a'])).toEqual({ field: 'asked', op: 'eq', value: 'b' });
  expect(comparisonWith(field('radio'), 'gt', 5)).toEqual({ field: 'asked', op: 'eq', value: 'a' });
  expect(comparisonWith(field('integer'), 'filled', 5)).toEqual({ field: 'asked', op: 'filled' });
  expect(comparisonWith(field('phone'), 'eq', '1')).toEqual({ field: 'asked', op: 'filled' });
});

it('takes a condition out of a set', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((key) => ({ field: key, op: 'filled' as const }));
  expect(without({ all: [a!, b!, c!] }, 1)).toEqual({ all: [a, c] });
  expect(without({ any: [a!, b!] }, 0)).toEqual(b);
  expect(without({ any: [a!] }, 0)).toBe(undefined);
  expect(membersOf(a!)).toBe(undefined);
});
